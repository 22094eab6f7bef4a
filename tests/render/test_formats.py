"""What holds in every format."""

import io
import zipfile
from dataclasses import replace

import pytest

from matcher.errors import UnknownValueError
from matcher.render import FORMATS, render
from tests.render.builders import EMPTY, UNKNOWN, a_shortlist, an_item

FULL = a_shortlist(an_item("E1"), an_item("E2", rank=2, name="名" * 40), replace(UNKNOWN, expert_id="E3", rank=3))


def text_of(form: str, shortlist=FULL) -> str:
    content = render(shortlist, form)
    if form != "xlsx":
        return content.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_shortlist_gives_the_same_bytes(form):
    assert render(FULL, form) == render(FULL, form)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_nobody_eligible_is_written_in_every_format_and_language(form, lang):
    assert render(replace(EMPTY, lang=lang), form)


@pytest.mark.parametrize("form", FORMATS)
def test_letters_outside_cp932_survive(form):
    assert "髙﨑𠮷" in text_of(form)


@pytest.mark.parametrize("form", FORMATS)
def test_unknown_is_never_written_as_nan(form):
    assert "nan" not in text_of(form).lower()


@pytest.mark.parametrize("form", set(FORMATS) - {"json"})
def test_the_clients_text_stays_out_of_what_is_handed_around(form):
    assert "秘密の相談文" not in text_of(form)


@pytest.mark.parametrize("form", set(FORMATS) - {"csv"})
def test_the_fingerprints_are_on_it(form):
    assert all(start in text_of(form) for start in ("0123456789ab", "fedcba987654"))


@pytest.mark.parametrize("form", set(FORMATS) - {"csv"})
def test_exclusions_and_warnings_are_on_it(form):
    assert all(words in text_of(form) for words in ("休止・引退", "相談者は制度に登録されていません"))


@pytest.mark.parametrize("form", set(FORMATS) - {"csv"})
def test_what_to_relax_is_on_an_empty_one(form):
    assert "だけを緩めると 2 人が対象になります" in text_of(form, EMPTY)


def test_an_unknown_format_is_refused_with_the_known_ones():
    with pytest.raises(UnknownValueError, match="format 'pdf'; accepted: txt, json, csv, xlsx, md"):
        render(FULL, "pdf")
