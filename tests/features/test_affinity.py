"""What a profile says of a category, on profiles that a test makes of a few whole-number coordinates."""

import numpy as np
import pytest

from matcher.features.affinity import FEWEST_HOLDERS, Affinity
from matcher.features.text import gridded

WEB, BANK = 0, 1
EYE = gridded(np.eye(3))
NOBODY = np.zeros((0, 2), dtype=bool)


def texts(*axes: int) -> np.ndarray:
    return EYE[list(axes)]


@pytest.fixture(scope="module")
def affinity() -> Affinity:
    """Forty who write of axis 0 and claim the web, forty of axis 1 and banks; past texts are alike."""
    profile = texts(*[WEB] * 40, *[BANK] * 40)
    claims = np.repeat(np.eye(2, dtype=bool), 40, axis=0)
    held = [("IT coordinator",)] * 40 + [("accountant",)] * 36 + [("sommelier",)] * (FEWEST_HOLDERS - 1)
    return Affinity.of(profile, held, claims, texts(WEB, WEB, BANK, BANK), np.array([WEB, WEB, BANK, BANK]))


def test_a_profile_is_close_to_the_category_whose_clients_write_alike(affinity):
    web, bank = affinity.closeness(texts(WEB, BANK))
    assert web[WEB] > 0.6 > -0.6 > web[BANK]
    assert bank[BANK] > 0.6 > -0.6 > bank[WEB]


def test_silence_is_unknown(affinity):
    silent = np.zeros((1, 3), dtype=np.float32)
    assert np.isnan(affinity.closeness(silent)).all()
    assert np.isnan(affinity.expectation(silent, [()])).all()
    assert not np.isnan(affinity.expectation(silent, [("accountant",)])).any()


def test_a_category_without_past_texts_has_no_closeness():
    alone = Affinity.of(texts(WEB), [()], np.eye(2, dtype=bool)[:1], texts(WEB, BANK), np.array([WEB, WEB]))
    assert np.isnan(alone.closeness(texts(WEB))[0, BANK])


def test_what_is_usual_among_like_profiles_is_expected(affinity):
    web, bank = affinity.expectation(texts(WEB, BANK), [(), ()])
    assert web[WEB] > 0 > web[BANK]
    assert bank[BANK] > 0 > bank[WEB]


def test_a_qualification_tells_alone_unless_hardly_anybody_holds_it(affinity):
    assert set(affinity.qualifications) == {"IT coordinator", "accountant"}
    silent = np.zeros((1, 3), dtype=np.float32)
    expected = affinity.expectation(silent, [("accountant", "sommelier")])[0]
    assert expected[BANK] > expected[WEB]
    np.testing.assert_array_equal(affinity.expectation(silent, [("accountant",)])[0], expected)


@pytest.mark.parametrize("claims", [NOBODY, np.zeros((3, 2), dtype=bool)])
def test_where_nobody_claims_anything_nothing_is_expected(claims):
    profile = texts(WEB, BANK, 2)[: len(claims)]
    none = Affinity.of(profile, [()] * len(claims), claims, texts(), np.zeros(0, dtype=np.int64))
    assert np.isnan(none.expectation(texts(WEB), [()])).all()
    assert np.isnan(none.closeness(texts(WEB))).all()


def test_a_profile_reads_the_same_alone_and_among_others(affinity):
    rng = np.random.default_rng(0)
    profile = gridded(rng.normal(size=(50, 3)))
    held = [("accountant",) if number % 3 else () for number in range(50)]
    close, expected = affinity.closeness(profile), affinity.expectation(profile, held)
    for row in range(50):
        one = slice(row, row + 1)
        np.testing.assert_array_equal(affinity.closeness(profile[one]), close[one])
        np.testing.assert_array_equal(affinity.expectation(profile[one], held[one]), expected[one])


def test_an_affinity_outlives_its_state(affinity):
    again = Affinity.from_state(affinity.state())
    np.testing.assert_array_equal(again.expectation(EYE, [()] * 3), affinity.expectation(EYE, [()] * 3))
