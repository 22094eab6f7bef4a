"""What holds of every declared feature, whichever they are."""

import re

import numpy as np
import pytest

from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.errors import UnknownValueError
from matcher.features.declared import CHOICE_FEATURES, EFFECTS, FEATURES, FIT_FEATURES, MERIT_FEATURES, feature
from matcher.features.feature import GROUP_LABELS, Feature, Group
from matcher.features.pairs import Pairs
from matcher.lang import LANGS
from tests.rankers.contract import consultations, fitted, the_material, the_world

JAPANESE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")
every_feature = pytest.mark.parametrize("declared", FEATURES.values(), ids=FEATURES)
computed = pytest.mark.parametrize("name", [name for name, found in FEATURES.items() if found.compute])


@pytest.fixture(scope="module")
def many() -> Pairs:
    """Pairs of several past consultations with several experts, seen on different days."""
    known = the_material()
    rng = np.random.default_rng(0)
    asked, sent = (rng.integers(0, len(table), 150) for table in (known.consultations, known.experts))
    return known.pairs(asked, sent, rng.integers(known.today - 900, known.today, 150))


@pytest.fixture(scope="module")
def fresh() -> list[Pairs]:
    """Consultations that no model has seen, each with all experts."""
    return [fitted("additive").pairs(asked, the_world().experts) for asked in consultations()]


@every_feature
def test_a_feature_says_what_it_is_in_both_languages(declared: Feature):
    assert set(declared.label) == set(LANGS)
    assert JAPANESE.search(declared.label["ja"])
    assert declared.label["en"].isascii()
    assert declared.unit
    assert declared.meaning
    assert isinstance(declared.group, Group)


@every_feature
def test_a_feature_has_the_shape_of_its_declaration(declared: Feature):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", declared.name)
    assert declared.monotone in (-1, 0, 1)
    assert declared.prior * declared.monotone >= 0, "the prior points where more can only lead"
    assert len(declared.knots) != 1
    assert (np.diff(declared.knots) > 0).all()
    assert (declared.compute is None) == (declared in EFFECTS)


def test_no_two_features_share_a_name_or_a_label():
    parts = (*MERIT_FEATURES, *EFFECTS, *FIT_FEATURES, *CHOICE_FEATURES)
    names = [declared.name for declared in {id(f): f for f in parts}.values()]
    assert len(set(names)) == len(names) == len(FEATURES)
    for lang in LANGS:
        labels = [declared.label[lang] for declared in FEATURES.values()]
        assert len(set(labels)) == len(labels)


def test_every_group_has_a_label():
    assert set(GROUP_LABELS) == set(Group)
    assert all(set(label) == set(LANGS) for label in GROUP_LABELS.values())


def test_an_unknown_feature_is_refused_by_name():
    with pytest.raises(UnknownValueError, match=r"unknown feature 'zeal'; accepted: .*claims_category"):
        feature("zeal")


def test_merit_reads_no_count_of_how_often_somebody_was_sent():
    assert not {"cases", "cases_recent", "cases_latest", "last"} & {declared.name for declared in MERIT_FEATURES}


@computed
def test_a_value_is_a_finite_number_or_unknown_a_pair(name, many, fresh):
    for pairs in (many, *fresh):
        found = FEATURES[name].compute(pairs)
        assert found.shape == (len(pairs),)
        assert found.dtype == np.float64
        assert not np.isinf(found).any()


@computed
def test_a_value_is_the_same_alone_and_among_others(name, many):
    """To the last bit: training sees many consultations at once, a request one."""
    whole = FEATURES[name].compute(many)
    for row in range(0, len(many), 10):
        known = Pairs(
            many.schema,
            many.consultations,
            many.experts,
            many.history,
            many.ci[[row]],
            many.ei[[row]],
            many.as_of[[row]],
        )
        np.testing.assert_array_equal(FEATURES[name].compute(known), whole[[row]])


@computed
def test_no_pair_has_no_value(name):
    nobody = fitted("additive").pairs(consultations()[0], the_world().experts.iloc[:0])
    assert FEATURES[name].compute(nobody).shape == (0,)


NOT_ASKED = {"claims_secondary", "industry_match", "serves_region", "remote", "topic", "manner"}


def test_a_question_that_does_not_arise_is_no_gap():
    """A consultation that says its category alone leaves nothing unknown of what it does not say."""
    for explained in fitted("additive").explain(Consultation("sales.web"), the_world().experts):
        known = {term.feature.name: term.known for term in explained.terms}
        assert all(known[name] for name in NOT_ASKED)


def test_what_is_asked_and_not_stated_is_a_gap():
    whole = Consultation(
        "sales.web", industry="56", prefecture_code="13", mode="online", description="ネット通販の集客"
    )
    silent = Dataset.from_tables({"experts": the_world().experts[["expert_id", "name"]]}).experts
    for explained in fitted("additive").explain(whole, silent):
        known = {term.feature.name: term.known for term in explained.terms}
        assert not any(known[name] for name in NOT_ASKED - {"claims_secondary"})


@pytest.mark.parametrize("said", [False, True])
def test_a_profile_can_be_close_to_a_text_only_where_both_speak(said):
    """Read of choices alone, so no term of merit says it."""
    asked = Consultation("sales.web", description="ネット通販の集客" if said else None)
    pairs = fitted("additive").pairs(asked, the_world().experts)
    declared = FEATURES["profile_closeness"]
    assert declared in FIT_FEATURES
    assert declared not in MERIT_FEATURES
    assert declared.applies(pairs).all() == said
    assert np.isnan(declared.compute(pairs)).all() != said


@every_feature
def test_sentences_are_said_in_both_languages_or_in_neither(declared, fresh):
    said = 0
    for pairs in fresh:
        found = declared.compute(pairs) if declared.compute else np.full(len(pairs), np.nan)
        for evidence in declared.evidence(pairs, found):
            ja, en = (declared.sentence(evidence, lang) for lang in LANGS)
            assert bool(ja) == bool(en)
            assert not ja or JAPANESE.search(ja)
            said += bool(ja)
            assert declared.tells(evidence) in (-1, 0, 1)
    assert said or declared.name not in SPEAKING


SPEAKING = {
    "claims_category",
    "claims_secondary",
    "industry_match",
    "distance",
    "serves_region",
    "years_experience",
    "style",
    "profile_closeness",
    "topic",
    "similar_outcome",
    "category_record",
    "text",
    "category",
}


@every_feature
def test_no_sentence_and_no_evidence_names_a_client_or_a_case(declared, fresh):
    world = the_world()
    names = {*world.clients["client_id"], *world.clients["name"].dropna(), *world.consultations["consultation_id"]}
    for pairs in fresh[:3]:
        found = declared.compute(pairs) if declared.compute else np.full(len(pairs), np.nan)
        for evidence in declared.evidence(pairs, found)[:60]:
            words = " ".join([*(declared.sentence(evidence, lang) for lang in LANGS), str(dict(evidence))])
            assert not [name for name in names if name in words]
