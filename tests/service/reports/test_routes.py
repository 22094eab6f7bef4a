"""Reports by HTTP: figures by hand, nothing of fewer than three clients, a coordinator's own hub alone."""

from datetime import date

import pytest
from fastapi.testclient import TestClient

from service.store.hubs import HUBS
from tests.service.builders import a_client, a_key
from tests.service.store.builders import a_client as client_row
from tests.service.store.builders import a_consultation, a_dispatch, a_shortlist, an_expert


@pytest.fixture
def served(with_models):
    """Hub A with four clients, hub B with two; four active experts, of whom E1 was sent six times and E2 once."""
    with a_client(database=with_models) as client:
        with client.app.state.store.write() as tx:
            for hub_id in ("A", "B"):
                HUBS.create(tx, {"hub_id": hub_id, "name": f"拠点{hub_id}"})
            for number in range(1, 5):
                an_expert(tx, f"E{number}")
            an_expert(tx, "E5", status="retired")
            for number, hub_id in enumerate("AAAABB"):
                client_row(tx, f"C{number}", name="秘密")
                place = {"client_id": f"C{number}", "hub_id": hub_id, "received_on": date(2026, 2, 1)}
                a_consultation(tx, f"K{number}", **place)
                outcome = {"resolved": number < 3, "satisfaction": 4.0} if hub_id == "A" else {}
                a_dispatch(
                    tx,
                    f"D{number}",
                    consultation_id=f"K{number}",
                    status="completed",
                    decided_on=date(2025, 12, 1),
                    **outcome,
                )
            a_dispatch(tx, "D9", consultation_id="K0", expert_id="E2", decided_on=date(2026, 3, 1))
            a_dispatch(tx, "D10", consultation_id="K0", expert_id="E3", status="declined")
            for number in range(4):
                a_shortlist(tx, f"K{number}", experts=("E1", "E2", "E3"), hub_id="A", as_of=date(2026, 2, 2))
        yield client


YEAR = {"fiscal_year": 2025}


@pytest.fixture
def supervisor(served):
    return TestClient(served.app, headers=a_key(served.app.state.store, "supervisor"))


def by_hub(made):
    return {row["hub_id"]: row for row in made["hubs"]}


def test_exposure_counts_whom_hubs_showed_and_sent(supervisor):
    made = supervisor.get("/v1/reports/exposure", params=YEAR).json()
    row = by_hub(made)["A"]
    assert (row["consultations"], row["clients"], row["experts_shown"]) == (4, 4, 3)
    assert (row["sends"], row["experts_sent"]) == (5, 2)
    use = made["register_use"]
    assert (use["active"], use["sent"], use["never_sent"], use["never_sent_share"]) == (4, 2, 2, 0.5)
    assert use["top_tenth_share"] == pytest.approx(6 / 7, abs=1e-4)
    assert use["gini"] == pytest.approx((4 * 6 + 3 * 1) * 2 / (4 * 7) - 5 / 4, abs=1e-4)


def test_a_hub_of_two_clients_is_withheld_and_so_is_what_would_tell_of_it(supervisor):
    for name in ("exposure", "outcomes", "follow-up"):
        answer = supervisor.get(f"/v1/reports/{name}", params=YEAR)
        made, row = answer.json(), by_hub(answer.json())["B"]
        assert "秘密" not in answer.text
        assert "C1" not in answer.text
        counts = {"consultations", "clients", "sends", "completed", "due"} & row.keys()
        assert counts
        assert {row[count] for count in counts} == {made["whole"][count] for count in counts} == {None}


def test_outcomes_are_shares_of_what_is_known(supervisor):
    row = by_hub(supervisor.get("/v1/reports/outcomes", params=YEAR).json())["A"]
    assert (row["sends"], row["completed"], row["satisfaction"]) == (5, 4, 4.0)
    assert (row["resolved"]["yes"], row["resolved"]["known"]) == (3, 4)
    assert row["on_time"] is None


def test_the_follow_up_counts_what_nobody_has_told(supervisor):
    made = supervisor.get("/v1/reports/follow-up", params=YEAR).json()
    assert (by_hub(made)["A"]["due"], by_hub(made)["A"]["known"]["share"]) == (0, 1)
    assert by_hub(made)["B"]["due"] is None


def test_a_fiscal_year_counts_its_own(supervisor):
    assert by_hub(supervisor.get("/v1/reports/outcomes", params=YEAR).json())["A"]["sends"] == 5
    made = supervisor.get("/v1/reports/exposure", params={"fiscal_year": 2024}).json()
    assert (made["whole"]["sends"], made["register_use"]["never_sent_share"]) == (0, 1.0)


@pytest.mark.parametrize("name", ["exposure", "outcomes", "follow-up"])
def test_a_report_is_of_the_current_fiscal_year_unless_another_is_asked_for(supervisor, name):
    assert supervisor.get(f"/v1/reports/{name}").json()["fiscal_year"] == 2026
    assert supervisor.get(f"/v1/reports/{name}", params=YEAR).json()["fiscal_year"] == 2025


def test_no_report_less_the_reports_of_the_years_tells_of_a_single_client(served, supervisor):
    with served.app.state.store.write() as tx:
        client_row(tx, "C9", name="秘密")
        a_consultation(tx, "K9", client_id="C9", hub_id="A", received_on=date(2024, 5, 1))
        for number, decided_on in ((20, date(2024, 6, 1)), (21, None)):
            a_dispatch(tx, f"D{number}", consultation_id="K9", status="completed", decided_on=decided_on)
    own = TestClient(served.app, headers=a_key(served.app.state.store, "coordinator", "A"))
    for caller in (own, supervisor):
        for name, told in (("exposure", {"sends", "consultations"}), ("outcomes", {"sends", "completed"})):
            made = {
                year: by_hub(caller.get(f"/v1/reports/{name}", params=asked).json())["A"]
                for year, asked in ((2024, {"fiscal_year": 2024}), (2025, YEAR), (None, {}))
            }
            assert {made[2024][figure] for figure in told} == {None}
            assert {made[None][figure] for figure in told} == {0}, "not all times: the current year"


def test_a_coordinator_gets_the_own_hub_alone(served):
    own = TestClient(served.app, headers=a_key(served.app.state.store, "coordinator", "A"))
    for name in ("exposure", "outcomes", "follow-up"):
        made = own.get(f"/v1/reports/{name}", params=YEAR).json()
        assert list(by_hub(made)) == ["A"]
    assert own.get("/v1/reports/outcomes", params=YEAR).json()["whole"]["sends"] == 5
