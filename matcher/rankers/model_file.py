"""Model files: one readable card and plain arrays, checked before anything is parsed; loading runs no code.

Layout: a line `expert-matcher model 1`, a line with the SHA-256 (hex) of all that follows, then a ZIP archive
(stored, dates fixed, so that the same model is the same bytes) of `card.json` and one `.npy` an array.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.atomic_file import write_atomically
from matcher.errors import MatcherError, ModelFileError
from matcher.features.declared import FEATURES
from matcher.proposal import Proposer
from matcher.rankers.base import Ranker

MAGIC = b"expert-matcher model 1\n"
SCHEMA_VERSION = 1
OF_EVERY_CARD = {"schema_version", "ranker", "features", "knots", "fitted"}
_DIGEST_BYTES = 64
_PROPOSER = "proposer"


@dataclass(frozen=True)
class Model:
    """A fitted ranker with its card: `id`, `fingerprint` (SHA-256 of the file's content), and what made it."""

    ranker: Ranker
    card: Mapping[str, Any]

    @property
    def identity(self) -> dict[str, str]:
        """What every shortlist says of the model that made it."""
        return {name: str(self.card[name]) for name in ("id", "fingerprint", "ranker", "trained_until")}


def save_model(path: Path, ranker: Ranker, about: Mapping[str, Any], proposer: Proposer | None = None) -> Model:
    """Writes one file atomically; `about` goes into the card (data fingerprint, counts, dates, figures).

    A `proposer` of categories goes along; `load_proposer` reads it.

    Raises `ModelFileError` when the file cannot be written; an earlier file at `path` is then unharmed.
    """
    fitted, arrays = ranker.state()
    if proposer is not None:
        learned, more = proposer.state()
        fitted = {**fitted, _PROPOSER: learned}
        arrays = {**arrays, **{f"{_PROPOSER}.{name}": array for name, array in more.items()}}
    card = {
        "schema_version": SCHEMA_VERSION,
        "ranker": ranker.name,
        "features": sorted(FEATURES),
        "knots": _knots(),
        **about,
        "fitted": fitted,
    }
    payload = _archive(card, arrays)
    digest = hashlib.sha256(payload).hexdigest()
    _write(path, MAGIC + digest.encode() + b"\n" + payload)
    return Model(ranker, _named(card, digest))


def load_model(path: Path) -> Model:
    """Reads a model file. Raises `ModelFileError` for one that is missing, damaged, foreign or of other features."""
    payload, digest = _checked(path)
    card, arrays = _unpacked(path, payload)
    if card.get("schema_version") != SCHEMA_VERSION:
        raise ModelFileError(f"{path.name}: schema version {card.get('schema_version')}; accepted: {SCHEMA_VERSION}")
    _refuse_other_features(path, set(card["features"]))
    _refuse_other_shapes(path, card["knots"])
    return Model(_revived(path, card, arrays), _named(card, digest))


def load_proposer(path: Path) -> Proposer:
    """The proposer in a model file, whatever its ranker. Raises `ModelFileError` as `read_card`, and for none."""
    card, arrays = _unpacked(path, _checked(path)[0])
    begin = f"{_PROPOSER}."
    own = {name.removeprefix(begin): array for name, array in arrays.items() if name.startswith(begin)}
    try:
        return Proposer.from_state(card["fitted"][_PROPOSER], own)
    except (LookupError, TypeError, ValueError) as error:
        raise ModelFileError(f"{path.name}: holds no proposals of categories ({error!r}); train again") from error


def read_card(path: Path) -> dict[str, Any]:
    """The card alone. Raises `ModelFileError` as `load_model` does, but for other features."""
    payload, digest = _checked(path)
    return _named(_unpacked(path, payload)[0], digest)


def _named(card: Mapping[str, Any], digest: str) -> dict[str, Any]:
    # What names the file is never taken from inside it, whatever its card says.
    inside = {name: value for name, value in card.items() if name not in ("id", "fingerprint")}
    return {"id": f"{card['ranker']}-{digest[:12]}", "fingerprint": digest, **inside}


def _archive(card: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    text = json.dumps(card, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    members = {"card.json": text.encode()}
    for name in sorted(arrays):
        buffer = io.BytesIO()
        np.lib.format.write_array(buffer, np.ascontiguousarray(arrays[name]), version=(1, 0), allow_pickle=False)
        members[f"{name}.npy"] = buffer.getvalue()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def _write(path: Path, content: bytes) -> None:
    try:
        write_atomically(path, content)
    except MatcherError as error:
        raise ModelFileError(str(error)) from error


def _checked(path: Path) -> tuple[bytes, str]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelFileError(
            f"{path}: cannot be read ({error.strerror}); accepted: a file that `matcher train` wrote"
        ) from error
    head = len(MAGIC) + _DIGEST_BYTES + 1
    if not content.startswith(MAGIC):
        raise ModelFileError(f"{path.name}: not a model file; accepted: a file that `matcher train` wrote")
    stated, payload = content[len(MAGIC) : head - 1], content[head:]
    digest = hashlib.sha256(payload).hexdigest()
    if stated != digest.encode() or content[head - 1 : head] != b"\n":
        raise ModelFileError(f"{path.name}: damaged (its checksum does not match); train again or restore the file")
    return payload, digest


def _unpacked(path: Path, payload: bytes) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            if any(member.compress_type != zipfile.ZIP_STORED for member in archive.infolist()):
                raise ValueError("its members are compressed")  # ours never are, and a small file could fill the memory
            card = json.loads(archive.read("card.json"))
            names = [name for name in archive.namelist() if name.endswith(".npy")]
            arrays = {
                name.removesuffix(".npy"): np.lib.format.read_array(io.BytesIO(archive.read(name)), allow_pickle=False)
                for name in names
            }
        if not isinstance(card, dict) or not card.keys() >= OF_EVERY_CARD:
            raise ValueError(f"its card lacks some of {', '.join(sorted(OF_EVERY_CARD))}")
    except (zipfile.BadZipFile, LookupError, ValueError, RuntimeError, MemoryError) as error:
        raise ModelFileError(f"{path.name}: cannot be read as a model ({error})") from error
    return card, arrays


def _refuse_other_features(path: Path, theirs: set[str]) -> None:
    ours = set(FEATURES)
    if theirs != ours:
        differing = ", ".join(
            [f"+{name}" for name in sorted(theirs - ours)] + [f"-{name}" for name in sorted(ours - theirs)]
        )
        raise ModelFileError(f"{path.name}: made for other features ({differing}); train again")


def _knots() -> dict[str, list[float]]:
    return {name: list(feature.knots) for name, feature in FEATURES.items()}


def _refuse_other_shapes(path: Path, theirs: Any) -> None:
    """Coefficients belong to the corners that they were learned between."""
    held = theirs if isinstance(theirs, dict) else {}
    differing = [name for name, knots in sorted(_knots().items()) if held.get(name) != knots]
    if differing:
        raise ModelFileError(f"{path.name}: made for other shapes of features ({', '.join(differing)}); train again")


def _revived(path: Path, card: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> Ranker:
    try:
        return _kind(path, card["ranker"]).from_state(card["fitted"], arrays)
    except (LookupError, TypeError, ValueError) as error:
        raise ModelFileError(f"{path.name}: does not hold what the ranker needs ({error!r}); train again") from error


def _kind(path: Path, name: str) -> type[Ranker]:
    from matcher.rankers import RANKER_CLASSES

    for kind in RANKER_CLASSES:
        if kind.name == name:
            return kind
    raise ModelFileError(f"{path.name}: unknown ranker {name!r}; accepted: {', '.join(k.name for k in RANKER_CLASSES)}")
