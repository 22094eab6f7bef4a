import pytest

from matcher.reference import files
from matcher.reference.files import MissingDataError, reference_path, reference_table


def test_a_data_file_is_found_in_this_installation():
    assert reference_path("reference/prefectures.csv").is_file()


def test_the_packages_own_copy_wins_over_the_checkouts(tmp_path, monkeypatch):
    shipped, checkout = tmp_path / "matcher" / "_data", tmp_path / "data"
    for folder in (shipped, checkout):
        folder.mkdir(parents=True)
        (folder / "programme.toml").touch()
    monkeypatch.setattr(files, "_FOLDERS", (shipped, checkout))
    assert reference_path("programme.toml") == shipped / "programme.toml"
    (shipped / "programme.toml").unlink()
    assert reference_path("programme.toml") == checkout / "programme.toml"


def test_a_missing_file_is_named_with_what_to_do():
    with pytest.raises(MissingDataError, match=r"reference/unicorns\.csv.*install the package again"):
        reference_table("unicorns")
