import numpy as np
import pytest

from tests.benchmarks.rows import AUC, ECE, NDCG, Row, difference, markdown


def test_a_column_stands_only_where_something_is_in_it() -> None:
    rows = [Row("a", "x", {NDCG: 0.25, AUC: float("nan")}), Row("b", "y", {ECE: 0.00126, "Spearman": 0.8})]
    assert markdown(rows).splitlines() == [
        "| data | method | nDCG@10 | AUC | ECE | Spearman |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
        "| a | x | 0.250 |  |  |  |",
        "| b | y |  |  | 0.0013 | 0.800 |",
    ]


def test_a_difference_stands_in_the_column_of_what_it_is_from() -> None:
    rows = [Row("a", "x", {NDCG: 0.25}, {(NDCG, "best peer"): (0.1, 0.05, 0.2)}), Row("a", "y", {NDCG: 0.15})]
    assert markdown(rows).splitlines()[2:] == [
        "| a | x | 0.250 | +0.100 [+0.050, +0.200] |",
        "| a | y | 0.150 |  |",
    ]


def test_a_difference_is_paired_and_leaves_out_undefined_cases() -> None:
    found = difference(np.array([1.0, 2.0, np.nan]), np.array([0.5, 1.5, 9.0]))
    assert found == pytest.approx((0.5, 0.5, 0.5))


def test_undefined_figures_are_null_in_json() -> None:
    row = Row("a", "x", {NDCG: float("nan")}, {(NDCG, "best peer"): (0.1, float("nan"), 0.2)})
    assert row.to_json()["figures"] == {NDCG: None}
    assert row.to_json()["differences"] == {"nDCG@10 from best peer": [0.1, None, 0.2]}
