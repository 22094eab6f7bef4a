"""One command, one table: our figures beside the peers', re-measured in the same run."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from matcher.atomic_file import refuse_unwritable, write_atomically
from matcher.errors import MatcherError
from tests.benchmarks import contract_folder, jqara_ltr, proposals, speed, synthetic
from tests.benchmarks.jsts import measure as measure_jsts
from tests.benchmarks.rows import Row, markdown

CONTRACT_FOLDERS = ("stackexchange_dba", "stackexchange_physics", "stackexchange_android", "restaurant")
NOTE = """
The best peer is the best of all but ours by the mean of that column. In brackets: paired 95 % bootstrap interval.
Fit: seconds on one thread, of one split, reading of the texts and features included.
"""
Part = Callable[[], list[Row]]


def parts(data: Path) -> dict[str, Part]:
    """What there is to measure below `data`, by name; a folder of another set in the contract's form counts."""
    folders = sorted(path.parent for path in data.glob("*/experts.csv"))
    found: dict[str, Part] = {
        folder.name: partial(contract_folder.measure, folder, partial(_say, folder.name)) for folder in folders
    }
    if (data / jqara_ltr.NAME / jqara_ltr.FILE).is_file():
        found[jqara_ltr.NAME] = partial(jqara_ltr.measure, data / jqara_ltr.NAME)
    if (data / "jsts").is_dir():
        found["jsts"] = partial(_figures, "jsts", lambda: measure_jsts(data / "jsts"))
    for folder in folders:
        found[f"proposals:{folder.name}"] = partial(_figures, folder.name, partial(proposals.measure, folder))
    return found


def made_parts() -> dict[str, Part]:
    """What is measured on worlds of our own making, by name: it needs no data."""
    return {
        "proposals:world": partial(_figures, "world", proposals.measure_synthetic),
        "world": partial(_figures, "world", lambda: synthetic.measure(partial(_say, "world"))),
        "ablation": partial(_figures, "world", lambda: synthetic.ablation(partial(_say, "world"))),
        "learning_curve": partial(_figures, "world", lambda: synthetic.learning_curve(partial(_say, "world"))),
        "speed": partial(_figures, "speed", lambda: speed.measure(partial(_say, "speed"))),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; 2 where the data is absent or faulty."""
    parser = argparse.ArgumentParser(prog="make benchmark", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the benchmark data")
    parser.add_argument("--only", action="append", metavar="NAME", help="this part alone; may be repeated")
    parser.add_argument("--json", type=Path, metavar="FILE", help="writes the figures, too")
    options = parser.parse_args(arguments)
    try:
        if options.json:
            refuse_unwritable(options.json)  # before half an hour of work
        rows = _measured(options.data, options.only)
        print(markdown(rows) + "\n" + NOTE, flush=True)
        if options.json:
            text = json.dumps([row.to_json() for row in rows], ensure_ascii=False, indent=1, allow_nan=False)
            write_atomically(options.json, text.encode())
    except MatcherError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _measured(data: Path, only: Sequence[str] | None) -> list[Row]:
    below = parts(data)
    if not below and not only:
        raise MatcherError(f"no benchmark data in {data}; accepted: BENCH_DATA=a folder of benchmark datasets")
    found = below | made_parts()
    for name in only or ():
        if name not in found:
            raise MatcherError(f"no benchmark {name!r} in {data}; accepted: {', '.join(found)}")
    for name in (*CONTRACT_FOLDERS, jqara_ltr.NAME, "jsts"):
        if name not in found:
            _say(name, f"skipped, there is no {data / name} or nothing that measures it")
    rows: list[Row] = []
    for name in only or found:
        start = time.perf_counter()
        rows += found[name]()
        _say(name, f"done in {time.perf_counter() - start:.0f} s")
    return rows


def _figures(data: str, measure: Callable[[], Iterable[tuple[str, str, float]]]) -> list[Row]:
    """A row a method, with all of its figures."""
    found: dict[str, dict[str, float]] = {}
    for method, name, value in measure():
        found.setdefault(method, {})[name] = value
    return [Row(data, method, figures) for method, figures in found.items()]


def _say(name: str, text: str) -> None:
    print(f"{name}: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
