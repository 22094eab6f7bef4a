import sys
import zipfile

import pytest

from tests.wheel_check import CHECKOUT, NEEDED, CheckFailedError, check, check_contents, locked, run


def a_wheel(folder, *extra, without=""):
    path = folder / "expert_matcher-0-py3-none-any.whl"
    data = [f"matcher/_data/{name}" for name in NEEDED if name != without]
    with zipfile.ZipFile(path, "w") as archive:
        for name in ["matcher/__init__.py", "expert_matcher-0.dist-info/METADATA", *data, *extra]:
            archive.writestr(name, "")
    return path


def test_a_wheel_of_package_and_reference_data_is_good(tmp_path):
    assert check_contents(a_wheel(tmp_path)) == 2 + len(NEEDED)


@pytest.mark.parametrize(
    "name", ["tests/test_x.py", "matcher/tests/x.py", "matcher/_data/sample/experts.csv", "notebooks/a"]
)
def test_a_wheel_with_tests_or_sample_data_is_refused(tmp_path, name):
    with pytest.raises(CheckFailedError, match=name):
        check_contents(a_wheel(tmp_path, name))


def test_a_wheel_without_its_data_is_refused(tmp_path):
    with pytest.raises(CheckFailedError, match=r"missing \['reference/municipalities\.csv'\]"):
        check_contents(a_wheel(tmp_path, without="reference/municipalities.csv"))


def test_only_the_needed_entries_of_the_lock_are_taken_with_their_hashes():
    entry = locked({"typer"})
    assert entry.startswith("typer==")
    assert "--hash=sha256:" in entry
    assert entry.count("==") == 1


def test_a_failed_step_shows_its_last_words_without_addresses(tmp_path):
    words = "import sys; sys.exit('not found at https://host.example/simple')"
    with pytest.raises(CheckFailedError, match=r"(?s)step: exit code 1.*not found at <address>$"):
        run("step", sys.executable, "-c", words, cwd=tmp_path)


def test_the_check_does_not_run_inside_the_checkout():
    with pytest.raises(CheckFailedError, match="lies in the checkout"):
        check(CHECKOUT / "build")
