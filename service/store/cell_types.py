"""How a cell is kept in either database, so that what is read back is what was written, and sorts alike."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from matcher.errors import InvalidValueError


class UnstorableError(InvalidValueError, sa.exc.DontWrapMixin):
    """A text that PostgreSQL cannot keep, and SQLite only by half."""

    def __init__(self) -> None:
        super().__init__("text", "", "text without U+0000 and without half characters (surrogates)")


class Text(sa.TypeDecorator[str]):
    """Text, sorted by code point. Raises `UnstorableError` for U+0000 and lone surrogates."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """PostgreSQL sorts by the database's language unless told not to; SQLite sorts by code point anyway."""
        return dialect.type_descriptor(postgresql.TEXT(collation="C") if dialect.name == "postgresql" else sa.Text())

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002
        """The value itself."""
        if value is not None and not is_storable(value):
            raise UnstorableError
        return value


class Moment(sa.TypeDecorator[datetime]):
    """A moment with its time zone; kept and read back as UTC. Raises `InvalidValueError` for one without a zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """In UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise InvalidValueError("moment", value, "a moment with a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """SQLite forgets the zone, which is always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def is_storable(text: str) -> bool:
    """Whether both databases can keep the text."""
    return "\x00" not in text and (text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text))
