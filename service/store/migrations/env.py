"""Alembic runs this file for each of its commands; imported as a module it does nothing."""

from typing import Any, Literal

from alembic import context

from service.store.cell_types import Moment, Text
from service.store.schema import metadata


def render_type(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """How our own types are written in a step."""
    if kind != "type" or not isinstance(item, (Text, Moment)):
        return False
    autogen_context.imports.add("from service.store.cell_types import Moment, Text")
    return f"{type(item).__name__}()"


if __name__ == "env_py":  # the name that Alembic gives it
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata, render_item=render_type)
    with context.begin_transaction():
        context.run_migrations()
