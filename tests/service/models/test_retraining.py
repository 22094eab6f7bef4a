import pytest

from matcher.errors import MatcherError, ModelFileError
from matcher.training import train
from service.models import retraining
from service.models.comparison import Verdict
from service.models.retraining import retrain
from service.store import audit, erasures, models, persons
from service.store.dispatches import DISPATCHES
from service.store.errors import MissingError
from service.store.loading import load
from tests.service.builders import ON, a_dataset, a_model


@pytest.fixture
def filled(store):
    with store.write() as tx:
        load(tx, a_dataset())
    return store


def trained(store, home, **options):
    return retrain(store, home, on=ON, by="me", **options)


def active(store):
    with store.read() as tx:
        row = models.active(tx)
    return row and row["model_id"]


def an_outcome(store) -> None:
    """One more outcome, so that another model comes out."""
    unknown = a_dataset().dispatches
    dispatch_id = unknown.loc[unknown["resolved"].isna() & (unknown["status"] == "completed"), "dispatch_id"].iloc[0]
    with store.write() as tx:
        DISPATCHES.change(tx, dispatch_id, {"resolved": True})


def answer(monkeypatch, *, not_worse: bool) -> None:
    said = Verdict(not_worse, "because", {"figures": []})
    monkeypatch.setattr(retraining, "compare", lambda *_args, **_options: said)


def test_the_first_model_serves_and_knows_which_data_it_learned_from(filled, tmp_path):
    made = trained(filled, tmp_path)
    assert made.activated
    assert active(filled) == made.row["model_id"]
    assert made.row["data_revision"] == 1
    assert (tmp_path / made.row["file"]).is_file()


def test_the_same_data_gives_the_same_model_which_serves_already(filled, tmp_path, monkeypatch):
    first = trained(filled, tmp_path)
    answer(monkeypatch, not_worse=False)
    again = trained(filled, tmp_path)
    assert again.row["model_id"] == first.row["model_id"]
    assert "same" in again.because


@pytest.mark.parametrize("not_worse", [True, False])
def test_a_later_model_serves_only_where_it_is_not_worse_and_is_kept_with_its_figures(
    filled, tmp_path, monkeypatch, not_worse
):
    first = trained(filled, tmp_path)
    an_outcome(filled)
    answer(monkeypatch, not_worse=not_worse)
    second = trained(filled, tmp_path)
    assert second.activated is not_worse
    assert active(filled) == (second if not_worse else first).row["model_id"]
    with filled.read() as tx:
        kept = models.read(tx, second.row["model_id"])
    assert kept["figures"] == {"figures": []}
    assert (tmp_path / kept["file"]).is_file()


def test_outcomes_that_the_active_model_has_learned_from_are_not_what_it_is_compared_on(filled, tmp_path, monkeypatch):
    trained(filled, tmp_path)
    an_outcome(filled)
    asked = []
    monkeypatch.setattr(retraining, "compare", lambda *args, **_options: asked.append(args[2]) or Verdict(False, ""))
    trained(filled, tmp_path)
    known = a_dataset().dispatches.dropna(subset=["resolved"])
    assert asked == [set(known["dispatch_id"])]


def test_after_an_erasure_it_serves_without_a_comparison(filled, tmp_path, monkeypatch):
    trained(filled, tmp_path)
    an_outcome(filled)
    answer(monkeypatch, not_worse=False)
    assert trained(filled, tmp_path, always=True).activated


def test_a_model_that_replaces_one_that_cannot_be_used_serves(filled, tmp_path):
    first = trained(filled, tmp_path)
    (tmp_path / first.row["file"]).write_bytes(b"torn")
    an_outcome(filled)
    assert trained(filled, tmp_path).activated


def test_a_model_that_was_activated_meanwhile_is_not_replaced(filled, tmp_path, monkeypatch):
    trained(filled, tmp_path)
    an_outcome(filled)

    def somebody_else(*_args, **_options):
        retraining.adopt(filled, tmp_path, a_file(tmp_path))
        return Verdict(True, "not worse")

    monkeypatch.setattr(retraining, "compare", somebody_else)
    made = trained(filled, tmp_path)
    assert (made.activated, made.because) == (False, "another model was activated meanwhile")


def a_file(folder):
    data = a_dataset()
    a_model(data.before(ON.replace(year=2025)), folder / "elsewhere")
    return folder / "elsewhere"


def test_a_file_from_elsewhere_is_adopted_and_stays_where_it_was(filled, tmp_path):
    path = a_file(tmp_path)
    made = retraining.adopt(filled, tmp_path, path)
    assert active(filled) == made.row["model_id"]
    assert path.is_file()


def test_a_torn_file_is_not_adopted(filled, tmp_path):
    (tmp_path / "torn").write_bytes(b"torn")
    with pytest.raises(ModelFileError, match="torn"):
        retraining.adopt(filled, tmp_path, tmp_path / "torn")


def test_rolling_back_lets_the_one_before_serve_and_is_on_the_audit_trail(filled, tmp_path):
    first = trained(filled, tmp_path)
    an_outcome(filled)
    trained(filled, tmp_path, always=True)
    with filled.write() as tx:
        retraining.roll_back(tx, by="me")
    assert active(filled) == first.row["model_id"]
    with filled.read() as tx:
        actions = [row["action"] for row in audit.entries(tx)]
    assert actions == ["model rolled back", "model activated", "model trained", "model activated", "model trained"]


def test_nothing_is_left_in_the_folder_by_a_training_that_fails(filled, tmp_path, monkeypatch):
    def fail(*_args, **options):
        options["path"].write_bytes(b"half")
        raise RuntimeError

    monkeypatch.setattr(retraining, "train", fail)
    with pytest.raises(RuntimeError):
        trained(filled, tmp_path)
    assert list((tmp_path / "models").iterdir()) == []


def test_there_is_nothing_to_roll_back_to_before_a_second_model(filled, tmp_path):
    trained(filled, tmp_path)
    with pytest.raises(MissingError), filled.write() as tx:
        retraining.roll_back(tx, by="me")


def test_a_model_that_learned_from_somebody_who_was_erased_meanwhile_is_not_kept(filled, tmp_path, monkeypatch):
    def train_slowly(*given, **more):
        made = train(*given, **more)
        with filled.write() as tx:
            persons.erase(tx, persons.find(tx, "expert", a_dataset().experts["expert_id"].iloc[0]))
            erasures.note(tx, "expert", "x", principal_id=None, counts={})
        return made

    monkeypatch.setattr(retraining, "train", train_slowly)
    with pytest.raises(MatcherError, match="erased"):
        trained(filled, tmp_path)
    assert list((tmp_path / "models").iterdir()) == []
    assert active(filled) is None
