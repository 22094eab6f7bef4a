import json
from dataclasses import FrozenInstanceError, fields

import numpy as np
import pandas as pd
import pytest

from matcher.columns import CONSULTATIONS
from matcher.consultation import Consultation
from matcher.dataset import empty_frame
from tests.rankers.contract import the_world

WHOLE = Consultation(
    category="sales.web",
    consultation_id="K1",
    hub_id="H1",
    client_id="C1",
    received_on=pd.Timestamp("2026-03-01"),
    secondary_categories=("digital.adoption", "sales.promotion"),
    prefecture_code="01",
    municipality="札幌市",
    latitude=43.06,
    longitude=141.35,
    industry="56",
    employees=3.0,
    mode="either",
    description="ネット通販を始めたい",
    status="open",
)


def test_a_consultation_has_the_columns_of_the_contract():
    assert {field.name for field in fields(Consultation)} == set(CONSULTATIONS.names)


@pytest.mark.parametrize("asked", [WHOLE, Consultation("sales.web")])
def test_a_frame_gives_the_consultation_back(asked):
    frame = asked.to_frame()
    assert Consultation.from_row(frame.iloc[0].to_dict()) == asked
    assert list(frame.columns) == CONSULTATIONS.names
    pd.testing.assert_series_equal(frame.dtypes, empty_frame(CONSULTATIONS).dtypes)


def test_unknown_cells_are_none_never_nan():
    row = dict.fromkeys(CONSULTATIONS.names, np.nan) | {"category": "sales.web", "secondary_categories": ()}
    assert Consultation.from_row(row | {"received_on": pd.NaT, "mode": pd.NA}) == Consultation("sales.web")


def test_every_row_of_a_world_comes_back_from_its_frame():
    rows = the_world().consultations.head(30)
    again = pd.concat([Consultation.from_row(row).to_frame() for row in rows.to_dict("records")], ignore_index=True)
    pd.testing.assert_frame_equal(again, rows)


def test_json_has_plain_values():
    plain = json.loads(json.dumps(WHOLE.to_json(), allow_nan=False))
    assert plain["received_on"] == "2026-03-01"
    assert plain["secondary_categories"] == ["digital.adoption", "sales.promotion"]
    assert plain["employees"] == 3.0
    bare = json.loads(json.dumps(Consultation("sales.web").to_json(), allow_nan=False))
    assert bare == dict.fromkeys(CONSULTATIONS.names) | {"category": "sales.web", "secondary_categories": []}


def test_a_consultation_does_not_change():
    with pytest.raises(FrozenInstanceError):
        WHOLE.category = "other"
