from pathlib import Path

import pytest

from matcher.features.declared import FEATURES
from tests.cli.builders import AS_OF, as_json, done


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_card_shows_data_figures_and_every_feature(lang: str, model: Path) -> None:
    shown = done("models", model, "--lang", lang).stdout
    card = as_json("models", model)
    for text in (card["id"], card["fingerprint"], card["data_fingerprint"], AS_OF, "2025-06-03", "50.0%"):
        assert text in shown
    for name, feature in FEATURES.items():
        assert name in shown
        assert feature.unit in shown
    assert card["counts"] == {"experts": 6, "consultations": 5, "dispatches": 4, "clients": 2, "categories": 53}
    assert card["outcomes_known"] == 4


def test_training_prints_the_same_facts(folder: Path, tmp_path: Path) -> None:
    said = done("train", folder, "--model", tmp_path / "m", "--as-of", AS_OF).stdout
    assert set(said.splitlines()[1:]) <= set(done("models", tmp_path / "m").stdout.splitlines())
    assert len(said.splitlines()) > 8


def test_dispatches_without_outcomes_are_said_to_give_no_probability(folder: Path, tmp_path: Path) -> None:
    for name in ("experts", "consultations", "clients"):
        (tmp_path / f"{name}.csv").write_bytes((folder / f"{name}.csv").read_bytes())
    rows = (folder / "dispatches.csv").read_text().splitlines()
    (tmp_path / "dispatches.csv").write_text("\n".join([rows[0], *(row[:-1] for row in rows[1:])]))
    told = as_json("train", tmp_path, "--model", tmp_path / "m", "--as-of", AS_OF)
    assert (told["cold_start"], told["counts"]["dispatches"]) == ("no outcome", 4)
    assert "no probability" in done("models", tmp_path / "m", "--lang", "en").stdout
