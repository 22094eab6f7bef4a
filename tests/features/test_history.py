"""What is remembered of past cases, in which order, and that it outlives its file."""

import numpy as np
import pytest

from matcher.features.history import History
from matcher.rankers.training import Material
from tests.features.builders import a_register, cases, material
from tests.rankers.contract import the_material


@pytest.fixture(scope="module")
def known() -> Material:
    return the_material()


def test_a_remembered_text_is_compared_as_it_was_learned(known):
    """The own text is as close as can be; every category's weight is positive."""
    history = known.history
    assert (history.kind_weights > 0).all()
    row_of = {name: row for row, name in enumerate(known.consultations.ids)}
    rows = [row_of[name] for name in history.ids]
    np.testing.assert_array_equal(history.text, known.consultations.text[rows])


def test_cases_are_in_order_of_expert_then_day(known):
    history = known.history
    assert (np.diff(history.first) > 0).all()
    assert history.first[0] == 0
    assert history.first[-1] == len(history)
    assert (history.expert_ids[1:] > history.expert_ids[:-1]).all()
    for start, stop in zip(history.first[:-1], history.first[1:], strict=True):
        assert (np.diff(history.day[start:stop]) >= 0).all()


def test_a_history_outlives_its_state(known):
    again = History.from_state(known.history.state())
    assert again.state().keys() == known.history.state().keys()
    for name, array in again.state().items():
        assert array.dtype != object
        np.testing.assert_array_equal(array, known.history.state()[name])


def test_experts_with_a_case_of_a_consultation_or_of_a_client_are_found():
    data = a_register({}, {}, {}, **cases({"expert_id": "E2"}, {"expert_id": "E1"}, {"expert_id": "E2"}))
    history = material(data).history

    def names(consultation: str | None, client: str | None) -> list[str]:
        return history.expert_ids[history.experts_of(consultation, client)].tolist()

    for at, (consultation, client) in enumerate(zip(history.ids, history.clients, strict=True)):
        owners = history.expert_ids[history.owner[history.consultation == at]]
        assert names(consultation, None) == sorted(set(owners))
        same = np.isin(history.consultation, np.flatnonzero(history.clients == client))
        assert names(None, client) == sorted(set(history.expert_ids[history.owner[same]]))
    assert names("nobody's", "nobody") == names(None, None) == names(None, "") == []
