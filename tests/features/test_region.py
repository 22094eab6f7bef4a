import numpy as np
import pytest

from matcher.consultation import Consultation
from matcher.features.region import SAME_PREFECTURE_FEATURE
from matcher.reference.distance import haversine_km
from tests.features.builders import a_register, found, said, seen

NAN = np.nan
SHIBUYA, YOKOHAMA = (35.66, 139.70), (35.45, 139.64)


def a_place(latitude: float, longitude: float) -> dict[str, float]:
    return {"latitude": latitude, "longitude": longitude}


def test_distance_is_the_great_circle_in_kilometres_and_unknown_without_a_place():
    asked = Consultation("sales.web", mode="onsite", **a_place(*SHIBUYA))
    here, there, nowhere = found("distance", asked, a_place(*SHIBUYA), a_place(*YOKOHAMA), {})
    assert here == 0.0
    assert there == haversine_km(*SHIBUYA, *YOKOHAMA)
    assert 23 < there < 25
    assert np.isnan(nowhere)
    assert np.isnan(found("distance", Consultation("sales.web"), a_place(*SHIBUYA))).all()


def test_distance_sentences_round_to_kilometres():
    asked = Consultation("sales.web", mode="onsite", **a_place(*SHIBUYA))
    there, nowhere = said("distance", asked, {**a_place(*YOKOHAMA), "prefecture_code": "14"}, {})
    assert there[0].startswith("神奈川県から約24km")
    assert there[1].startswith("about 24 km away, Kanagawa")
    assert nowhere == ("", "")


@pytest.mark.parametrize(
    ("mode", "remote", "km"), [("online", 0.0, 0), ("online", NAN, 0), ("onsite", 1.0, 24), (None, 1.0, 24)]
)
def test_nobody_travels_to_a_consultation_that_is_online(mode, remote, km):
    asked = Consultation("sales.web", mode=mode, **a_place(*SHIBUYA))
    (kilometres,) = found("distance", asked, {**a_place(*YOKOHAMA), "remote": remote})
    assert round(kilometres) == km


SERVING = [{"service_prefectures": ("13", "14")}, {"service_prefectures": ("27",)}, {}]


def test_a_region_is_served_or_not_or_not_stated():
    asked = Consultation("sales.web", prefecture_code="13")
    np.testing.assert_array_equal(found("serves_region", asked, *SERVING), [1, 0, NAN])
    assert np.isnan(found("serves_region", Consultation("sales.web"), *SERVING)).all()
    assert said("serves_region", asked, *SERVING) == [
        ("東京都を対応地域に含めています", "Tokyo is among the regions served"),
        ("東京都を対応地域に挙げていません", "Tokyo is not among the regions served"),
        ("", ""),
    ]


def test_working_online_matters_where_online_is_asked_for():
    experts = [{"remote": 1.0}, {"remote": 0.0}, {}]
    np.testing.assert_array_equal(found("remote", Consultation("sales.web", mode="online"), *experts), [1, 0, NAN])
    assert np.isnan(found("remote", Consultation("sales.web", mode="onsite"), *experts)).all()
    assert np.isnan(found("remote", Consultation("sales.web"), *experts)).all()


def test_the_prefecture_is_the_same_or_another_or_not_known():
    """A feature of today's search alone."""
    register = a_register({"prefecture_code": "13"}, {"prefecture_code": "14"}, {})
    for asked, wanted in (
        (Consultation("sales.web", prefecture_code="13"), [1, 0, NAN]),
        (Consultation("sales.web"), [NAN] * 3),
    ):
        np.testing.assert_array_equal(SAME_PREFECTURE_FEATURE.compute(seen(register, asked)), wanted)
