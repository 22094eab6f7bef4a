"""Every way in which data can be wrong, at the command line: one clear line, exit code 2, never a traceback."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from tests.cli.builders import (
    ALL,
    AS_OF,
    CONSULTATIONS,
    DISPATCHES,
    EXPERTS,
    a_folder,
    as_json,
    done,
    refused,
    run,
)

HEAD, FIRST, *REST = EXPERTS.splitlines(keepends=True)


def _years(cell: str) -> str:
    return f"expert_id,name,years_experience\nE1,a,{cell}\n"


def _conflicts(row: str) -> dict[str, str | bytes | None]:
    return {"conflicts": f"expert_id,client_id,kind,from,until\n{row}\n"}


# name: the tables that differ, and what the line must name
FAULTS: dict[str, tuple[dict[str, str | bytes | None], tuple[str, ...]]] = {
    "missing file": ({"experts": None}, ("experts",)),
    "empty file": ({"experts": ""}, ("experts.csv",)),
    "header only": ({"experts": HEAD}, ("experts.csv", "at least one record")),
    "missing column": ({"experts": "expert_id\nE1\n"}, ("experts.csv", "name")),
    "duplicate id": ({"experts": HEAD + FIRST + FIRST}, ("experts.csv", "row 3", "expert_id", "E1", "row 2")),
    "unknown category": ({"consultations": "consultation_id,category\nK1,恋愛\n"}, ("row 2", "category", "恋愛")),
    "unknown prefecture": ({"experts": "expert_id,name,prefecture_code\nE1,a,48\n"}, ("prefecture_code", "'48'")),
    "unknown expert": ({"dispatches": DISPATCHES + "D9,K1,E99,,,,\n"}, ("row 6", "expert_id", "E99", "experts")),
    "unknown consultation": ({"dispatches": DISPATCHES + "D9,K99,E1,,,,\n"}, ("consultation_id", "K99")),
    "impossible date": ({"dispatches": DISPATCHES.replace("2025-06-03", "2025-02-30")}, ("2025-02-30", "decided_on")),
    "later than --as-of": ({"dispatches": DISPATCHES.replace("2025-06-03", "2026-04-01")}, ("2026-04-01", AS_OF)),
    "ended before begun": ({"dispatches": DISPATCHES.replace("2025-07-01", "2025-06-02")}, ("2025-06-02",)),
    "conflict ended before begun": (_conflicts("E1,C1,family,2025-05-01,2025-04-30"), ("until", "2025-04-30")),
    "NaN": ({"experts": _years("NaN"), "dispatches": None}, ("years_experience", "'NaN'")),
    "inf": ({"experts": _years("inf"), "dispatches": None}, ("years_experience", "'inf'")),
    "negative years": ({"experts": _years("-1"), "dispatches": None}, ("years_experience", "'-1'", "0")),
    "10 MB cell": (
        {"experts": HEAD + FIRST.replace("ネットショップと", "あ" * 3_500_000)},
        ("experts.csv", "row 2", "introduction"),
    ),
    "mixed encodings": ({"experts": EXPERTS.encode() + "E9,大阪 太郎\n".encode("cp932")}, ("experts.csv", "row 8")),
    "wrong delimiter": ({"experts": EXPERTS.replace(",", "\t")}, ("experts.csv", "tabs")),
}


@pytest.fixture(params=FAULTS)
def faulty(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, tuple[str, ...]]:
    tables, named = FAULTS[request.param]
    return a_folder(tmp_path / "data", ALL | tables), named


def test_check_names_the_fault_with_place_value_and_what_is_accepted(faulty: tuple[Path, tuple[str, ...]]) -> None:
    folder, named = faulty
    result = run("check", folder, "--as-of", AS_OF, "--lang", "en")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    for text in (*named, "accepted"):
        assert text in result.stdout
        assert text in result.stderr
    assert len(result.stdout) < 5_000  # a 10 MB cell is not printed


def test_shortlist_and_train_refuse_what_check_refuses(
    faulty: tuple[Path, tuple[str, ...]], model: Path, tmp_path: Path
) -> None:
    folder, named = faulty
    line = refused("shortlist", folder, "--model", model, "--as-of", AS_OF, "--category", "sales.web")
    assert all(text in line for text in named)
    if "2026-04-01" not in named:  # training looks back to --as-of, so later data are no fault of it
        assert refused("train", folder, "--model", tmp_path / "m", "--as-of", AS_OF) == line
        assert not (tmp_path / "m").exists()


@pytest.mark.parametrize("command", ["check", "train", "shortlist", "rerank", "explain", "evaluate"])
def test_a_path_that_is_not_there_is_named(command: str, model: Path, tmp_path: Path) -> None:
    options: dict[str, tuple[str | Path, ...]] = {
        "train": ("--model", tmp_path / "m"),
        "shortlist": ("--model", model, "--category", "sales"),
        "rerank": ("--model", model, "--out", tmp_path / "r.csv"),
        "explain": ("--model", model, "--category", "sales", "--expert", "E1"),
    }
    assert "nowhere" in refused(command, tmp_path / "nowhere", *options.get(command, ()))


def test_dates_after_today_are_faults_where_no_day_is_given(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "data", dispatches=DISPATCHES.replace("2025-07-01", "2999-01-01"))
    assert "2999-01-01" in refused("check", folder)


def test_training_looks_back_to_its_day_and_sees_nothing_later(folder: Path, tmp_path: Path) -> None:
    earlier = {
        "consultations": CONSULTATIONS.split("K3")[0],
        "dispatches": "".join(row for row in DISPATCHES.splitlines(keepends=True) if not row.startswith("D3")),
    }
    cut = a_folder(tmp_path / "cut", ALL | earlier)
    cards = [as_json("train", data, "--model", tmp_path / "m", "--as-of", "2025-05-31") for data in (folder, cut)]
    assert cards[0]["counts"]["dispatches"] == 3
    assert cards[0]["trained_until"] == "2025-05-31"
    assert cards[0] == cards[1]


def _merged(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("experts")
    sheet.write_row(0, 0, ["expert_id", "name"])
    sheet.merge_range(1, 0, 2, 1, "E1")
    book.close()


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(20_000_000))


def _text(path: Path) -> None:
    path.write_text("no workbook")


@pytest.mark.parametrize(("make", "named"), [(_merged, "A2:B3"), (_bomb, "20,000,000"), (_text, "book.xlsx")])
def test_workbooks_that_cannot_be_read_are_refused(
    make: Callable[[Path], None], named: str, model: Path, tmp_path: Path
) -> None:
    book = tmp_path / "book.xlsx"
    make(book)
    assert named in refused("check", book)
    assert named in refused("shortlist", book, "--model", model, "--category", "sales")


def test_check_lists_every_fault_and_tells_their_number(tmp_path: Path) -> None:
    rows = "".join(f"E{i},a,-{i + 1}\n" for i in range(7))
    folder = a_folder(tmp_path / "data", {"experts": f"expert_id,name,years_experience\n{rows}"})
    result = run("check", folder)
    assert sum("years_experience" in line for line in result.stdout.splitlines()) == 7
    assert "7 faults" in result.stderr
    report = run("check", folder, "--json")
    assert report.exit_code == 2
    assert '"row": 8' in report.stdout
    assert "and 6 more" in refused("train", folder, "--model", tmp_path / "m")


def test_check_counts_and_keeps_unknown_columns_aside(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "data", {"experts": "expert_id,name,電話\nE1,a,03\n", "hubs": "hub_id\n"})
    result = done("check", folder)
    assert "電話" in result.stdout
    assert "hubs.csv" in result.stdout
    assert "誤りはありません" in result.stdout
    assert "no fault" in done("check", folder, "--lang", "en").stdout
    report = as_json("check", folder)
    assert (report["ok"], report["counts"]["experts"], report["unknown_columns"]) == (True, 1, {"experts": ["電話"]})
