import pytest

from matcher.errors import ModelFileError
from matcher.sample import write
from service.first_start import make_ready
from service.settings import Settings
from service.store import audit, models
from service.store.engine import Store
from service.store.experts import EXPERTS
from tests.service.builders import ON, a_dataset, a_model, a_world


@pytest.fixture
def start(tmp_path):
    """Makes ready in a home of the test's own: what was said, the experts, the active model."""
    store = Store.open(f"sqlite:///{tmp_path / 'home' / 'service.sqlite'}")

    def run(**settings):
        said = []
        make_ready(Settings(home=tmp_path / "home", **settings), store, say=said.append, on=ON, sample_of=12)
        with store.read() as tx:
            return said, EXPERTS.page(tx, limit=200), models.active(tx)

    yield run
    store.close()


def test_a_first_start_fills_an_empty_database_with_a_sample_and_trains_on_it(start, tmp_path):
    said, experts, model = start()
    assert len(said) == 3
    assert len(experts) == 12
    assert model["card"]["counts"]["experts"] == 12
    assert (tmp_path / "home" / model["file"]).is_file()


def test_a_second_start_keeps_everything_and_says_nothing(start):
    _, experts, model = start()
    assert start() == ([], experts, model)


def test_data_and_model_that_are_named_are_taken(start, tmp_path):
    write(a_world(), tmp_path / "data")
    trained = a_model(a_dataset(), tmp_path / "model")
    said, experts, model = start(data=tmp_path / "data", model=tmp_path / "model")
    assert len(experts) == 60
    assert model["fingerprint"] == trained.card["fingerprint"]
    assert (tmp_path / "model").is_file()
    assert len(said) == 1


def test_what_is_named_beside_what_is_there_is_not_read_and_that_is_said(start, tmp_path):
    _, experts, model = start()
    said, *now = start(data=tmp_path / "nowhere", model=tmp_path / "nowhere")
    assert now == [experts, model]
    assert ["MATCHER_DATA" in text or "MATCHER_MODEL" in text for text in said] == [True, True]


def test_a_model_that_cannot_be_used_stops_the_start(start, tmp_path):
    (tmp_path / "torn").write_bytes(b"torn")
    with pytest.raises(ModelFileError, match="torn"):
        start(model=tmp_path / "torn")


def test_a_model_that_this_program_cannot_use_is_followed_by_another(start, tmp_path):
    _, _, model = start()
    (tmp_path / "home" / model["file"]).write_bytes(b"torn")
    said, _, now = start()
    assert model["file"] in said[0]
    assert (tmp_path / "home" / now["file"]).read_bytes() != b"torn"


def test_the_first_model_is_on_the_audit_trail(start, tmp_path):
    start()
    store = Store.open(f"sqlite:///{tmp_path / 'home' / 'service.sqlite'}")
    with store.read() as tx:
        assert [row["action"] for row in audit.entries(tx)] == ["model activated", "model trained"]
    store.close()
