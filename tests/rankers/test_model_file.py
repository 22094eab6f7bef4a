import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from matcher.errors import ModelFileError
from matcher.features.declared import FEATURES
from matcher.rankers import make_ranker
from matcher.rankers.model_file import MAGIC, SCHEMA_VERSION, load_model, read_card, save_model
from tests.rankers.contract import a_clear_case
from tests.shortlist.fake_ranker import FakeRanker

DAMAGES = 100


class Holding(FakeRanker):
    """A ranker whose state is whatever a test wants."""

    name = "nearest"

    def __init__(self, card: dict[str, Any], arrays: dict[str, Any]) -> None:
        self.held = card, arrays

    def state(self):
        return self.held


@pytest.fixture
def model(tmp_path) -> Path:
    path = tmp_path / "model"
    save_model(path, make_ranker("additive").fit(a_clear_case(), as_of=pd.Timestamp("2026-01-01")), {})
    return path


def refusal(path: Path) -> str:
    """The one line that both readers refuse the file with."""
    lines = set()
    for read in (load_model, read_card):
        with pytest.raises(ModelFileError) as caught:
            read(path)
        lines.add(str(caught.value))
    (line,) = lines
    assert "\n" not in line
    assert path.name in line
    return line


def sealed(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """A file whose checksum is right, whatever it holds."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return signed(buffer.getvalue())


def signed(payload: bytes) -> bytes:
    return MAGIC + hashlib.sha256(payload).hexdigest().encode() + b"\n" + payload


def members_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes()[len(MAGIC) + 65 :])) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(path: Path, **changes: Any) -> dict[str, bytes]:
    """The file's members, with the card changed."""
    members = members_of(path)
    return members | {"card.json": json.dumps(json.loads(members["card.json"]) | changes).encode()}


def test_the_card_is_readable_and_says_what_made_the_model(tmp_path):
    ranker = make_ranker("nearest").fit(a_clear_case(), as_of=pd.Timestamp("2026-01-01"))
    saved = save_model(tmp_path / "model", ranker, {"trained_until": "2026-01-01", "seed": 5})
    card = read_card(tmp_path / "model")
    assert card == saved.card == load_model(tmp_path / "model").card
    assert card["features"] == sorted(FEATURES)
    assert (card["ranker"], card["seed"], card["schema_version"]) == ("nearest", 5, SCHEMA_VERSION)
    assert card["fingerprint"] == hashlib.sha256((tmp_path / "model").read_bytes()[len(MAGIC) + 65 :]).hexdigest()
    assert saved.identity == {
        "id": f"nearest-{card['fingerprint'][:12]}",
        "fingerprint": card["fingerprint"],
        "ranker": "nearest",
        "trained_until": "2026-01-01",
    }


@pytest.mark.parametrize("kept", [0, 1, len(MAGIC), len(MAGIC) + 64, len(MAGIC) + 65, 5000, -1])
def test_a_truncated_file_is_refused(model, kept):
    model.write_bytes(model.read_bytes()[:kept])
    refusal(model)


def test_bytes_after_the_end_are_refused(model):
    model.write_bytes(model.read_bytes() + b"\0")
    assert "damaged" in refusal(model)


def test_every_flipped_bit_is_found(model):
    """Anywhere: in the head line, the checksum, the card, the arrays, the archive's directory."""
    content = model.read_bytes()
    rng = np.random.default_rng(0)
    head = np.arange(0, len(MAGIC) + 66, 5)
    places = np.concatenate([head, rng.choice(len(content), DAMAGES, replace=False), [len(content) - 1]])
    for place, bit in zip(places, rng.integers(0, 8, len(places)), strict=True):
        damaged = bytearray(content)
        damaged[place] ^= 1 << bit
        model.write_bytes(bytes(damaged))
        refusal(model)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"tree\nversion=v4\n", "モデル".encode(), bytes(1000)])
def test_a_foreign_file_is_refused(tmp_path, content):
    (tmp_path / "other").write_bytes(content)
    assert "not a model file; accepted: a file that `matcher train` wrote" in refusal(tmp_path / "other")


def test_another_schema_version_is_refused_by_its_number(model):
    model.write_bytes(sealed(rewritten(model, schema_version=99)))
    with pytest.raises(ModelFileError, match=r"schema version 99; accepted: 1"):
        load_model(model)


def test_other_features_are_refused_by_name(model):
    gone = sorted(FEATURES)[0]
    model.write_bytes(sealed(rewritten(model, features=["zeal", *sorted(FEATURES)[1:]])))
    with pytest.raises(ModelFileError, match=rf"\+zeal, -{gone}\); train again"):
        load_model(model)


@pytest.mark.parametrize("knots", [[0.0, 1.0, 2.0, 3.0, 4.0, 5.0], [0.0, 1.0], None])
def test_other_shapes_of_features_are_refused_by_name(model, knots):
    """Even as many corners: else coefficients would silently be read at other places."""
    theirs = {name: list(feature.knots) for name, feature in FEATURES.items()} | {"distance": knots}
    model.write_bytes(sealed(rewritten(model, knots=theirs)))
    with pytest.raises(ModelFileError, match=r"other shapes of features \(distance\); train again"):
        load_model(model)


def test_a_card_does_not_name_itself(model):
    honest = read_card(model)["fingerprint"]
    model.write_bytes(sealed(rewritten(model, id="best", fingerprint=honest)))
    card = read_card(model)
    assert card["fingerprint"] != honest
    assert card["id"] == f"{card['ranker']}-{card['fingerprint'][:12]}"


def test_an_unknown_ranker_is_refused_by_name(model):
    model.write_bytes(sealed(rewritten(model, ranker="oracle")))
    with pytest.raises(ModelFileError, match=r"unknown ranker 'oracle'; accepted: .*additive"):
        load_model(model)


@pytest.mark.parametrize("name", ["absent", "folder", "absent/model"])
def test_a_file_that_is_not_there_is_refused(tmp_path, name):
    (tmp_path / "folder").mkdir()
    assert "cannot be read" in refusal(tmp_path / name)


@pytest.mark.parametrize("payload", [b"", b"no archive", bytes(100)])
def test_a_right_checksum_of_something_else_is_refused(tmp_path, payload):
    (tmp_path / "model").write_bytes(signed(payload))
    assert "cannot be read as a model" in refusal(tmp_path / "model")


@pytest.mark.parametrize("card", [b"", b"{", b"[]", b"1", b"null", b"\xff", b"NaN"])
def test_a_card_that_is_no_object_is_refused(model, card):
    model.write_bytes(sealed(members_of(model) | {"card.json": card}))
    refusal(model)


@pytest.mark.parametrize("lost", ["schema_version", "ranker", "features", "knots", "fitted"])
def test_a_card_that_lacks_something_is_refused(model, lost):
    members = members_of(model)
    card = json.loads(members["card.json"])
    del card[lost]
    model.write_bytes(sealed(members | {"card.json": json.dumps(card).encode()}))
    assert "its card lacks some of features, fitted, knots, ranker, schema_version" in refusal(model)


def test_a_model_that_lacks_an_array_is_refused_by_its_name(model):
    members = members_of(model)
    del members["history.day.npy"]
    model.write_bytes(sealed(members))
    with pytest.raises(ModelFileError, match="day"):
        load_model(model)


def test_a_pickled_array_is_never_loaded(model):
    """With a right checksum, too: a file from a stranger may have one."""

    class Armed:
        def __reduce__(self):
            return Path.touch, (model.with_name("ran"),)

    buffer = io.BytesIO()
    np.save(buffer, np.array([Armed()], dtype=object), allow_pickle=True)
    model.write_bytes(sealed(members_of(model) | {"history.day.npy": buffer.getvalue()}))
    assert "cannot be read as a model" in refusal(model)
    assert not model.with_name("ran").exists()


def test_a_compressed_archive_is_refused_before_it_is_unpacked(model):
    model.write_bytes(sealed(members_of(model) | {"bomb.npy": bytes(10**6)}, zipfile.ZIP_DEFLATED))
    assert "compressed" in refusal(model)


HUGE = b"\x93NUMPY\x01\x00\x46\x00{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000000,)}\n"


@pytest.mark.parametrize("content", [b"", HUGE, b"\x93NUMPY", b"\x93NUMPY\x01\x00\x10\x00{'descr': '<f8'}"])
def test_a_broken_array_is_refused(model, content):
    model.write_bytes(sealed(members_of(model) | {"history.day.npy": content}))
    refusal(model)


def test_objects_are_not_saved(model):
    before = model.read_bytes()
    with pytest.raises(ValueError, match="Object arrays cannot be saved"):
        save_model(model, Holding({}, {"names": np.array(["a", None], dtype=object)}), {})
    assert model.read_bytes() == before
    assert [path.name for path in model.parent.iterdir()] == ["model"]


def test_what_json_cannot_hold_is_not_saved(tmp_path):
    with pytest.raises(ValueError, match="JSON"):
        save_model(tmp_path / "model", Holding({"spread": float("nan")}, {}), {})
    assert not list(tmp_path.iterdir())


def fail(*_args: Any, **_named: Any) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace", "tempfile.mkstemp"])
def test_a_failed_write_leaves_the_earlier_file_and_nothing_else(model, monkeypatch, step):
    before = model.read_bytes()
    monkeypatch.setattr(step, fail)
    with pytest.raises(ModelFileError, match="No space left on device"):
        save_model(model, Holding({}, {}), {})
    monkeypatch.undo()
    assert model.read_bytes() == before
    assert [path.name for path in model.parent.iterdir()] == ["model"]


@pytest.mark.parametrize("name", ["absent/model", "file/model", "folder", "long" * 100])
def test_a_place_where_no_file_can_be_is_refused(tmp_path, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelFileError, match="cannot write"):
        save_model(tmp_path / name, Holding({}, {}), {})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_a_new_model_replaces_the_old_one(model):
    before = model.read_bytes()
    save_model(model, make_ranker("nearest").fit(a_clear_case(), as_of=pd.Timestamp("2026-01-01")), {})
    assert model.read_bytes() != before
    assert load_model(model).ranker.name == "nearest"
