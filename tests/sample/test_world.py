import numpy as np
import pandas as pd
import pytest

from matcher.columns import TABLES
from matcher.dataset import empty_frame
from matcher.errors import InvalidValueError
from matcher.sample import generate
from matcher.sample.consultations import open_count
from tests.sample.worlds import claims, kilometres, open_consultations, probabilities, small_world

LAST = pd.Timestamp("2026-03-31")


def sent_with_experts():
    data = small_world().data
    joined = data.dispatches.merge(data.experts, on="expert_id", suffixes=("", "_expert"))
    return joined.merge(data.consultations, on="consultation_id", suffixes=("", "_asked"))


def test_oracle_is_far_above_the_nearest_expert_who_claims_the_category():
    world = small_world()
    truth = probabilities(world)
    nearest = np.where(claims(world), kilometres(world), np.inf).argmin(axis=1)
    assert truth.max(axis=1).mean() - truth[np.arange(len(truth)), nearest].mean() >= 0.25


def test_past_coordinators_do_better_than_chance_and_worse_than_the_nearest_who_claims():
    world = small_world()
    truth = probabilities(world)
    column = pd.Index(world.data.experts["expert_id"]).get_indexer(world.choices["expert_id"])
    chosen = truth[np.arange(len(truth)), column][column >= 0].mean()
    nearest = np.where(claims(world), kilometres(world), np.inf).argmin(axis=1)
    assert truth.mean() + 0.05 < chosen < truth[np.arange(len(truth)), nearest].mean() + 0.02


def test_about_half_of_the_variance_of_skill_shows_in_no_profile():
    latent = small_world().latent
    hidden, visible = latent["hidden"].var(), latent["visible"].var()
    # A full and honest profile would tell 55-70 %; real ones, with false claims and blanks, about 50 %.
    assert 0.55 < visible / (visible + hidden) < 0.7
    assert abs(latent["hidden"].corr(latent["visible"])) < 0.02


def test_claims_and_practice_differ_both_ways():
    latent = small_world().latent
    assert 0.6 < latent["practises"][latent["claims"]].mean() < 0.9
    assert 0.7 < latent["claims"][latent["practises"]].mean() < 0.95


def test_a_tenth_of_the_register_gets_about_half_of_the_dispatches():
    sent = small_world().data.dispatches["expert_id"].value_counts()
    assert sent.iloc[:60].sum() > 0.45 * len(small_world().data.dispatches)  # 63 % with 4,000 experts


def test_nobody_is_sent_before_being_registered():
    sent = sent_with_experts()
    assert (sent["decided_on"] >= sent["registered_on"]).all()
    assert small_world().data.experts["registered_on"].dt.year.nunique() >= 6


def test_nobody_is_sent_into_a_conflict():
    world = small_world()
    pairs = sent_with_experts().merge(world.data.conflicts.dropna(subset=["client_id"]), on=["expert_id", "client_id"])
    assert (pairs["from"] > pairs["decided_on"]).all()
    hubs = sent_with_experts().merge(world.data.conflicts.dropna(subset=["hub_id"]), on=["expert_id", "hub_id"])
    assert hubs.empty


def test_dates_end_with_the_fiscal_year():
    data = small_world().data
    for frame, column in (
        (data.consultations, "received_on"),
        (data.dispatches, "decided_on"),
        (data.dispatches, "completed_on"),
    ):
        assert frame[column].max() <= LAST
    assert (sent_with_experts()["decided_on"] >= sent_with_experts()["received_on"]).all()


def test_the_newest_consultations_are_open_and_have_no_dispatch():
    data = small_world().data
    newest = data.consultations.tail(500)
    assert (newest["status"] == "open").all()
    assert (data.consultations.iloc[:-500]["status"] == "closed").all()
    assert data.consultations["received_on"].is_monotonic_increasing
    assert not data.dispatches["consultation_id"].isin(newest["consultation_id"]).any()


def test_truth_names_every_expert_for_every_open_consultation():
    world = small_world()
    pairs = pd.MultiIndex.from_product([open_consultations(world)["consultation_id"], world.data.experts["expert_id"]])
    assert pd.MultiIndex.from_frame(world.truth[["consultation_id", "expert_id"]]).equals(pairs)
    assert world.truth["probability"].between(0, 1, inclusive="neither").all()


@pytest.mark.parametrize(("size", "expected"), [(0, 0), (15, 15), (199, 20), (300, 30), (4999, 499), (9999, 500)])
def test_open_consultations_follow_the_contract(size, expected):
    assert open_count(size) == expected


def test_missing_is_the_exact_share_of_unknown_outcomes():
    done = small_world().data.dispatches.query("status == 'completed'")
    assert done["resolved"].isna().sum() == round(0.4 * len(done))
    assert done["satisfaction"][done["resolved"].isna()].isna().all()


@pytest.mark.parametrize("success", [0.2, 0.8])
def test_success_is_the_mean_of_resolved(success):
    data = generate(experts=200, consultations=3000, success=success, missing=0.0).data
    assert data.dispatches["resolved"].mean() == pytest.approx(success, abs=0.03)


def test_outcomes_are_of_completed_dispatches_only():
    sent = small_world().data.dispatches
    other = sent[sent["status"] != "completed"]
    assert set(sent["status"]) >= {"declined", "cancelled", "completed", "accepted"}
    assert (
        other[["visits", "completed_on", "resolved", "satisfaction", "report_on_time", "comment"]].isna().all(axis=None)
    )


def test_published_figures_are_met():
    data = small_world().data
    done = data.dispatches.query("status == 'completed'")
    assert (data.consultations["mode"] == "onsite").sum() / data.consultations["mode"].notna().sum() == pytest.approx(
        0.47, abs=0.03
    )
    assert (data.clients["employees"] <= 5).sum() / data.clients["employees"].notna().sum() == pytest.approx(
        0.6, abs=0.03
    )
    assert 0.9 < (done["satisfaction"].dropna() >= 4).mean() < 0.95
    assert done["visits"].between(1, 5).all()
    assert data.hubs["kind"].eq("よろず支援拠点").sum() == 47


def test_categories_come_as_often_as_the_taxonomy_says():
    shares = small_world().data.consultations["category"].value_counts(normalize=True)
    assert shares["sales.web"] == pytest.approx(0.10 / 0.90, abs=0.015)
    assert len(shares) == 39


def test_experts_with_dozens_of_cases_exist():
    assert (small_world().data.dispatches["expert_id"].value_counts() >= 24).sum() >= 20


def test_frames_have_the_contracts_types():
    data = small_world().data
    for name in TABLES:
        assert list(data.table(name).dtypes.items()) == list(empty_frame(TABLES[name]).dtypes.items()), name


@pytest.mark.parametrize(("experts", "consultations"), [(1, 0), (1, 60), (2, 5)])
def test_tiny_worlds_work(experts, consultations):
    world = generate(experts=experts, consultations=consultations)
    assert len(world.data.experts) == experts
    assert len(world.truth) == experts * open_count(consultations)


@pytest.mark.parametrize(
    "wrong",
    [
        {"experts": 0},
        {"experts": -5},
        {"experts": 1.5},
        {"consultations": -1},
        {"seed": -1},
        {"missing": 1.0},
        {"missing": -0.1},
        {"missing": float("nan")},
        {"success": 0.0},
        {"success": 1.0},
    ],
)
def test_arguments_that_make_no_world_are_refused(wrong):
    with pytest.raises(InvalidValueError, match=next(iter(wrong))):
        generate(**wrong)


def test_progress_is_told_from_start_to_end():
    told = []
    generate(experts=2, consultations=3, progress=lambda stage, done, total: told.append((done, total)))
    assert [done for done, _ in told] == list(range(len(told)))
    assert told[-1][0] == told[-1][1]
