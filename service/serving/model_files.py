"""Where model files lie and how they come to be trusted: below the home folder, by the hash in their row."""

import hashlib
from pathlib import Path
from typing import Any

from matcher.errors import MatcherError, ModelFileError
from matcher.rankers.model_file import Model, load_model
from service.store.history import Row
from service.store.models import Trained

FOLDER = "models"


def folder(home: Path) -> Path:
    """The folder of model files, made where it is missing. Raises `MatcherError`."""
    made = home / FOLDER
    try:
        made.mkdir(mode=0o700, parents=True, exist_ok=True)  # they remember people
    except OSError as error:
        raise MatcherError(f"cannot make {str(made)!r}: {error.strerror}") from error
    return made


def keep(home: Path, written: Path, model: Model, **more: Any) -> Trained:
    """Moves a written file to its name, which is its fingerprint; what the registry is to know of it."""
    name = f"{FOLDER}/{model.card['fingerprint']}.npz"
    sha256 = _sha256(written)
    written.replace(home / name)
    card = {key: value for key, value in model.card.items() if key not in ("fitted", "features", "knots")}
    return Trained(str(model.card["id"]), name, sha256, str(model.card["fingerprint"]), card, **more)


def load(home: Path, row: Row) -> Model:
    """The model of a registry row. Raises `ModelFileError` where the file is missing or not the one registered."""
    if not is_sound(home, row):
        raise ModelFileError(f"{row['file']}: missing or not as it was registered; accepted: a restored or another one")
    model = load_model(home / row["file"])
    if model.card["fingerprint"] != row["fingerprint"]:
        raise ModelFileError(f"{row['file']}: replaced while it was read; accepted: the same again")
    return model


def is_sound(home: Path, row: Row) -> bool:
    """Whether the file is there with the very bytes that were registered."""
    try:
        return _sha256(home / row["file"]) == str(row["sha256"])
    except OSError:
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
