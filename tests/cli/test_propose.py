import unicodedata
from pathlib import Path

import pytest

from tests.cli.builders import AS_OF, as_json, done, refused

TEXT = "東京都府中市の和菓子店です。ネットショップを始めたい"


def test_a_text_alone_is_read_with_the_taxonomys_words() -> None:
    made = as_json("propose", TEXT)
    assert (made["categories"][0]["code"], len(made["categories"])) == ("sales.web", 3)
    assert made["categories"][0]["name_ja"] == "Web・SNS・EC活用"
    assert (made["prefecture"]["code"], made["municipality"]["code"], made["industry"]["code"]) == (
        "13",
        "府中市",
        "09",
    )


def test_a_model_and_its_data_propose_the_same(folder: Path, model: Path) -> None:
    asked = ("propose", TEXT, "-n", "2")
    assert as_json(*asked, "--model", model) == as_json(*asked, "--data", folder, "--as-of", AS_OF)


def test_standard_input_is_the_text() -> None:
    assert as_json("propose", "-", stdin=TEXT) == as_json("propose", TEXT)


@pytest.mark.parametrize(("lang", "named"), [("ja", ("相談分野", "東京都", "和菓子店")), ("en", ("category", "Tokyo"))])
def test_the_table_is_in_the_language_asked_for(lang: str, named: tuple[str, ...]) -> None:
    shown = unicodedata.normalize("NFC", done("propose", TEXT, "--lang", lang).stdout)
    assert all(word in shown for word in named), shown


def test_an_open_place_is_shown_as_open() -> None:
    shown = done("propose", "府中市の会社です").stdout
    assert "どれか決まらない" in shown
    assert "広島県" in shown
    assert "不明（文中に記載なし）" in shown


def test_what_cannot_be_is_refused(folder: Path, model: Path, tmp_path: Path) -> None:
    assert "one of the two" in refused("propose", TEXT, "--model", model, "--data", folder)
    assert "at least one letter" in refused("propose", " ")
    assert "UTF-8" in refused("propose", "-", stdin="東京".encode("cp932"))
    assert "1 or more" in refused("propose", TEXT, "-n", "0")
    assert "nowhere" in refused("propose", TEXT, "--model", tmp_path / "nowhere")
