"""One command, one table: our rankers and the baselines on every dataset folder below the benchmark data."""

import argparse
import sys
import time
from pathlib import Path

import pandas as pd

from matcher.evaluation import Evaluation, evaluate
from matcher.reading import read_dataset


def folders(data: Path) -> list[Path]:
    """Folders in the form of the data contract, by name."""
    return sorted(path.parent for path in data.glob("*/experts.csv"))


def rows(name: str, found: Evaluation) -> list[str]:
    """A row a ranker: each measure's mean, and its paired interval against the baseline."""
    measures = list(found.values)
    return [
        f"| {name} | {ranker} | " + " | ".join(_cell(found, measure, ranker) for measure in measures) + " |"
        for ranker in found.values[measures[0]]
    ]


def _cell(found: Evaluation, measure: str, ranker: str) -> str:
    _, low, high = found.against_baseline(measure, ranker)
    return f"{found.mean(measure, ranker):.3f} [{low:+.3f}, {high:+.3f}]"


def main() -> int:
    """Prints the table; 2 when the data is absent."""
    options = argparse.ArgumentParser(prog="make benchmark")
    options.add_argument("--data", type=Path, required=True, help="folder of benchmark datasets")
    data = options.parse_args().data
    if not folders(data):
        print(f"no benchmark data in {data}; accepted: BENCH_DATA=a folder of dataset folders", file=sys.stderr)
        return 2
    print("| data | ranker | nDCG@10 | MRR of the accepted |\n|---|---|---:|---:|")
    for folder in folders(data):
        start = time.perf_counter()
        found = evaluate(read_dataset(folder), as_of=pd.Timestamp.now().normalize())
        print("\n".join(rows(folder.name, found)), flush=True)
        print(f"{folder.name}: {'; '.join(found.protocols)}: {time.perf_counter() - start:.0f} s", file=sys.stderr)
    print("\nIn brackets: paired 95 % interval of the difference from the baseline.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
