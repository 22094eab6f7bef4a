"""消去: a person out of database, models and files, with a proof that the files hold nothing of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from service.access.accounts import CONSOLE
from service.models.retraining import activate, retrain
from service.serving import model_files
from service.store import audit, erasures, models, persons
from service.store.engine import Store, Tx
from service.store.errors import MissingError
from service.store.persons import Person

ENCODINGS = ("utf-8", "utf-16-le", "utf-32-le", "cp932")  # model files keep ids in UTF-32
_SHORTEST = 4  # bytes; anything shorter is found in any file
_CHUNK = 1 << 22


@dataclass(frozen=True)
class Erased:
    """What was done, by counts; the model that serves now; files in which the person is found still."""

    pseudonym: str
    counts: dict[str, int]
    model_id: str | None
    found_in: tuple[Path, ...]


def erase(store: Store, home: Path, kind: str, person_id: str, *, on: pd.Timestamp) -> Erased:
    """Erases the person, trains anew and destroys all models that may remember. It may be run again after a failure.

    Raises `MissingError` for somebody who is neither known nor erased, `MatcherError` where no model can be trained.
    """
    with store.write() as tx:
        person, name, counts = _out_of_database(tx, kind, person_id)
    model_id = _out_of_models(store, home, on) if kind != "user" else None
    store.compact()
    with store.read() as tx:
        is_shared = [persons.is_named(tx, kind, one) for one in person.names]
    own = [] if kind == "user" else [person.person_id]  # a user's is random, and stays on the audit trail
    words = [*own, *(one for one, shared in zip(person.names, is_shared, strict=True) if not shared)]
    return Erased(name, counts, model_id, tuple(files_with(words, _files(store, home))))


def files_with(words: Iterable[str], paths: Iterable[Path]) -> Iterator[Path]:
    """The files that hold one of the words, in any encoding of ours; words too short to tell are not looked for."""
    marks = {word.encode(encoding, "ignore") for word in words for encoding in ENCODINGS}
    marks = {mark for mark in marks if len(mark) >= _SHORTEST}
    return (path for path in paths if _holds(path, marks))


def _out_of_database(tx: Tx, kind: str, person_id: str) -> tuple[Person, str, dict[str, int]]:
    person = persons.find(tx, kind, person_id)
    if person is None:
        if not erasures.erased(tx, kind, [person_id]):
            raise MissingError(kind)
        return Person(kind, person_id, ()), erasures.name_of(tx, kind, person_id), {}
    counts = persons.erase(tx, person)
    name = erasures.note(tx, kind, person.person_id, principal_id=CONSOLE, counts=counts)
    audit.append(tx, "person erased", principal_id=CONSOLE, subject=name, detail=counts)
    return person, name, counts


def _out_of_models(store: Store, home: Path, on: pd.Timestamp) -> str | None:
    """All models are replaced by one of what is left, then destroyed; None where there was none."""
    with store.read() as tx:
        old = models.every(tx)
    if not old:
        return None
    made = retrain(store, home, on=on, by=CONSOLE, always=True)
    new = made.row
    with store.write() as tx:
        if not made.activated:
            activate(tx, new["model_id"], by=CONSOLE, reason=models.ERASED)
        for row in old:
            if row["model_id"] != new["model_id"]:
                models.refuse(tx, row["model_id"], models.ERASED)
    for path in model_files.folder(home).iterdir():
        if path.name != Path(new["file"]).name:
            path.unlink()
    return str(new["model_id"])


def _files(store: Store, home: Path) -> list[Path]:
    """All below the home folder, and the database's own with what lies beside it."""
    found = {path.resolve() for path in home.rglob("*") if path.is_file()}
    if store.engine.dialect.name == "sqlite":
        database = Path(str(store.engine.url.database)).resolve()
        found |= {path for path in database.parent.glob(f"{database.name}*") if path.is_file()}
    return sorted(found)


def _holds(path: Path, marks: set[bytes]) -> bool:
    longest = max(map(len, marks), default=1)
    before = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            seen = before + chunk
            if any(mark in seen for mark in marks):
                return True
            before = seen[-longest:]
    return False
