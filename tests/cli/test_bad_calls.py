"""Command lines that ask for what cannot be, and broken model files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from matcher.rankers import model_file
from tests.cli.builders import AS_OF, EXPERTS, refused

Ask = tuple[str, ...]
CATEGORY = ("--category", "sales.web")


@pytest.mark.parametrize("k", ["0", "-1", "1.5", "many"])
@pytest.mark.parametrize("command", ["shortlist", "rerank"])
def test_k_below_one_or_no_number_is_refused(command: str, k: str, folder: Path, model: Path, tmp_path: Path) -> None:
    rest = CATEGORY if command == "shortlist" else ("--out", str(tmp_path / "r.csv"))
    line = refused(command, folder, "--model", model, "--as-of", AS_OF, *rest, "-k", k)
    assert "-k" in line
    assert k in line or "integer" in line


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        ((), ("--consultation", "--category", "--json-input")),
        (("--consultation", "K4", *CATEGORY), ("2",)),
        (("--consultation", "K99"), ("K99", "5 consultation_id")),
        (("--prefecture", "東京"), ("category",)),
        (("--category", "恋愛"), ("category", "恋愛")),
        ((*CATEGORY, "--prefecture", "48"), ("prefecture", "48")),
        ((*CATEGORY, "--mode", "phone"), ("mode", "phone", "onsite")),
        ((*CATEGORY, "--employees", "nan"), ("employees", "nan")),
        ((*CATEGORY, "--employees", "-3"), ("employees", "-3")),
        ((*CATEGORY, "--latitude", "91"), ("latitude", "91")),
        ((*CATEGORY, "--client", "C99"), ("client_id", "C99")),
        ((*CATEGORY, "--received", "2026-02-30"), ("received_on", "2026-02-30")),
        ((*CATEGORY, "--received", "2026-04-01"), ("received_on", "2026-04-01", AS_OF)),
        ((*CATEGORY, "--text", "\0"), ("description", "NUL")),
        ((*CATEGORY, "--format", "pdf"), ("pdf", "txt, json, csv, xlsx, md")),
        ((*CATEGORY, "--json", "--format", "csv"), ("--format", "csv", "json")),
        ((*CATEGORY, "--out", "/nowhere/at/all.csv"), ("/nowhere/at/all.csv", "existing folder")),
        ((*CATEGORY, "--programme", "/nowhere.toml"), ("/nowhere.toml",)),
        ((*CATEGORY, "--split", "split_9"), ("split_9",)),
        ((*CATEGORY, "--lang", "fr"), ("fr", "ja", "en")),
        ((*CATEGORY, "--colour"), ("--colour",)),
    ],
)
def test_a_shortlist_that_cannot_be_made_names_why(ask: Ask, named: tuple[str, ...], folder: Path, model: Path) -> None:
    line = refused("shortlist", folder, "--model", model, "--as-of", AS_OF, *ask)
    assert all(text in line for text in named), line


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("{", "JSON"),
        ("[" * 100_000, "JSON"),
        ("[1]", "[1]"),
        ('{"category": "sales.web", "phone": "03"}', "phone"),
        ('{"category": "sales.web", "employees": NaN}', "employees"),
        ('{"category": "sales.web", "employees": 1e999}', "employees"),
        ('{"category": "sales.web", "description": "\\ud800"}', "description"),
        ('{"category": ["sales.web", "sales"]}', "category"),
        (b"\xff\xfe\xff", "JSON"),
    ],
)
def test_json_that_is_no_consultation_is_refused(content: str | bytes, named: str, folder: Path, model: Path) -> None:
    line = refused("shortlist", folder, "--model", model, "--as-of", AS_OF, "--json-input", "-", stdin=content)
    assert named in line


def test_a_json_file_that_is_not_there_is_named(folder: Path, model: Path) -> None:
    line = refused("shortlist", folder, "--model", model, "--json-input", "/nowhere.json")
    assert "/nowhere.json" in line


@pytest.mark.parametrize("day", ["2026-02-30", "yesterday", "平成32年1月1日", ""])
def test_a_day_that_is_none_is_refused(day: str, folder: Path) -> None:
    assert "--as-of" in refused("check", folder, "--as-of", day)


def test_programme_files_are_checked(folder: Path, model: Path, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    for text, named in (("free_visits = -1", "free_visits"), ("speed = 1", "speed"), ("=", "TOML")):
        path.write_text(text)
        line = refused("shortlist", folder, "--model", model, "--as-of", AS_OF, *CATEGORY, "--programme", path)
        assert named in line


def _truncated(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _flipped(content: bytes) -> bytes:
    place = len(content) - 1000
    return content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :]


def _text(_content: bytes) -> bytes:
    return b"hello"


@pytest.mark.parametrize(
    ("damage", "named"), [(_truncated, "checksum"), (_flipped, "checksum"), (_text, "not a model file")]
)
def test_damaged_model_files_are_refused_by_every_reader(
    damage: Callable[[bytes], bytes], named: str, folder: Path, model: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.model"
    bad.write_bytes(damage(model.read_bytes()))
    asked = ("--model", bad, "--as-of", AS_OF)
    for line in (
        refused("models", bad),
        refused("shortlist", folder, *asked, *CATEGORY),
        refused("explain", folder, *asked, *CATEGORY, "--expert", "E1"),
        refused("rerank", folder, *asked, "--out", tmp_path / "r.csv"),
    ):
        assert named in line
        assert "bad.model" in line


def test_a_model_of_other_features_is_refused_with_their_names(
    folder: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {name: feature for name, feature in model_file.FEATURES.items() if name != "distance"}
    monkeypatch.setattr(model_file, "FEATURES", known | {"charm": known["style"]})
    line = refused("shortlist", folder, "--model", model, "--as-of", AS_OF, *CATEGORY)
    assert "+distance" in line
    assert "-charm" in line


def test_training_refuses_unknown_rankers_objectives_and_places(folder: Path, tmp_path: Path) -> None:
    model = tmp_path / "m"
    assert "best" in refused("train", folder, "--model", model, "--ranker", "best")
    assert "fame" in refused("train", folder, "--model", model, "--objective", "fame")
    assert "--ranker additive" in refused(
        "train", folder, "--model", model, "--ranker", "nearest", "--objective", "choice"
    )
    assert "existing folder" in refused("train", folder, "--model", tmp_path / "no" / "m")
    assert "existing folder" in refused("train", folder, "--model", tmp_path)


def test_rerank_refuses_suffixes_and_engines(folder: Path, model: Path, tmp_path: Path) -> None:
    asked = ("rerank", folder, "--model", model, "--as-of", AS_OF)
    assert ".parquet, .csv" in refused(*asked, "--out", tmp_path / "r.txt")
    line = refused(*asked, "--out", tmp_path / "r.csv", "--engine", "dask")
    assert "not available yet" in line
    assert "accepted: local" in line
    assert "spark" in refused(*asked, "--out", tmp_path / "r.csv", "--engine", "spark")
    assert not list(tmp_path.iterdir())


def test_explain_wants_one_or_two_known_experts(folder: Path, model: Path) -> None:
    asked = ("explain", folder, "--model", model, "--as-of", AS_OF, *CATEGORY)
    assert "--expert" in refused(*asked)
    assert "E99" in refused(*asked, "--expert", "E99")
    assert "3" in refused(*asked, *[part for i in (1, 2, 3) for part in ("--expert", f"E{i}")])


def test_sample_refuses_foreign_folders_and_senseless_numbers(folder: Path, tmp_path: Path) -> None:
    assert str(folder) in refused("sample", folder, "--experts", "5", "--consultations", "5")
    assert (folder / "experts.csv").read_text() == EXPERTS
    for option, value in (("--missing", "1"), ("--success", "nan"), ("--experts", "0"), ("--seed", "-1")):
        line = refused("sample", tmp_path / "new", option, value)
        assert option.lstrip("-") in line
    assert not (tmp_path / "new").exists()


def test_evaluate_refuses_unknown_rankers_and_data_without_anything_to_measure(folder: Path, tmp_path: Path) -> None:
    assert "best" in refused("evaluate", folder, "--ranker", "best")
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "experts.csv").write_text(EXPERTS)
    assert "dispatch" in refused("evaluate", bare)
