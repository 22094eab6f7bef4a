import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from matcher.errors import MatcherError
from matcher.reading import check_dataset, read_dataset
from matcher.sample import generate, read_choices, read_truth, write

TINY = {"experts": 40, "consultations": 300, "seed": 5}
_WRITE = f"""
import sys, pathlib, matcher.sample as sample
sample.write(sample.generate(**{TINY!r}), pathlib.Path(sys.argv[1]))
"""


def files(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(directory.iterdir())}


def test_a_written_world_checks_clean(tmp_path):
    write(generate(**TINY), tmp_path / "sample")
    report = check_dataset(tmp_path / "sample")
    assert (report.faults, report.warnings, report.unknown_columns) == ((), (), {})


def test_what_is_written_is_what_is_read(tmp_path):
    world = generate(**TINY)
    write(world, tmp_path / "sample")
    data = read_dataset(tmp_path / "sample")
    assert data.fingerprint() == world.data.fingerprint()
    pd.testing.assert_frame_equal(read_truth(tmp_path / "sample"), world.truth)
    pd.testing.assert_frame_equal(read_choices(tmp_path / "sample"), world.choices)


def test_same_seed_same_bytes_in_any_process(tmp_path):
    write(generate(**TINY), tmp_path / "here")
    other = dict(os.environ, PYTHONHASHSEED="123", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    subprocess.run([sys.executable, "-c", _WRITE, str(tmp_path / "there")], check=True, env=other)
    assert files(tmp_path / "here") == files(tmp_path / "there")


def test_another_seed_is_another_world(tmp_path):
    write(generate(**TINY), tmp_path / "one")
    write(generate(**TINY | {"seed": 6}), tmp_path / "two")
    one, two = files(tmp_path / "one"), files(tmp_path / "two")
    assert all(one[name] != two[name] for name in one if name != "README.md")


def test_an_earlier_sample_is_replaced_as_a_whole(tmp_path):
    write(generate(**TINY), tmp_path / "sample")
    write(generate(experts=2, consultations=0), tmp_path / "sample")
    assert not (tmp_path / "sample" / "dispatches.csv").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["sample"]


def test_an_empty_folder_is_filled_and_a_missing_parent_made(tmp_path):
    write(generate(experts=1, consultations=0), tmp_path)
    write(generate(experts=1, consultations=0), tmp_path / "new" / "sample")
    assert (tmp_path / "new" / "sample" / "experts.csv").exists()


@pytest.mark.parametrize("card", [None, "{}", "[]", "not json"])
def test_a_folder_of_somebody_else_is_left_alone(tmp_path, card):
    (tmp_path / "experts.csv").write_text("expert_id,name\n1,a\n")
    if card is not None:
        (tmp_path / "parameters.json").write_text(card)
    before = files(tmp_path)
    with pytest.raises(MatcherError, match="not a sample"):
        write(generate(experts=1, consultations=0), tmp_path)
    assert files(tmp_path) == before


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "taken").write_text("mine")
    for place in (tmp_path / "taken", tmp_path / "taken" / "below"):
        with pytest.raises(MatcherError):
            write(generate(experts=1, consultations=0), place)
    assert (tmp_path / "taken").read_text() == "mine"


def test_truth_of_no_sample_is_a_clear_error(tmp_path):
    with pytest.raises(MatcherError, match=r"truth\.csv"):
        read_truth(tmp_path)
    with pytest.raises(MatcherError, match="truth_choices"):
        read_choices(tmp_path)


def test_a_damaged_truth_is_a_clear_error(tmp_path):
    (tmp_path / "truth.csv").write_text("consultation_id,expert_id\nC1,E1\n")
    with pytest.raises(MatcherError, match=r"truth\.csv"):
        read_truth(tmp_path)
