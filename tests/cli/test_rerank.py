import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from matcher.dataset import Dataset
from matcher.errors import InvalidValueError
from matcher.rankers.model_file import load_model
from matcher.reading import read_dataset
from matcher.rerank import COLUMNS, rank_all, waiting_consultations, write_ranking
from matcher.sample import generate, write
from tests.cli.builders import AS_OF, CONSULTATIONS, a_folder, as_json, done, trained

SPLIT_AFTER = 0.8


def rows_of(shortlist: dict[str, Any]) -> list[tuple[Any, ...]]:
    consultation = shortlist["consultation"]["consultation_id"]
    return [(consultation, *(item[name] for name in COLUMNS[1:])) for item in shortlist["items"]]


def ranked(folder: Path, model: Path, *more: str) -> pd.DataFrame:
    out = folder.parent / "ranking.parquet"
    done("rerank", folder, "--model", model, "--as-of", AS_OF, "--out", out, *more)
    return pd.read_parquet(out)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample of 60 experts; its last consultations are open."""
    folder = tmp_path_factory.mktemp("world") / "data"
    write(generate(experts=60, consultations=300, seed=5), folder)
    return folder


def test_each_result_is_exactly_the_single_requests(world: Path) -> None:
    model = trained(world)
    table = ranked(world, model, "-k", "4")
    opened = read_dataset(world, as_of=pd.Timestamp(AS_OF)).consultations.query("status == 'open'")
    assert set(table["consultation_id"]) <= set(opened["consultation_id"])
    asked = ("shortlist", world, "--model", model, "--as-of", AS_OF, "-k", "4", "--consultation")
    for consultation in opened["consultation_id"].iloc[:6]:
        mine = table[table["consultation_id"] == consultation]
        assert list(mine.itertuples(index=False, name=None)) == rows_of(as_json(*asked, consultation))


def test_columns_types_and_both_suffixes_agree(world: Path, tmp_path: Path) -> None:
    model = trained(world)
    table = ranked(world, model)
    assert tuple(table) == COLUMNS
    assert table["rank"].dtype == np.int64
    assert (table["rank"] >= 1).all()
    out = tmp_path / "ranking.csv"
    done("rerank", world, "--model", model, "--as-of", AS_OF, "--out", out)
    pd.testing.assert_frame_equal(pd.read_csv(out, dtype={"consultation_id": "str", "expert_id": "str"}), table)
    assert list(tmp_path.iterdir()) == [out]


def test_judgements_choose_the_consultations_and_their_gains_change_nothing(model: Path, tmp_path: Path) -> None:
    tables = [
        ranked(a_folder(tmp_path / f"gain{gain}", judgements=f"consultation_id,expert_id,gain\nK1,E2,{gain}\n"), model)
        for gain in (0, 3)
    ]
    assert set(tables[0]["consultation_id"]) == {"K1"}
    pd.testing.assert_frame_equal(*tables)


def test_candidates_limit_the_experts(model: Path, tmp_path: Path) -> None:
    few = a_folder(tmp_path / "data", candidates="expert_id\nE2\nE3\nE4\n")
    assert set(ranked(few, model)["expert_id"]) == {"E2", "E3"}


def test_an_unknown_status_is_not_closed(tmp_path: Path) -> None:
    unstated = CONSULTATIONS.replace(",open,", ",,").replace("status", "memo")
    data = read_dataset(a_folder(tmp_path / "data", consultations=unstated), as_of=pd.Timestamp(AS_OF))
    assert [asked.consultation_id for asked in waiting_consultations(data)] == ["K1", "K2", "K3", "K4", "K5"]


def test_nothing_open_writes_an_empty_table_and_says_so(model: Path, tmp_path: Path) -> None:
    closed = a_folder(tmp_path / "data", consultations=CONSULTATIONS.replace(",open,", ",closed,"))
    result = done("rerank", closed, "--model", model, "--as-of", AS_OF, "--out", tmp_path / "r.csv")
    assert "no open consultation" in result.stderr
    assert (tmp_path / "r.csv").read_text() == ",".join(COLUMNS) + "\n"


def test_progress_and_json_count(folder: Path, model: Path, tmp_path: Path) -> None:
    told = as_json("rerank", folder, "--model", model, "--as-of", AS_OF, "--out", tmp_path / "r.csv", "-k", "2")
    assert (told["consultations"], told["rows"]) == (2, 4)
    calls: list[tuple[str, int, int]] = []
    data = read_dataset(folder, as_of=pd.Timestamp(AS_OF))
    rank_all(load_model(model).ranker, data, on=pd.Timestamp(AS_OF), progress=lambda *call: calls.append(call))
    assert calls == [("K4", 0, 2), ("K5", 1, 2), ("", 2, 2)]


def test_k_below_one_is_refused(model: Path) -> None:
    with pytest.raises(InvalidValueError, match="k is '0'"):
        rank_all(load_model(model).ranker, Dataset.from_tables({}), on=pd.Timestamp(AS_OF), k=0)


def test_a_failed_write_leaves_the_earlier_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "r.csv"
    out.write_text("before")
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(Exception, match="No space left"):
        write_ranking(pd.DataFrame({name: [] for name in COLUMNS}), out)
    assert out.read_text() == "before"
    assert list(tmp_path.iterdir()) == [out]


def _with_split(world: Path, folder: Path, *, keep_test: bool) -> Path:
    """The world as a benchmark folder; `keep_test` False leaves the held-out dispatches out of the file."""
    folder.mkdir()
    for name in ("experts", "consultations", "clients", "hubs", "conflicts"):
        if (world / f"{name}.csv").exists():
            (folder / f"{name}.csv").write_bytes((world / f"{name}.csv").read_bytes())
    rows = pd.read_csv(world / "dispatches.csv", dtype="str")
    at = int(len(rows) * SPLIT_AFTER)
    rows["split"] = ["train"] * at + ["test"] * (len(rows) - at)
    (rows if keep_test else rows.iloc[:at]).to_csv(folder / "dispatches.csv", index=False)
    held = rows.iloc[at:].drop_duplicates(["consultation_id", "expert_id"])
    held[["consultation_id", "expert_id"]].assign(gain=1).to_csv(folder / "judgements.csv", index=False)
    return folder


def test_removing_the_test_dispatches_changes_no_byte(world: Path, tmp_path: Path) -> None:
    results = []
    for name, keep_test in (("with", True), ("without", False)):
        folder = _with_split(world, tmp_path / name, keep_test=keep_test)
        card = as_json("train", folder, "--model", tmp_path / "m", "--as-of", AS_OF)
        done("rerank", folder, "--model", tmp_path / "m", "--as-of", AS_OF, "--out", tmp_path / "r.csv")
        judged = pd.read_csv(folder / "judgements.csv", dtype="str")["consultation_id"].iloc[0]
        asked = ("shortlist", folder, "--model", tmp_path / "m", "--as-of", AS_OF, "--json", "--consultation", judged)
        results.append((card["fingerprint"], (tmp_path / "r.csv").read_bytes(), done(*asked).stdout_bytes))
    assert results[0] == results[1]
    assert len(results[0][1].splitlines()) > 100
    assert json.loads(results[0][2])["items"]
