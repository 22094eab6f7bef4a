import numpy as np

from matcher.consultation import Consultation
from matcher.features.feature import CLOSE
from tests.features.builders import found, said

NAN = np.nan


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
