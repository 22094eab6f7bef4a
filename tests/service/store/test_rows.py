from datetime import date

import pytest

from matcher.errors import InvalidValueError
from service.store import history
from service.store.errors import MissingError, StaleError, TakenError
from service.store.experts import EXPERTS
from service.store.rows import is_one_of
from service.store.schema import Change, experts, revisions
from tests.service.store.builders import an_expert


def changes(tx):
    return [(row.number, row.kind) for row in tx.execute(revisions.select().order_by(revisions.c.number))]


def test_a_row_is_read_as_it_was_written_and_what_was_not_said_is_unknown(store):
    with store.write() as tx:
        written = EXPERTS.create(
            tx,
            {
                "expert_id": "E1",
                "name": "髙橋 𠮷郎",
                "latitude": 35.689487000000001,
                "remote": False,
                "categories": ["sales.web", "it;x"],
                "capacity_per_month": 0,
                "registered_on": date(2020, 2, 29),
            },
        )
    with store.read() as tx:
        read = EXPERTS.read(tx, "E1")
    assert read == written
    assert (read["remote"], read["capacity_per_month"], read["years_experience"]) == (False, 0, None)
    assert (read["categories"], read["industries"]) == (["sales.web", "it;x"], [])
    assert read["revision"] == 1


def test_an_id_is_given_once(store):
    with store.write() as tx:
        an_expert(tx, "E1")
        with pytest.raises(TakenError):
            an_expert(tx, "E1")


def test_a_change_for_another_revision_is_refused_and_undone(store):
    with store.write() as tx:
        first = an_expert(tx, "E1")
    with store.write() as tx:
        second = EXPERTS.change(tx, "E1", {"kana": "ア"}, expected=first["revision"])
    with pytest.raises(StaleError):
        _two_changes_at_once(store, expected=first["revision"])
    with store.read() as tx:
        assert EXPERTS.read(tx, "E1") == second
        assert EXPERTS.find(tx, "E2") is None
        assert tx.revision() == second["revision"]


def _two_changes_at_once(store, expected):
    with store.write() as tx:
        an_expert(tx, "E2")
        EXPERTS.change(tx, "E1", {"kana": "イ"}, expected=expected)


def test_a_change_that_says_nothing_new_keeps_the_revision(store):
    with store.write() as tx:
        first = an_expert(tx, "E1", kana="ア")
    with store.write() as tx:
        assert EXPERTS.change(tx, "E1", {"kana": "ア"}) == first
        assert tx.revision() == first["revision"]


def test_nothing_can_be_done_with_a_row_that_is_not_there(store):
    with store.write() as tx:
        for attempt in (
            lambda: EXPERTS.read(tx, "E1"),
            lambda: EXPERTS.change(tx, "E1", {}),
            lambda: EXPERTS.remove(tx, "E1"),
        ):
            with pytest.raises(MissingError, match="expert"):
                attempt()


def test_one_transaction_has_one_revision_and_says_what_it_touched(store):
    with store.write() as tx:
        an_expert(tx, "E1")
        an_expert(tx, "E2")
    with store.write() as tx:
        EXPERTS.change(tx, "E1", {"status": "suspended"})
    with store.read() as tx:
        assert changes(tx) == [(1, Change.EXPERTS), (2, Change.EXPERTS), (2, Change.REGISTER)]


def test_what_rows_were_can_be_read_as_of_every_revision(store):
    with store.write() as tx:
        one = an_expert(tx, "E1", registered_on=date(2024, 4, 1))
    with store.write() as tx:
        two = an_expert(tx, "E2")
    with store.write() as tx:
        changed = EXPERTS.change(tx, "E1", {"name": "新"})
        changed = EXPERTS.change(tx, "E1", {"name": "新々"})
    with store.write() as tx:
        EXPERTS.remove(tx, "E2")
    with store.read() as tx:
        was = [history.rows_at(tx, experts, revision) for revision in range(5)]
    assert was == [[], [one], [one, two], [changed, two], [changed]]


def test_forgotten_rows_leave_no_version_behind(store):
    for name in ("秘密", "公開", "公表"):
        with store.write() as tx:
            if name == "秘密":
                an_expert(tx, "E1", name=name)
            else:
                EXPERTS.change(tx, "E1", {"name": name})
    with store.write() as tx:
        assert history.forget(tx, experts, ["E0", "E1"]) == 2
        assert history.rows_at(tx, experts, 1) == []


def test_pages_follow_each_other_by_code_point_and_meet_every_row_once(store):
    ids = sorted(["a", "B", "ä", "Z", "あ", "𠮷", "髙", "E10", "E9", "-", "_"])
    with store.write() as tx:
        for expert_id in reversed(ids):
            an_expert(tx, expert_id)
    with store.read() as tx:
        seen, after = [], None
        while rows := EXPERTS.page(tx, after=after, limit=2):
            seen += [row["expert_id"] for row in rows]
            after = (seen[-1],)
    assert seen == ids


@pytest.mark.parametrize("text", ["a\x00b", "\ud83d"])
@pytest.mark.parametrize("cell", ["name", "qualifications"])
def test_text_that_a_database_cannot_keep_is_refused_by_both(store, text, cell):
    with pytest.raises(InvalidValueError, match="U\\+0000"), store.write() as tx:
        an_expert(tx, "E1", **{cell: [text] if cell == "qualifications" else text})


def test_a_member_of_a_list_is_found_as_a_whole_and_literally(store):
    with store.write() as tx:
        an_expert(tx, "E1", categories=["it", "sales.web"])
        an_expert(tx, "E2", categories=["it.ai"], qualifications=['a"b', "100%"])
        found = {
            name: [row["expert_id"] for row in EXPERTS.page(tx, is_one_of(experts.c[column], name))]
            for column, name in [
                ("categories", "it"),
                ("categories", "it_ai"),
                ("qualifications", 'a"b'),
                ("qualifications", "1%"),
            ]
        }
    assert found == {"it": ["E1"], "it_ai": [], 'a"b': ["E2"], "1%": []}
