"""The one place that finds data files: `data/` in a checkout, `matcher/_data/` in an installed wheel."""

from pathlib import Path

import pandas as pd

from matcher.errors import MatcherError

_PACKAGE = Path(__file__).resolve().parents[1]
_FOLDERS = (_PACKAGE / "_data", _PACKAGE.parent / "data")


class MissingDataError(MatcherError):
    """A data file that should have come with the package."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"the package's data file {name!r} is missing; install the package again, or run a whole checkout"
        )


def reference_path(name: str) -> Path:
    """The file or folder `name`, relative to the data folder (`reference/prefectures.csv`, `programme.toml`).

    The wheel's own copy wins over a folder `data` beside it. Raises `MissingDataError` when neither has it.
    """
    for folder in _FOLDERS:
        if (folder / name).exists():
            return folder / name
    raise MissingDataError(name)


def reference_table(name: str) -> pd.DataFrame:
    """The table `reference/{name}.csv`, all columns `str`, empty cells NaN."""
    path = reference_path(f"reference/{name}.csv")
    return pd.read_csv(path, dtype="str", encoding="utf-8", keep_default_na=False, na_values=[""])
