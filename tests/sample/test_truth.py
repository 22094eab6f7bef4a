import numpy as np
import pytest

from matcher.sample.truth import base_rate, probability, topic_weights


def test_base_rate_sets_the_mean_probability():
    log_odds = np.random.default_rng(0).normal(1.0, 2.0, 1000)
    assert probability(log_odds + base_rate(log_odds, 0.3)).mean() == pytest.approx(0.3, abs=1e-9)


def test_base_rate_of_no_case_is_zero():
    assert base_rate(np.array([]), 0.3) == 0.0


def test_probability_of_even_odds_is_a_half():
    assert probability(np.array([0.0, np.log(3)])).tolist() == pytest.approx([0.5, 0.75])


def test_sub_topics_of_a_category_share_it():
    assert topic_weights().sum(axis=1) == pytest.approx(np.ones(39))
