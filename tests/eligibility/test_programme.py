from pathlib import Path

import pytest

from matcher.eligibility.programme import SETTINGS, Programme, RuleName
from matcher.errors import InvalidValueError, MatcherError, UnknownValueError
from matcher.reference.files import reference_path


def a_file(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_programme_is_the_published_one():
    programme = Programme.default()
    assert (programme.visits_allowed("sales"), programme.visits_allowed("digital")) == (3, 5)
    assert programme.fiscal_year_start_month == 4
    assert programme.statuses_using_capacity == {"offered", "accepted", "completed"}
    assert programme.default_capacity_per_month is None
    assert all(programme.applies(rule) for rule in RuleName)


def test_the_shipped_file_names_every_setting_in_words():
    text = reference_path("programme.toml").read_text(encoding="utf-8")
    assert [name for name in [*SETTINGS, *RuleName] if name not in text] == []


def test_no_file_is_the_shipped_programme():
    assert Programme.read(None) == Programme.default()


def test_a_users_file_changes_only_what_it_names(tmp_path):
    limits = "distance_limit_km = 60.5\ndefault_capacity_per_month = 4\n"
    tables = "[rules]\nregion = false\n[free_visits_by_area]\nip = 2"
    programme = Programme.read(a_file(tmp_path, limits + tables))
    assert programme.distance_limit_km == 60.5
    assert programme.default_capacity_per_month == 4
    assert (programme.applies(RuleName.REGION), programme.applies(RuleName.CONFLICT)) == (False, True)
    assert [programme.visits_allowed(area) for area in ("ip", "digital", "sales")] == [2, 5, 3]


def test_a_byte_order_mark_is_no_fault(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes("free_visits = 4".encode("utf-8-sig"))
    assert Programme.read(path).free_visits == 4


@pytest.mark.parametrize(
    ("text", "value", "accepted"),
    [
        ("distance_limit_km = -1", "-1", "0 to 20000"),
        ("distance_limit_km = nan", "nan", "0 to 20000"),
        ("distance_limit_km = inf", "inf", "0 to 20000"),
        ("distance_limit_km = true", "True", "0 to 20000"),
        ("distance_limit_km = '100'", "100", "0 to 20000"),
        ("fiscal_year_start_month = 13", "13", "1 to 12"),
        ("free_visits = 2.5", "2.5", "whole number"),
        ("free_visits = true", "True", "whole number"),
        ("free_visits_by_area = 5", "5", "a table"),
        ("[free_visits_by_area]\ndigital = -1", "-1", "whole number"),
        ("statuses_using_capacity = ['offerd']", "offerd", "offered, accepted"),
        ("statuses_using_capacity = 'offered'", "offered", "a list of"),
        ("default_capacity_per_month = 1001", "1001", "0 to 1000"),
        ("[rules]\nregion = 'off'", "off", "true or false"),
        ("rules = true", "True", "a table"),
    ],
)
def test_a_value_that_makes_no_sense_is_named_with_what_is_accepted(tmp_path, text, value, accepted):
    with pytest.raises(InvalidValueError) as error:
        Programme.read(a_file(tmp_path, text))
    message = str(error.value)
    assert "mine.toml" in message
    assert value in message
    assert accepted in message


def test_an_unknown_key_is_refused_with_the_accepted_ones(tmp_path):
    with pytest.raises(UnknownValueError, match=r"mine\.toml 'distance_limit'; accepted: distance_limit_km, "):
        Programme.read(a_file(tmp_path, "distance_limit = 3"))


def test_an_unknown_rule_is_refused_with_the_accepted_ones(tmp_path):
    with pytest.raises(UnknownValueError, match=r"'distance'; accepted: status, conflict"):
        Programme.read(a_file(tmp_path, "[rules]\ndistance = false"))


def test_an_area_that_the_taxonomy_lacks_is_refused_where_the_taxonomy_is_given(tmp_path):
    path = a_file(tmp_path, "[free_visits_by_area]\ndigitl = 5")
    assert Programme.read(path).visits_allowed("digitl") == 5
    with pytest.raises(UnknownValueError, match=r"free_visits_by_area 'digitl'; accepted: sales, digital"):
        Programme.read(path, areas=("sales", "digital"))


def test_a_missing_file_and_a_folder_are_said_plainly(tmp_path):
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(MatcherError, match="cannot be read"):
            Programme.read(path)


@pytest.mark.parametrize("content", [b"free_visits =", "地域 = 3".encode("cp932"), b"\x00"])
def test_what_is_no_toml_is_said_plainly(tmp_path, content):
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    with pytest.raises(MatcherError, match=r"mine\.toml is not TOML in UTF-8"):
        Programme.read(path)
