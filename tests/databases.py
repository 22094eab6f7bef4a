"""An empty database for each test, SQLite or PostgreSQL, brought up to date once a session and then copied."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from itertools import count
from pathlib import Path

from service.store.engine import Store
from tests.postgres import Server, server

DATABASES = ("sqlite", "postgresql")
_names = (f"test_{number}" for number in count())


class Databases:
    """Makes databases; a server is started when the first one is asked of it, and stopped at the end."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self.server: Callable[[], Server] = cache(lambda: stack.enter_context(server()))
        self._migrated_file = cache(self._migrate_file)
        self._migrated_database = cache(self._migrate_database)

    def migrated(self, kind: str) -> AbstractContextManager[str]:
        """The URL of a database with all tables and no row, gone afterwards."""
        return self._file(self._migrated_file()) if kind == "sqlite" else self._database(self._migrated_database())

    def empty(self, kind: str) -> AbstractContextManager[str]:
        """The URL of a database without tables, gone afterwards."""
        return self._file(None) if kind == "sqlite" else self._database("template0")

    @contextmanager
    def _file(self, template: Path | None) -> Iterator[str]:
        path = self._folder / f"{next(_names)}.db"
        if template is not None:
            shutil.copy(template, path)
        yield f"sqlite:///{path}"
        path.unlink(missing_ok=True)

    def _database(self, template: str) -> AbstractContextManager[str]:
        return self.server().database(next(_names), template=template)

    def _migrate_file(self) -> Path:
        path = self._folder / "migrated.db"
        _migrate(f"sqlite:///{path}")
        return path

    def _migrate_database(self) -> str:
        self._stack.enter_context(self.server().database("migrated"))
        _migrate(self.server().url("migrated"))
        return "migrated"


def _migrate(url: str) -> None:
    store = Store.open(url)
    store.migrate()
    store.close()
