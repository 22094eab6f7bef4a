"""Writes the next step: what the schema has and the newest step lacks. Read it before you keep it."""

import sys
import tempfile

from alembic import command

from service.store.engine import Store
from service.store.migrations import configuration, newest

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        store = Store.open(f"sqlite:///{scratch}/empty.db")
        store.migrate()
        number = f"{int(newest()[1:] or 0) + 1:04}"
        with store.write() as tx:
            command.revision(configuration(tx.connection), sys.argv[1], autogenerate=True, rev_id=f"v{number}")
        store.close()
