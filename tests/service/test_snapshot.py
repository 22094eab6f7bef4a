import pandas as pd
import pytest

from matcher.errors import DataError, MatcherError
from service.settings import Settings
from service.snapshot import Snapshot, today_in_japan
from tests.service.builders import ON, a_snapshot


def test_the_register_is_kept_for_the_day_and_renewed_on_the_next():
    snapshot = a_snapshot()
    today = snapshot.register(ON)
    assert snapshot.register(ON) is today
    assert snapshot.register(ON + pd.Timedelta(days=1)).on == ON + pd.Timedelta(days=1)


def test_the_answer_names_the_day_it_holds_for():
    snapshot = a_snapshot()
    answers = [
        snapshot.rank({"category": "finance"}, k=1, lang="ja", on=day) for day in (ON, ON + pd.Timedelta(days=1), ON)
    ]
    assert [answer.as_of for answer in answers] == ["2026-04-01", "2026-04-02", "2026-04-01"]
    assert answers[0] == answers[2]


def test_a_consultation_received_after_today_is_refused():
    with pytest.raises(DataError, match="2026-04-01"):
        a_snapshot().rank({"category": "finance", "received_on": "2026-04-02"}, k=1, lang="ja", on=ON)


def test_without_data_there_is_nothing_to_load():
    with pytest.raises(MatcherError, match="MATCHER_DATA"):
        Snapshot.load(Settings(), on=ON)


def test_today_is_a_day_without_zone():
    today = today_in_japan()
    assert today == today.normalize()
    assert today.tz is None
