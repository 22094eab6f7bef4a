import numpy as np
import pytest

from matcher.features import gist as gist_module
from matcher.features.gist import Gist, Shown, Told
from tests.features.test_manner import PROPOSE, PUSH

SAID = ["ネット通販の広告と集客", "銀行の融資と返済"] * 6 + [""]
KINDS = np.eye(3)[[0, 1] * 6 + [2]]
CATEGORY = KINDS.argmax(axis=1)
OFFERED = [f"{own}。{subject}。" for own in (PUSH, PROPOSE) for subject in ("広告", "融資") for _ in range(10)] + [""]
STYLE = np.array([1.0] * 20 + [-1.0] * 20 + [np.nan])
CLAIMS = np.tile(np.eye(3)[0], (41, 1))


def fitted(said=SAID, kinds=KINDS, offered=OFFERED, claims=CLAIMS, style=STYLE, waiting=()):
    return Gist.fit(said, kinds, offered, claims, style, waiting, seed=0)


@pytest.fixture(scope="module")
def learned() -> tuple[Gist, Told, np.ndarray]:
    return fitted()


def assert_same(found: Told | Shown, wanted: Told | Shown) -> None:
    for name, array in vars(wanted).items():
        np.testing.assert_array_equal(vars(found)[name], array, err_msg=name)


def test_what_is_learned_from_is_told_and_shown_as_it_is_later(learned):
    gist, told, profile = learned
    assert_same(gist.told(SAID, CATEGORY), told)
    np.testing.assert_array_equal(gist.shown(OFFERED).profile, profile)


@pytest.mark.parametrize("text", [*SAID[:2], "", "広告。広告の費用！融資も", "zzz", f"広告。{PUSH}。{PROPOSE}\n・返済"])
def test_a_text_alone_tells_the_same_as_among_others(learned, text):
    for category in range(3):
        alone = learned[0].told_alone(text, category)
        assert_same(alone, learned[0].told([text], np.array([category])))


def test_of_very_many_texts_some_are_learned_from_and_all_are_told(monkeypatch):
    monkeypatch.setattr(gist_module, "MOST_SAID", 8)
    monkeypatch.setattr(gist_module, "MOST_OFFERED", 30)
    monkeypatch.setattr(gist_module, "AT_ONCE", 5)
    gist, told, profile = fitted()
    assert_same(told, gist.told(SAID, CATEGORY))
    assert told.topic.tolist() == [0, 1] * 6 + [-1]
    np.testing.assert_array_equal(gist.shown(OFFERED).profile, profile)
    assert_same(fitted()[1], told)


def test_texts_tell_subject_and_manner_apart(learned):
    gist, told, _ = learned
    assert told.topic.tolist() == [0, 1] * 6 + [-1]
    assert np.abs(told.wanted).max() < 0.05, "nobody asked for a manner"
    asked = gist.told([f"広告。{PUSH}", f"広告。{PROPOSE}"], np.zeros(2, dtype=np.int64))
    assert asked.topic.tolist() == [0, 0]
    assert asked.wanted[0] > 0.3 > -0.3 > asked.wanted[1]


def test_profiles_show_of_what_they_speak_and_how(learned):
    shown = learned[0].shown(OFFERED)
    by_advert = np.array([True] * 10 + [False] * 10 + [True] * 10 + [False] * 10)
    assert ((shown.topics[:40, 0] > shown.topics[:40, 1]) == by_advert).all()
    assert (np.sign(shown.manner[:40]) == STYLE[:40]).all()
    assert not shown.topics[40].any()
    assert not shown.profile[40].any()
    assert shown.manner[40] == 0
    assert set(shown.sentence[:40][by_advert, 0]) == {1}, "the second sentence speaks of the subject"


def test_a_claim_of_many_categories_counts_for_each_a_share():
    """To claim everything tells of nothing: words of such profiles stay as little telling as they were."""
    all_claimed, one_claimed = (
        fitted(claims=np.tile(claims, (41, 1)))[0].space for claims in (np.ones(3), np.array([1.0, 0, 0]))
    )
    told = {space: dict(zip(space.terms, space.weights, strict=True)) for space in (all_claimed, one_claimed)}
    assert told[all_claimed]["背中"] < told[one_claimed]["背中"]


def test_texts_that_wait_teach_words_and_no_topic():
    gist, _, _ = fitted([], np.zeros((0, 3)), waiting=["観光と宿泊", "観光と海外"])
    assert {"観", "光", "観光"} <= set(gist.space.terms)
    assert len(gist.topics) == 0
    told = gist.told(["観光"], np.array([0]))
    assert told.text.any()
    assert told.topic.tolist() == [-1]


@pytest.mark.parametrize("offered", [[], ["", ""]])
@pytest.mark.parametrize("said", [[], ["", ""]])
def test_without_any_text_nothing_is_told_and_nothing_shown(said, offered):
    n = len(offered)
    gist, told, profile = fitted(said, np.eye(3)[: len(said)], offered, np.zeros((n, 3)), np.full(n, np.nan))
    assert told.text.shape == (len(said), gist.space.width)
    assert told.topic.tolist() == [-1] * len(said)
    assert profile.shape == (n, gist.space.width)
    assert not gist.shown(["広告"]).profile.any()


def test_an_empty_gist_tells_nothing_of_any_text():
    gist = Gist.empty()
    told, shown = gist.told(["広告", ""], np.array([0, 2])), gist.shown(["広告", "", "融資"])
    assert told.text.shape == (2, 0)
    assert told.topic.tolist() == [-1, -1]
    assert told.wanted.tolist() == [0.0, 0.0]
    assert shown.topics.shape == (3, 0)
    assert shown.manner.tolist() == [0.0] * 3
    assert gist.told([], np.zeros(0, dtype=np.int64)).topic.shape == (0,)


@pytest.mark.parametrize("make", [lambda: fitted()[0], Gist.empty])
def test_a_gist_outlives_its_state(make):
    gist = make()
    again = Gist.from_state(gist.state())
    assert_same(again.told(SAID, CATEGORY), gist.told(SAID, CATEGORY))
    assert_same(again.shown(OFFERED), gist.shown(OFFERED))
