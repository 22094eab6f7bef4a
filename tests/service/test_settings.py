from pathlib import Path

import pytest

from matcher.errors import InvalidValueError, UnknownValueError
from service.settings import SETTINGS, Settings


def test_without_any_variable_the_defaults_hold():
    assert Settings.read({"HOME": "/root", "LANG": "C", "MATCHER_DEBUG": "1"}) == Settings()
    assert Settings() == Settings.read({"MATCHER_PORT": " "})


def test_variables_are_read_into_their_types():
    read = Settings.read(
        {
            "MATCHER_DATA": "a",
            "MATCHER_MODEL": "b",
            "MATCHER_PORT": "0",
            "MATCHER_LANG": "en",
            "MATCHER_HOST": "::1",
        }
    )
    assert (read.data, read.model, read.port, read.lang, read.host) == (Path("a"), Path("b"), 0, "en", "::1")


def test_a_misspelt_setting_is_refused_with_the_accepted_ones():
    with pytest.raises(UnknownValueError, match=r"MATCHER_MODLE.*MATCHER_MODEL"):
        Settings.read({"MATCHER_MODLE": "x"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "http"),
        ("PORT", "²"),
        ("PORT", "9" * 5000),
        ("PORT", "tcp://10.0.0.1:80"),
        ("LANG", "fr"),
        ("MAX_BODY_BYTES", "0"),
        ("MAX_BODY_BYTES", "1e6"),
    ],
)
def test_a_wrong_value_names_its_variable(name, value):
    with pytest.raises((InvalidValueError, UnknownValueError), match=rf"MATCHER_{name}\b.*accepted"):
        Settings.read({f"MATCHER_{name}": value})


def test_every_setting_says_what_it_means_in_both_languages():
    for setting in SETTINGS:
        assert setting.help["ja"] != setting.help["en"]
        assert all(setting.help.values())


def test_every_default_is_a_value_that_is_accepted():
    read = Settings.read({setting.name: setting.default for setting in SETTINGS})
    assert read == Settings()
