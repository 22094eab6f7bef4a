import numpy as np
import pytest

from matcher.consultation import Consultation
from matcher.features.expertise import MANY_CLAIMS
from tests.features.builders import found, said

NAN = np.nan


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


def test_a_long_list_of_claims_is_said_to_have_no_focus():
    codes = ("sales.web", "sales.promotion", "sales.channel", "digital.adoption", "digital.process", "digital.security")
    codes += ("management.plan", "product.branding")
    experts = [{"categories": codes[:1]}, {"categories": codes[: MANY_CLAIMS - 1]}, {"categories": codes[:MANY_CLAIMS]}]
    experts += [{"categories": codes[1:]}, {}]
    asked = Consultation("sales.web")
    np.testing.assert_array_equal(found("claims_breadth", asked, *experts), [1, MANY_CLAIMS - 1, MANY_CLAIMS, NAN, NAN])
    spoken = [bool(ja) for ja, _ in said("claims_breadth", asked, *experts)]
    assert spoken == [False, False, True, False, False]


@pytest.mark.parametrize("name", ["category_closeness", "category_expectation"])
def test_without_a_profile_or_past_cases_nothing_is_known_of_a_claim(name):
    assert np.isnan(found(name, Consultation("sales.web"), {"categories": ("sales.web",)}, {})).all()
