from typing import Any

import pandas as pd
import pytest

from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.errors import DataError
from matcher.reading import dataset_from_frames, parse_consultation
from tests.reading.builders import AS_OF

EXPERTS = pd.DataFrame({"expert_id": ["E1"], "name": ["a"]})
DATA = dataset_from_frames({"experts": EXPERTS}, as_of=AS_OF)
WITH_HUBS = dataset_from_frames({"experts": EXPERTS, "hubs": pd.DataFrame({"hub_id": ["H1"]})}, as_of=AS_OF)


def parsed(data: Dataset = DATA, **values: Any) -> Consultation:
    return parse_consultation(values, data, as_of=AS_OF)


def refused(data: Dataset = DATA, **values: Any) -> dict[str, str]:
    with pytest.raises(DataError) as error:
        parse_consultation(values, data, as_of=AS_OF)
    return {fault.column: fault.accepted for fault in error.value.faults}


def test_a_category_is_enough() -> None:
    assert parsed(category="sales") == Consultation(category="sales")


@pytest.mark.parametrize("category", ["sales", " SALES", "販路開拓・売上拡大", "Sales growth and new channels"])
def test_a_category_may_be_a_code_or_a_name(category: str) -> None:
    assert parsed(category=category).category == "sales"


def test_spelling_is_as_free_as_in_files() -> None:
    found = parsed(
        category="digital",
        prefecture_code="東京",
        employees="１２",
        received_on="令和8年3月31日",
        latitude=35,
        secondary_categories=["sales", "IT・DX"],
        mode="オンライン",
        industry="製造業",
        description="売上が\n落ちた",
        municipality=None,
    )
    assert found == Consultation(
        category="digital",
        prefecture_code="13",
        employees=12.0,
        received_on=pd.Timestamp("2026-03-31"),
        latitude=35.0,
        secondary_categories=("sales", "digital"),
        mode="online",
        industry="E",
        description="売上が\n落ちた",
    )
    assert found.to_frame()["received_on"].tolist() == [pd.Timestamp("2026-03-31")]


@pytest.mark.parametrize("values", [{}, {"category": None}, {"category": " "}])
def test_no_category_is_a_fault(values: dict[str, Any]) -> None:
    assert list(refused(**values)) == ["category"]


def test_all_faults_come_at_once() -> None:
    found = refused(
        category="恋愛",
        prefecture_code="東亰都",
        employees="inf",
        received_on="2026-12-01",
        latitude=float("nan"),
        text="x",
    )
    assert set(found) == {"category", "prefecture_code", "employees", "received_on", "latitude", "text"}
    assert "description" in found["text"]
    assert "東京都" in found["prefecture_code"].split("もしかして")[1]


def test_hubs_must_be_known_only_where_some_are_listed() -> None:
    assert parsed(category="sales", hub_id="H9").hub_id == "H9"
    assert parsed(WITH_HUBS, category="sales", hub_id="H1").hub_id == "H1"
    assert list(refused(WITH_HUBS, category="sales", hub_id="H9")) == ["hub_id"]


@pytest.mark.parametrize("value", ["\ud800", "a\0b", "x" * 1_000_001, {"a": 1}])
def test_text_that_no_table_could_hold_is_a_fault(value: Any) -> None:
    assert list(refused(category="sales", description=value)) == ["description"]


def test_the_datasets_own_taxonomy_rules() -> None:
    categories = pd.DataFrame({"code": ["bread"], "name_ja": ["パン"]})
    data = dataset_from_frames({"experts": EXPERTS, "categories": categories}, as_of=AS_OF)
    assert parsed(data, category="パン").category == "bread"
    assert list(refused(data, category="sales")) == ["category"]
