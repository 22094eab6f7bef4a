import gzip
import json
from pathlib import Path

import pytest

from matcher.errors import MatcherError
from tests.benchmarks.jsts import SPEARMAN, TRAIN, VALID, measure
from tests.similarity.captions import some_pairs


def write(path: Path, count: int, seed: int) -> None:
    rows = [
        {"sentence1": left, "sentence2": right, "label": label}
        for (left, right), label in zip(*some_pairs(count, seed), strict=True)
    ]
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_every_method_is_measured_and_the_trained_one_comes_first(tmp_path: Path) -> None:
    write(tmp_path / TRAIN, 500, 0)
    write(tmp_path / VALID, 200, 1)
    found = {name: value for name, measured, value in measure(tmp_path) if measured == SPEARMAN}
    assert len(found) == 4
    assert max(found, key=lambda name: found[name]) == "LearnedResemblance (ours), trained"
    assert min(found.values()) > 0.3


def test_absent_pairs_are_said(tmp_path: Path) -> None:
    with pytest.raises(MatcherError, match=f"cannot read .*{TRAIN}"):
        measure(tmp_path)
