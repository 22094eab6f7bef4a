import json

import pytest

from matcher.render import FORMATS, render
from matcher.render.json_text import to_mapping
from service.http.once import as_json
from service.shortlists.reading import shortlist_of
from tests.service.builders import ON, a_snapshot

ASKED = {"category": "sales.web", "prefecture_code": "13", "employees": 5, "received_on": "2026-03-02"}


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_shortlist_comes_back_from_its_json_and_is_written_out_the_same(lang):
    shortlist = a_snapshot().rank(ASKED, k=5, lang=lang, on=ON)
    back = shortlist_of(json.loads(as_json(to_mapping(shortlist))))
    assert to_mapping(back) == to_mapping(shortlist)
    assert back.consultation == shortlist.consultation
    for form in FORMATS:
        assert render(back, form) == render(shortlist, form)
