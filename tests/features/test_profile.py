import numpy as np
import pytest

from matcher.consultation import Consultation
from matcher.features.feature import CLOSE
from matcher.reference.distance import haversine_km
from tests.features.builders import a_register, seen, sentences, values

NAN = np.nan
SHIBUYA, YOKOHAMA = (35.66, 139.70), (35.45, 139.64)


def a_place(latitude: float, longitude: float) -> dict[str, float]:
    return {"latitude": latitude, "longitude": longitude}


def found(name, asked, *experts):
    return values(name, seen(a_register(*experts), asked)).tolist()


def said(name, asked, *experts):
    pairs = seen(a_register(*experts), asked)
    return list(zip(sentences(name, pairs, "ja"), sentences(name, pairs, "en"), strict=True))


CLAIMS = [
    {"categories": ("sales.web", "digital.adoption")},
    {"categories": ("sales.promotion",)},
    {"categories": ("digital.adoption",)},
    {},
]


def test_a_claim_of_the_category_its_area_another_or_nothing_stated():
    np.testing.assert_array_equal(found("claims_category", Consultation("sales.web"), *CLAIMS), [2, 1, 0, NAN])


def test_what_a_claim_is_called():
    exact, near, other, silent = said("claims_category", Consultation("sales.web"), *CLAIMS)
    assert exact == (
        "専門分野に「Web・SNS・EC活用」を挙げています",
        "states “Web, social media and e-commerce” as a speciality",
    )
    assert "同じ分野の別の専門" in near[0]
    assert "挙げていません" in other[0]
    assert silent == ("", "")


def test_secondary_categories_count_as_a_share_of_those_asked_for():
    asked = Consultation("sales.web", secondary_categories=("digital.adoption", "sales.promotion", "sales.web"))
    np.testing.assert_array_equal(found("claims_secondary", asked, *CLAIMS), [0.5, 0.5, 0.5, NAN])
    assert np.isnan(found("claims_secondary", Consultation("sales.web"), *CLAIMS)).all()


INDUSTRIES = [{"industries": ("56",)}, {"industries": ("I",)}, {"industries": ("E",)}, {}]


def test_an_industry_as_written_its_division_another_or_nothing_stated():
    asked = Consultation("sales.web", industry="56")
    np.testing.assert_array_equal(found("industry_match", asked, *INDUSTRIES), [2, 1, 0, NAN])
    assert np.isnan(found("industry_match", Consultation("sales.web"), *INDUSTRIES)).all()
    exact, near, other, silent = said("industry_match", asked, *INDUSTRIES)
    assert "得意としています" in exact[0]
    assert "得意としています" in near[0]
    assert "挙げていません" in other[0]
    assert silent == ("", "")


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


def test_years_and_style_are_as_stated():
    experts = [{"years_experience": 12.0, "style": "push"}, {"style": "propose"}, {}]
    asked = Consultation("sales.web")
    np.testing.assert_array_equal(found("years_experience", asked, *experts), [12, NAN, NAN])
    np.testing.assert_array_equal(found("style", asked, *experts), [1, 0, NAN])
    assert said("years_experience", asked, *experts)[0] == ("実務経験12年", "12 years of experience")
    assert [ja for ja, _ in said("style", asked, *experts)] == ["支援の進め方は後押し型", "支援の進め方は提案型", ""]


TALK = [
    {"introduction": "ネット通販の集客と広告が専門です。ネット通販の改善を支援します。"},
    {"introduction": "銀行融資と資金繰りが専門です。資金繰り表の作成を支援します。"},
    {"introduction": "ネット通販と広告の集客を長く手がけました。"},
    {"introduction": "銀行融資の返済と資金繰りを長く手がけました。"},
    {},
]


def test_a_profile_on_the_texts_subject_is_closer_and_silence_is_unknown():
    web, bank, also_web, also_bank, silent = found(
        "profile_closeness", Consultation("sales.web", description="ネット通販の集客と広告に悩んでいます"), *TALK
    )
    assert min(web, also_web) > CLOSE > max(bank, also_bank)
    assert np.isnan(silent)
    assert np.isnan(found("profile_closeness", Consultation("sales.web"), *TALK)).all()


def test_qualifications_are_part_of_a_profile():
    experts = [{"qualifications": ("中小企業診断士", "税理士")}, {"qualifications": ("弁護士", "税理士")}]
    experts += [{"introduction": "中小企業診断士です"}, {"introduction": "弁護士です"}]
    asked = Consultation("sales.web", description="中小企業診断士に相談したい")
    consultant, lawyer, *_ = found("profile_closeness", asked, *experts)
    assert consultant > lawyer
