import pytest

from matcher.errors import MatcherError
from matcher.rankers.model_file import load_model
from matcher.reading import read_dataset
from service.first_start import with_sample
from service.settings import Settings
from tests.service.builders import ON


def start(home, said=None):
    say = [].append if said is None else said.append
    return with_sample(Settings(home=home), say=say, experts=12)


def test_a_first_start_makes_a_sample_and_a_model_of_it(tmp_path):
    settings = start(tmp_path / "home")
    assert len(read_dataset(settings.data, as_of=ON).experts) == 12
    assert load_model(settings.model).card["counts"]["experts"] == 12


def test_a_second_start_keeps_both_and_says_nothing(tmp_path):
    first, said = start(tmp_path), []
    written = first.model.stat().st_mtime_ns
    assert start(tmp_path, said) == first
    assert said == []
    assert first.model.stat().st_mtime_ns == written


def test_a_model_that_cannot_be_used_is_made_anew(tmp_path):
    settings, said = start(tmp_path), []
    settings.model.write_bytes(b"torn")
    start(tmp_path, said)
    assert len(said) == 1
    assert load_model(settings.model).card["counts"]["experts"] == 12


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "experts.csv").write_text("mine")
    with pytest.raises(MatcherError, match="not a sample"):
        start(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["experts.csv"]
