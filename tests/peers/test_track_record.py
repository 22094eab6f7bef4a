import numpy as np
import pytest

from matcher.features.gist import Gist
from matcher.peers.track_record import STEADYING, track_record
from matcher.rankers.training import Material
from tests.rankers.contract import AS_OF, BAD, FEW, GOOD, NEWCOMER, a_clear_case


def the_records() -> tuple[dict[str, np.ndarray], float]:
    """What is told of four experts for a case of another client, today."""
    material = Material.of(a_clear_case(), as_of=AS_OF, gist=Gist.empty())
    names = [GOOD, BAD, FEW, NEWCOMER]
    rows = np.array([list(material.experts.ids).index(name) for name in names])
    first = next(row for row, (ci, ei) in enumerate(zip(*material.case_rows()[:2], strict=True)) if ei not in rows)
    asked = np.full(4, material.case_rows()[0][first])
    pairs = material.pairs(asked, rows, np.full(4, material.today))
    return dict(zip(names, track_record(pairs), strict=True)), pairs.mean_resolved


def test_rates_are_shrunk_to_the_average_and_the_categorys_to_the_experts() -> None:
    records, mean = the_records()
    few = (2 + STEADYING * mean) / (2 + STEADYING)
    assert records[NEWCOMER][0] == pytest.approx(mean)
    assert records[FEW][:2] == pytest.approx([few, (2 + STEADYING * few) / (2 + STEADYING)])
    assert records[BAD][0] < mean < records[FEW][0] < records[GOOD][0]


def test_counts_are_logarithms_of_known_outcomes_and_cases() -> None:
    records, _ = the_records()
    assert records[GOOD][2:] == pytest.approx(np.log1p([40, 40, 40, 40]))
    assert records[NEWCOMER][2:] == pytest.approx(np.zeros(4))


def test_a_pair_sees_only_earlier_outcomes() -> None:
    pairs, _ = Material.of(a_clear_case(), as_of=AS_OF, gist=Gist.empty()).outcomes()
    known = np.expm1(track_record(pairs)[:, 2]).round()
    for expert in np.unique(pairs.ei):
        assert sorted(known[pairs.ei == expert]) == list(range(int((pairs.ei == expert).sum())))
