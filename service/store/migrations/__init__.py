"""How the database comes to have the tables of `service.store.schema`, step by step and never backwards.

After a change of the schema, `python -m service.store.migrations "what it does"` writes the next step.
"""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from matcher.errors import MatcherError


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's, with the connection that its environment is to use."""
    config = Config()
    config.set_main_option("script_location", "service.store:migrations")
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The step that this program's tables need."""
    return ScriptDirectory.from_config(configuration()).get_current_head() or ""


def reached(connection: Connection) -> str:
    """The step that the database has reached; empty for a database without tables."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def upgrade(connection: Connection) -> None:
    """Takes all steps that are missing, within the connection's transaction.

    Raises `MatcherError` for the database of a newer program.
    """
    try:
        command.upgrade(configuration(connection), "head")
    except CommandError:
        raise MatcherError(
            f"the database is at {reached(connection)}, which this program does not know; accepted: up to {newest()}"
        ) from None
