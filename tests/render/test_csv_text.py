import csv
import io

import pytest

from matcher.render import render
from matcher.render.columns import COLUMNS
from matcher.shortlist import Reason
from tests.render.builders import UNKNOWN, a_shortlist, an_item


def rows_of(*items):
    text = render(a_shortlist(*items), "csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_spreadsheet_is_told_the_encoding():
    assert render(a_shortlist(), "csv").startswith(b"\xef\xbb\xbfrank,tied,expert_id,name,")


def test_headers_are_the_contracts_names():
    contract = {"expert_id", "name", "rank", "score", "probability", "lower", "upper", "confidence", "against"}
    assert contract <= {column.name for column in COLUMNS}
    assert list(rows_of(an_item())[0]) == [column.name for column in COLUMNS]


def test_numbers_stay_numbers_even_negative_ones():
    (row,) = rows_of(an_item(score=-0.123456789, probability=0.625, tied=True))
    assert (row["score"], row["probability"], row["rank"], row["tied"]) == ("-0.123456789", "0.625", "1", "1")


def test_unknown_is_empty():
    (row,) = rows_of(UNKNOWN)
    names = ("kana", "probability", "place", "distance_km", "reason_1", "against")
    assert [row[name] for name in names] == [""] * 6


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_no_text_can_run_as_a_formula(start):
    text = f'{start}HYPERLINK("x")'
    (row,) = rows_of(an_item(text, name=text, qualifications=(text,), reasons=(Reason(text, "f", 1.0, {}),)))
    assert {row[name] for name in ("expert_id", "name", "qualifications", "reason_1")} == {f"'{text}"}


def test_commas_quotes_and_line_breaks_survive():
    (row,) = rows_of(an_item(name='山"田",\n太郎'))
    assert row["name"] == '山"田",\n太郎'
