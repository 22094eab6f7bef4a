"""The database as of one moment, to be read for long without keeping anybody from writing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from service.store.engine import Store, Tx

_PAGES = 10_000  # copied at a time; others write in between


@contextmanager
def frozen(store: Store, folder: Path) -> Iterator[Tx]:
    """A reading transaction: of the server, or of a copy of the file, which lies in the folder meanwhile.

    A reader of an SQLite file would keep writers from committing for as long as it reads.
    """
    if store.engine.dialect.name != "sqlite":
        with store.read() as tx:
            yield tx
        return
    with TemporaryDirectory(prefix=".frozen-", dir=folder) as scratch:
        copy = Path(scratch) / "copy.sqlite"
        with closing(sqlite3.connect(str(store.engine.url.database))) as there, closing(sqlite3.connect(copy)) as here:
            there.backup(here, pages=_PAGES)
        copied = Store.open(f"sqlite:///{copy}", now=store.now)
        try:
            with copied.read() as tx:
                yield tx
        finally:
            copied.close()
