"""The data card says what the tables hold."""

import re
from collections import Counter

import pytest

from matcher.reference.files import reference_path, reference_table

CARD = reference_path("README.md").read_text(encoding="utf-8")
KINDS = ["name", "short name", "reading", "seat", "quarter", "unknown"]


def numbers(row):
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", row)]


@pytest.mark.parametrize(
    "table",
    ["prefectures", "industries", "issue_categories", "issue_words", "industry_words", "municipalities"],
)
def test_the_card_counts_each_tables_rows(table):
    row = re.search(rf"`reference/{table}\.csv` \|([^|]*)\|", CARD)
    assert numbers(row[1]) == [len(reference_table(table))]


@pytest.mark.parametrize(("label", "is_ward"), [("municipalities", False), ("wards", True)])
def test_the_card_counts_how_positions_were_found(label, is_ward):
    frame = reference_table("municipalities").fillna({"source": "unknown"})
    sources = frame["source"][frame["name"].str.contains("市.+区$") == is_ward]
    counts = Counter(sources)
    row = re.search(rf"^\| {label} \|(.*)$", CARD, re.MULTILINE)
    assert numbers(row[1]) == [len(sources), *(counts[kind] for kind in KINDS)]
    assert set(counts) == set(KINDS)


def test_every_table_is_on_the_card():
    for path in reference_path("reference").glob("*.csv"):
        assert f"`reference/{path.name}`" in CARD
