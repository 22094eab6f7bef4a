"""All tables of the service. Those of the data contract follow `matcher.columns`; the others are declared here.

Keys of our own are text with a short prefix, moments are UTC. `revision` is the number of the change that wrote the
row as it is; what it was before lies in `row_versions`.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from matcher.columns import TABLES, Column, Kind, Table
from service.store.cell_types import Moment, Text

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


class Change(StrEnum):
    """What a revision touched, so that a worker knows what to renew."""

    EXPERTS = "experts"
    REGISTER = "register"  # an expert's status, conflicts of interest
    CLIENTS = "clients"
    HUBS = "hubs"
    CONSULTATIONS = "consultations"
    DISPATCHES = "dispatches"
    CATEGORIES = "categories"
    IMPRESSIONS = "impressions"  # those that came with an import; what we log ourselves is no change of data
    MODEL = "model"
    ACCESS = "access"


_TYPES: dict[Kind, type[sa.types.TypeEngine[Any]]] = {
    Kind.DATE: sa.Date,
    Kind.NUMBER: sa.Double,
    Kind.INTEGER: sa.BigInteger,
    Kind.FLAG: sa.Boolean,
}
# Ordinary data alone: what only benchmarks bring (judgements, candidates) is not kept.
CONTRACT = ("categories", "hubs", "clients", "experts", "consultations", "dispatches", "conflicts", "impressions")
# Rows that the contract gives no id get one of ours.
ROW_ID = {name: TABLES[name].key[0] if TABLES[name].key else f"{name.removesuffix('s')}_id" for name in CONTRACT}


def _column(column: Column, table: Table) -> sa.Column[Any]:
    """A hub or client may be named without being listed, so only what the contract requires is a foreign key."""
    kind = sa.JSON if column.many else _TYPES.get(column.kind, Text)
    refers = [sa.ForeignKey(column.refers)] if column.refers and column.required else []
    key = column.name in table.key
    return sa.Column(column.name, kind(), *refers, primary_key=key, nullable=not column.required)


def _contract(name: str, *more: sa.schema.SchemaItem) -> sa.Table:
    table = TABLES[name]
    columns = [_column(column, table) for column in table.columns]
    own_key: tuple[sa.Column[Any], ...] = () if table.key else (sa.Column(ROW_ID[name], Text(), primary_key=True),)
    # Impressions that we log are written with each shortlist and change no data: they have no revision.
    revision = sa.Column("revision", sa.BigInteger, nullable=name == "impressions", index=True)
    return sa.Table(name, metadata, *own_key, *columns, revision, *more)


categories = _contract("categories")
hubs = _contract("hubs")
clients = _contract("clients", sa.Index(None, "name"))
experts = _contract("experts", sa.Index(None, "prefecture_code"))
consultations = _contract(
    "consultations", sa.Index(None, "hub_id"), sa.Index(None, "client_id"), sa.Index(None, "received_on")
)
dispatches = _contract(
    "dispatches", sa.Index(None, "consultation_id"), sa.Index(None, "expert_id", "decided_on"), sa.Index(None, "status")
)
conflicts = _contract("conflicts", sa.Index(None, "expert_id"), sa.Index(None, "client_id"), sa.Index(None, "hub_id"))
impressions = _contract("impressions", sa.Index(None, "shortlist_id"), sa.Index(None, "expert_id"))


def _id(name: str) -> sa.Column[str]:
    return sa.Column(name, Text(), primary_key=True)


def _text(name: str, *, needed: bool = True, index: bool = False, unique: bool = False) -> sa.Column[str]:
    return sa.Column(name, Text(), nullable=not needed, index=index, unique=unique)


def _refer(name: str, to: str, *, unique: bool = False) -> sa.Column[str]:
    return sa.Column(name, Text(), sa.ForeignKey(to), nullable=False, index=not unique, unique=unique)


def _moment(name: str, *, needed: bool = True, index: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, Moment(), nullable=not needed, index=index)


def _json(name: str, *, needed: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(none_as_null=True), nullable=not needed)


def _number(name: str, *, needed: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=not needed)


# A row identity that counts up: SQLite does so for INTEGER keys only.
_Serial = sa.BigInteger().with_variant(sa.Integer, "sqlite")

revisions = sa.Table(
    "revisions",
    metadata,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("kind", Text(), primary_key=True),
    _moment("at"),
)

row_versions = sa.Table(
    "row_versions",
    metadata,
    sa.Column("version_id", _Serial, primary_key=True),
    _text("table_name"),
    _text("row_id"),
    _json("payload"),
    _number("from_revision"),
    _number("to_revision"),
    sa.Index(None, "table_name", "row_id"),
    sa.Index(None, "to_revision"),
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    _id("key_id"),
    _text("prefix", index=True),
    _text("sha256", unique=True),
    _text("name"),
    _text("role"),
    _text("hub_id", needed=False),
    _json("scopes"),
    _text("created_by", needed=False),
    _moment("created_at"),
    _moment("expires_at", needed=False),
    _moment("revoked_at", needed=False),
)

users = sa.Table(
    "users",
    metadata,
    _id("user_id"),
    _text("login", unique=True),
    _text("name"),
    _text("password_hash"),
    _text("role"),
    _text("hub_id", needed=False),
    _moment("created_at"),
    _moment("password_changed_at", needed=False),
    _moment("disabled_at", needed=False),
)

sessions = sa.Table(
    "sessions",
    metadata,
    _id("session_id"),
    _text("sha256", unique=True),
    _refer("user_id", "users.user_id"),
    _moment("created_at"),
    _moment("last_seen_at"),
    _moment("expires_at"),
    _moment("ended_at", needed=False),
)

idempotency = sa.Table(
    "idempotency",
    metadata,
    _id("principal_id"),
    _id("key"),
    _text("request_hash"),
    sa.Column("status", sa.Integer, nullable=True),
    _json("headers", needed=False),
    sa.Column("body", sa.LargeBinary, nullable=True),
    _moment("created_at", index=True),
)

models = sa.Table(
    "models",
    metadata,
    _id("model_id"),
    _text("file"),
    _text("sha256"),
    _text("fingerprint"),
    _json("card"),
    _json("figures", needed=False),
    _number("data_revision", needed=False),
    _text("created_by", needed=False),
    _moment("created_at"),
    _moment("refused_at", needed=False),
    _text("refused_because", needed=False),
)

activations = sa.Table(
    "activations",
    metadata,
    sa.Column("revision", sa.BigInteger, primary_key=True, autoincrement=False),
    _refer("model_id", "models.model_id"),
    _text("principal_id", needed=False),
    _text("reason", needed=False),
    _moment("at"),
)

shortlists = sa.Table(
    "shortlists",
    metadata,
    _id("shortlist_id"),
    _text("consultation_id", needed=False, index=True),
    _text("hub_id", needed=False, index=True),
    _text("principal_id"),
    _json("asked"),
    sa.Column("as_of", sa.Date, nullable=False),
    _text("lang"),
    sa.Column("k", sa.Integer, nullable=False),
    _number("revision"),
    _text("model_id", needed=False),
    _text("model_fingerprint"),
    _text("data_fingerprint"),
    _json("programme"),
    _text("answer", needed=False),  # the very text that was sent; absent once a person in it was erased
    _text("answer_sha256"),
    _moment("created_at", index=True),
    _moment("erased_at", needed=False),
)

decisions = sa.Table(
    "decisions",
    metadata,
    _id("decision_id"),
    _refer("shortlist_id", "shortlists.shortlist_id", unique=True),
    _text("consultation_id", needed=False, index=True),
    _text("hub_id", needed=False, index=True),
    _text("principal_id"),
    _text("kind"),  # expert | solved_without_expert | nobody_suitable
    _text("expert_id", needed=False, index=True),
    sa.Column("rank", sa.Integer, nullable=True),
    _text("dispatch_id", needed=False),
    _text("reason", needed=False),
    _moment("at", index=True),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    _moment("at", index=True),
    _text("principal_id", needed=False, index=True),
    _text("action", index=True),
    _text("subject", needed=False, index=True),  # what it is about: kind and id, a person's as pseudonym
    _text("request_id", needed=False),
    _text("detail"),  # canonical JSON
    _text("previous"),
    _text("hash"),
)

# Made with the tables and never changed: what pseudonyms are computed with.
secrets = sa.Table("secrets", metadata, _id("name"), sa.Column("value", sa.LargeBinary, nullable=False))

imports = sa.Table(
    "imports",
    metadata,
    _id("import_id"),
    _text("principal_id"),
    _text("status"),  # checked | refused | applied | expired
    _text("source", needed=False),
    sa.Column("content", sa.LargeBinary, nullable=True),  # what was sent, until it is applied or too old
    _text("content_sha256"),
    _json("report"),
    _json("difference", needed=False),
    _number("base_revision"),
    _number("applied_revision", needed=False),
    _moment("created_at", index=True),
    _moment("applied_at", needed=False),
)

notes = sa.Table(
    "notes",
    metadata,
    _id("note_id"),
    _refer("expert_id", "experts.expert_id"),
    _text("hub_id", needed=False, index=True),
    _text("principal_id"),
    _text("text"),
    _number("revision"),
    _moment("created_at"),
    _moment("changed_at"),
)

erasures = sa.Table(
    "erasures",
    metadata,
    _id("erasure_id"),
    _text("pseudonym", index=True),
    _text("kind"),  # expert | client | user; with " stopped" behind it: there, but no longer used
    _text("principal_id", needed=False),
    _json("counts"),
    _number("revision"),
    _moment("at"),
)
