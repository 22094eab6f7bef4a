import time

import numpy as np
import pandas as pd
import pytest

from matcher.columns import CONSULTATIONS, EXPERTS
from matcher.consultation import Consultation
from matcher.dataset import complete
from matcher.reference.distance import BASES, BASIS_LABELS, SAME_PREFECTURE, distance_km, haversine_km, locate
from matcher.reference.prefectures import prefectures


def a_place(prefecture_code=None, municipality=None, latitude=None, longitude=None):
    return Consultation(
        category="x",
        prefecture_code=prefecture_code,
        municipality=municipality,
        latitude=latitude,
        longitude=longitude,
    ).to_frame()


def places(*rows):
    return locate(pd.concat([a_place(*row) for row in rows], ignore_index=True))


def one_distance(here, there):
    row = distance_km(places(here), places(there)).iloc[0]
    return row["km"], row["basis"]


def test_a_degree_of_latitude_and_of_longitude():
    assert haversine_km(0, 0, 1, 0) == pytest.approx(111.195, abs=1e-3)
    assert haversine_km(60, 0, 60, 1) == pytest.approx(55.597, abs=1e-2)
    assert haversine_km(90, 0, -90, 0) == pytest.approx(np.pi * 6371.0088)


def test_tokyo_to_osaka_is_about_400_km():
    tokyo, osaka = prefectures().set_index("code").loc[["13", "27"], ["lat", "lon"]].to_numpy()
    assert 395 < haversine_km(*tokyo, *osaka) < 405


def test_haversine_broadcasts_and_passes_unknown_on():
    km = haversine_km([35.0, np.nan, 35.0], [139.0, 139.0, 139.0], 35.0, 139.0)
    np.testing.assert_array_equal(km, [0.0, np.nan, 0.0])
    assert haversine_km(np.zeros((3, 1)), 0, np.zeros(4), 0).shape == (3, 4)


def test_each_row_is_located_by_the_best_it_has():
    located = places(
        ("13", "新宿区", 35.0, 139.0),
        ("13", "新宿区", 35.0, None),
        ("13", "新宿区西新宿"),
        ("13", "存在しない市"),
        ("13",),
        (None, "新宿区"),
        (),
    )
    assert list(located["basis"]) == ["given", *["municipality"] * 2, *["capital"] * 2, *["unknown"] * 2]
    assert located.loc[0, ["latitude", "longitude"]].tolist() == [35.0, 139.0]
    assert located.loc[3, ["latitude", "longitude"]].equals(located.loc[4, ["latitude", "longitude"]])
    assert located.loc[5:, ["latitude", "longitude"]].isna().all(axis=None)


def test_locating_keeps_the_index_and_the_input():
    frame = pd.concat([a_place("13", "新宿区"), a_place("27")]).set_axis([7, 3])
    before = frame.copy()
    located = locate(frame)
    assert list(located.index) == [7, 3]
    assert list(located["basis"]) == ["municipality", "capital"]
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("table", [EXPERTS, CONSULTATIONS])
def test_an_empty_frame_is_located(table):
    located = locate(complete(pd.DataFrame(), table))
    assert len(located) == 0
    assert len(distance_km(located, located)) == 0


def test_the_basis_of_a_distance_is_the_coarser_of_the_two():
    assert one_distance(("13", None, 35.0, 139.0), ("13", None, 36.0, 139.0))[1] == "given"
    assert one_distance(("13", None, 35.0, 139.0), ("13", "新宿区"))[1] == "municipality"
    assert one_distance(("27", "堺市"), ("13", None))[1] == "capital"
    assert one_distance(("13", "新宿区"), ()) == (pytest.approx(np.nan, nan_ok=True), "unknown")


def test_a_capital_says_nothing_about_distances_within_its_prefecture():
    for other in [("13", None), ("13", "八丈町"), ("13", None, 35.0, 139.0)]:
        km, basis = one_distance(("13", None), other)
        assert np.isnan(km)
        assert basis == SAME_PREFECTURE


def test_two_places_without_a_prefecture_are_not_in_the_same_one():
    assert one_distance((), ())[1] == "unknown"


def test_one_municipality_is_no_distance_away_from_itself():
    assert one_distance(("13", "新宿区"), ("13", "東京都新宿区")) == (0.0, "municipality")


def test_capitals_measure_between_prefectures():
    km, basis = one_distance(("13", None), ("27", None))
    assert 395 < km < 405
    assert basis == "capital"


def test_one_place_meets_many_and_many_meet_one():
    one, many = places(("13", "新宿区")), places(("27", "堺市"), ("13", None), ("13", "新宿区"))
    pd.testing.assert_frame_equal(distance_km(one, many), distance_km(many, one))
    assert list(distance_km(one, many)["basis"]) == ["municipality", SAME_PREFECTURE, "municipality"]
    assert distance_km(many, many)["km"].tolist()[::2] == [0.0, 0.0]


def test_every_basis_has_words_in_both_languages():
    assert set(BASIS_LABELS) == {*BASES, SAME_PREFECTURE}
    assert all(labels["ja"] and labels["en"] for labels in BASIS_LABELS.values())


def test_a_hundred_thousand_experts_are_located_in_under_a_second():
    rng = np.random.default_rng(0)
    codes = rng.choice(prefectures()["code"].to_numpy(dtype=object), 100_000)
    towns = pd.Series(rng.choice(np.array(["新宿区", "堺市", "不明", None], dtype=object), 100_000), dtype="str")
    frame = complete(pd.DataFrame({"prefecture_code": pd.Series(codes, dtype="str"), "municipality": towns}), EXPERTS)
    begun = time.perf_counter()
    assert len(locate(frame)) == 100_000
    assert time.perf_counter() - begun < 1.0
