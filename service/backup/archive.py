"""One ZIP archive: `manifest.json`, a file of JSON lines for each table, and the model files."""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO
from uuid import uuid4

from matcher.errors import MatcherError
from service.serving import model_files
from service.store import audit, dump, migrations, models
from service.store.engine import Store, Tx
from service.store.frozen import frozen
from service.store.history import Row

FORM = 1
_MANIFEST = "manifest.json"
_PIECE = 1 << 20


class BackupError(MatcherError):
    """An archive that is damaged, foreign, or does not fit here."""


@dataclass(frozen=True)
class Manifest:
    """What an archive holds: when it was made, of which step of the schema, each member's SHA-256, the audit's head."""

    form: int
    made_at: str
    migration: str
    audit_head: str
    members: dict[str, str]


def back_up(store: Store, home: Path, path: Path) -> Manifest:
    """Writes all of one moment, while the service goes on; the file is there whole or not at all.

    Raises `BackupError` where the audit trail is broken or a model's file is not the registered one.
    """
    scratch = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with os.fdopen(os.open(scratch, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, frozen(store, path.parent) as tx:
                manifest = _written(tx, archive, home)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError as error:
        raise BackupError(
            f"cannot write {str(path)!r}: {error.strerror}; accepted: a file in an existing folder"
        ) from None
    finally:
        scratch.unlink(missing_ok=True)
    return manifest


def restore(store: Store, home: Path, path: Path) -> Manifest:
    """Fills an empty database and the home folder with what the archive holds, all of it or nothing.

    Raises `BackupError` for a database that holds something, and for an archive whose hashes or whose audit trail
    do not hold.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive)
            _check_members(archive, manifest)
            with store.write() as tx:
                _restore_tables(tx, archive, manifest)
                _restore_models(tx, archive, home)
    except (OSError, zipfile.BadZipFile, ValueError, LookupError, TypeError) as error:
        raise BackupError(f"{path.name}: cannot be read ({type(error).__name__}); accepted: a backup") from None
    return manifest


def _written(tx: Tx, archive: zipfile.ZipFile, home: Path) -> Manifest:
    verdict = audit.verify(tx)
    if verdict.broken is not None:
        raise BackupError(f"the audit trail is broken at entry {verdict.broken}; accepted: a database that is whole")
    members: dict[str, str] = {}
    for name in dump.TABLES:
        lines = (json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in dump.rows_of(tx, name))
        members |= _member(archive, f"tables/{name}.jsonl", lines)
    for row in _usable(tx):
        if not model_files.is_sound(home, row):
            raise BackupError(f"{row['file']}: missing or not as it was registered; accepted: its file, or its refusal")
        if row["file"] not in members:
            members |= _member(archive, row["file"], _pieces((home / row["file"]).open("rb")))
    manifest = Manifest(FORM, tx.now.isoformat(), migrations.reached(tx.connection), verdict.head, members)
    archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=1))
    return manifest


def _member(archive: zipfile.ZipFile, name: str, pieces: Iterator[bytes]) -> dict[str, str]:
    digest = hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as member:
        for piece in pieces:
            digest.update(piece)
            member.write(piece)
    return {name: digest.hexdigest()}


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


def _usable(tx: Tx) -> list[Row]:
    return [row for row in models.every(tx) if row["refused_at"] is None]


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    manifest = Manifest(**json.loads(archive.read(_MANIFEST)))
    if manifest.form != FORM:
        raise BackupError(f"a backup of form {manifest.form}; accepted: {FORM}")
    return manifest


def _check_members(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Everything is looked at before anything is written."""
    for name, sha256 in manifest.members.items():
        digest = hashlib.sha256()
        for piece in _pieces(archive.open(name)):
            digest.update(piece)
        if digest.hexdigest() != sha256:
            raise BackupError(f"{name}: not as it was written; accepted: an archive that is whole")


def _restore_tables(tx: Tx, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    if (here := migrations.reached(tx.connection)) != manifest.migration:
        raise BackupError(f"the backup is of {manifest.migration}, the database at {here}; accepted: the same step")
    if not dump.is_empty(tx):
        raise BackupError("the database holds something; accepted: an empty one")
    for name in dump.TABLES:
        with archive.open(f"tables/{name}.jsonl") as lines:
            dump.insert(tx, name, map(json.loads, lines))
    verdict = audit.verify(tx)
    if verdict.broken is not None or verdict.head != manifest.audit_head:
        raise BackupError(f"the audit trail breaks after entry {verdict.sound}; accepted: one that is whole")


def _restore_models(tx: Tx, archive: zipfile.ZipFile, home: Path) -> None:
    folder = model_files.folder(home)
    for row in _usable(tx):
        scratch = folder / f".{uuid4().hex}"
        with scratch.open("wb") as file:
            for piece in _pieces(archive.open(row["file"])):
                file.write(piece)
        scratch.replace(folder / Path(row["file"]).name)
        if not model_files.is_sound(home, row):
            raise BackupError(f"{row['file']}: not the registered file; accepted: an archive that is whole")
