"""What can be asked of the lists, and that pages of each meet every row once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from matcher.errors import InvalidValueError
from service.store import clients, conflicts, consultations, experts, notes, shortlists
from service.store.conflicts import CONFLICTS
from service.store.engine import Store
from service.store.errors import MissingError, StaleError
from service.store.experts import Wanted
from tests.service.store.builders import a_client, a_consultation, a_shortlist, an_expert


def all_pages(page, key_of, **asked):
    seen, after = [], None
    while rows := page(after=after, limit=2, **asked):
        seen += rows
        after = key_of(seen[-1])
    return seen


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), ["E1", "E2", "E3"]),
        (Wanted(text="山田"), ["E1"]),
        (Wanted(text="web"), ["E2"]),
        (Wanted(text="%"), []),
        (Wanted(text="e3"), ["E3"]),
        (Wanted(categories=("sales",)), ["E3"]),
        (Wanted(categories=("sales.web", "x"), prefecture_code="13"), ["E1"]),
        (Wanted(prefecture_code="14"), ["E1"]),
        (Wanted(name="ﾔﾏﾀﾞ　タ"), ["E1"]),
        (Wanted(name="web"), []),
        (Wanted(text="ＷＥＢ の"), ["E2"]),
        (Wanted(qualification="診断士"), ["E2"]),
        (Wanted(qualification="中小企業診断士"), ["E2"]),
        (Wanted(status="active"), ["E1", "E2"]),
        (Wanted(status="retired"), ["E3"]),
    ],
)
def test_experts_are_found_by_words_category_place_qualification_and_status(store, wanted, found):
    with store.write() as tx:
        place = {"prefecture_code": "13", "service_prefectures": ["14"]}
        an_expert(tx, "E1", name="山田", kana="やまだ タロウ", categories=["sales.web"], **place)
        an_expert(tx, "E2", name="佐藤", introduction="WEBの専門家", qualifications=["中小企業診断士"], status="active")
        an_expert(tx, "E3", name="鈴木", categories=["sales"], status="retired")
        assert [row["expert_id"] for row in experts.page(tx, wanted)] == found


def test_a_hub_sees_the_clients_who_consulted_it(store):
    with store.write() as tx:
        for number in range(3):
            a_client(tx, f"C{number}", name=f"株式会社{number}")
            a_consultation(tx, f"K{number}", client_id=f"C{number}", hub_id=f"H{number % 2}")
        assert [row["client_id"] for row in clients.page(tx)] == ["C0", "C1", "C2"]
        assert [row["client_id"] for row in clients.page(tx, hub_id="H0")] == ["C0", "C2"]
        assert [row["client_id"] for row in clients.page(tx, hub_id="H0", name="社2")] == ["C2"]
        assert [clients.is_of_hub(tx, "C1", hub_id) for hub_id in ("H0", "H1")] == [False, True]


def test_consultations_come_newest_first_and_those_of_an_unknown_day_last(store):
    with store.write() as tx:
        for name, day in [("a", 3), ("b", 5), ("c", 3), ("d", None), ("e", None)]:
            received = day and date(2026, 4, day)
            a_consultation(tx, name, received_on=received, hub_id="H1" if name in "abd" else None, status="open")
    with store.read() as tx:
        for asked, wanted in [
            ({}, "bcaed"),
            ({"hub_id": "H1"}, "bad"),
            ({"status": "closed"}, ""),
            ({"since": date(2026, 4, 4)}, "b"),
            ({"until": date(2026, 4, 4)}, "ca"),
            ({"category": "sales.web", "client_id": "C1"}, ""),
        ]:
            rows = all_pages(lambda **given: consultations.page(tx, **given), consultations.key_of, **asked)
            assert "".join(row["consultation_id"] for row in rows) == wanted


@pytest.mark.parametrize(
    ("page", "key"),
    [
        (consultations.page, ("soon", "K1")),
        (consultations.page, ("2026-04-01T00:00:00", "K1")),
        (shortlists.page, ("soon", "s")),
        (shortlists.page, ("0001-01-01T00:00:00+23:00", "s")),
    ],
)
def test_a_key_of_another_list_is_refused(store, page, key):
    with store.read() as tx, pytest.raises(InvalidValueError, match="key"):
        page(tx, after=key)


def test_conflicts_are_found_by_each_side(store):
    with store.write() as tx:
        an_expert(tx)
        made = [CONFLICTS.create(tx, {"expert_id": "E1", side: "X"}) for side in ("client_id", "hub_id")]
        assert conflicts.page(tx, client_id="X") == made[:1]
        assert conflicts.page(tx, hub_id="X", expert_id="E1") == made[1:]
        with pytest.raises(MissingError, match="expert"):
            CONFLICTS.create(tx, {"expert_id": "E2"})


def at(store, moment):
    return Store(store.engine, lambda: moment)


def test_shortlists_are_listed_newest_first_without_what_they_say(store):
    moment = datetime(2026, 4, 1, tzinfo=UTC)
    with store.write() as tx:
        an_expert(tx)
        a_consultation(tx, "K1")
        a_consultation(tx, "K2")
    made = []
    for number in range(5):
        with at(store, moment + timedelta(seconds=number // 2)).write() as tx:
            made.append(a_shortlist(tx, f"K{number % 2 + 1}", hub_id=f"H{number % 2 + 1}"))
    with store.read() as tx:
        rows = all_pages(lambda **given: shortlists.page(tx, **given), shortlists.key_of)
        assert sorted(map(shortlists.key_of, rows), reverse=True) == list(map(shortlists.key_of, rows))
        assert {row["shortlist_id"] for row in rows} == {row["shortlist_id"] for row in made}
        assert len(rows) == 5
        assert "answer" not in rows[0]
        assert len(shortlists.page(tx, hub_id="H2", consultation_id="K2")) == 2


def test_a_shortlist_is_kept_to_the_letter_until_a_person_in_it_is_erased(store):
    answer = '{"items": [ {"name":"𠮷田"} ]}\n'
    with store.write() as tx:
        an_expert(tx)
        a_consultation(tx)
        made = a_shortlist(tx, answer=answer)
    with store.write() as tx:
        assert shortlists.read(tx, made["shortlist_id"]) == made
        assert made["answer"] == answer
        shortlists.erase(tx, [made["shortlist_id"]])
        gone = shortlists.read(tx, made["shortlist_id"])
    assert (gone["answer"], gone["asked"], gone["answer_sha256"]) == (None, {}, made["answer_sha256"])
    assert gone["erased_at"] is not None


@pytest.mark.parametrize(("consultation_id", "expert_id"), [("K9", "E1"), ("K1", "E9")])
def test_a_shortlist_of_what_is_not_stored_is_refused(store, consultation_id, expert_id):
    with store.write() as tx:
        an_expert(tx)
        a_consultation(tx)
    with pytest.raises(MissingError), store.write() as tx:
        a_shortlist(tx, consultation_id, (expert_id,))


def test_notes_of_a_hub_are_written_changed_and_removed_by_who_has_read_them(store):
    with store.write() as tx:
        an_expert(tx)
        note = notes.create(tx, "E1", "話しやすい", principal_id="P1", hub_id="H1")
        notes.create(tx, "E1", "遅い", principal_id="P2", hub_id="H2")
        with pytest.raises(MissingError, match="expert"):
            notes.create(tx, "E2", "?", principal_id="P1", hub_id="H1")
    with store.write() as tx:
        assert notes.page(tx, "E1", hub_id="H1") == [note]
        assert len(all_pages(lambda **given: notes.page(tx, "E1", **given), notes.key_of)) == 2
        changed = notes.change(tx, note["note_id"], "とても話しやすい", expected=1)
        assert (changed["text"], changed["revision"]) == ("とても話しやすい", 2)
        with pytest.raises(StaleError):
            notes.change(tx, note["note_id"], "x", expected=1)
        with pytest.raises(StaleError):
            notes.remove(tx, note["note_id"], expected=1)
        notes.remove(tx, note["note_id"], expected=2)
        with pytest.raises(MissingError):
            notes.change(tx, note["note_id"], "x", expected=2)
