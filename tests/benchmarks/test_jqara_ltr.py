from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.jqara_ltr import ECE, NDCG, OURS, columns, cross_validated, measure, ours

SIZES = np.full(80, 12)


def some_scores(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Three scores of which the first two tell the label together, the third nothing."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(SIZES.sum(), 3))
    return scores, (scores[:, 0] + scores[:, 1] + rng.normal(size=len(scores)) > 2).astype(np.float64)


def test_columns_are_the_questions_own_standard_scores_and_reciprocal_ranks() -> None:
    found = columns(np.array([[1.0], [3.0], [5.0], [7.0]]), np.array([2, 2]))
    np.testing.assert_allclose(found, [[-1, 1 / 1.2], [1, 1], [-1, 1 / 1.2], [1, 1]])


def test_no_fold_sees_its_own_labels() -> None:
    scores, label = some_scores()
    values = columns(scores, SIZES)
    first = np.repeat(np.arange(len(SIZES)) % 5 == 0, SIZES)
    turned = np.where(first, 1 - label, label)
    before, after = (cross_validated(ours, values, told, SIZES) for told in (label, turned))
    for found, wanted in zip(after, before, strict=True):
        np.testing.assert_array_equal(found[first], wanted[first])
        assert not np.array_equal(found[~first], wanted[~first])


def test_ours_beats_every_single_score_and_is_calibrated(tmp_path: Path) -> None:
    scores, label = some_scores()
    held = {"X": scores.astype(np.float32), "y": label.astype(np.int8), "group": SIZES}
    np.savez(tmp_path / "features.npz", **held, names=np.array(["one", "two", "noise"]))
    rows = {row.method: row for row in measure(tmp_path)}
    single = next(row for name, row in rows.items() if name.startswith("best single score"))
    assert "noise" not in single.method
    assert rows[OURS].figures[NDCG] > single.figures[NDCG] + 0.05
    assert rows[OURS].figures[ECE] < 0.05
    assert rows[OURS].figures[NDCG] == pytest.approx(rows["logistic"].figures[NDCG], abs=0.02)
