from pathlib import Path

import pytest

from tests.cli.builders import a_folder, trained


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean small dataset; tests only read it."""
    return a_folder(tmp_path_factory.mktemp("data") / "small")


@pytest.fixture(scope="session")
def model(folder: Path) -> Path:
    """A model trained on it."""
    return trained(folder)
