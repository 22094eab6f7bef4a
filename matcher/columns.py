"""The data contract: every table, its columns, and what each cell may hold. All else reads this declaration.

In memory each table is a frame with *all* of its declared columns, in this order, and these types:

=============  ==========================================  ==============================
kind           in memory                                   unknown
=============  ==========================================  ==============================
id, text       `str`                                       NaN
choice, code   `str` (the accepted spelling)               NaN
date           `datetime64[s]`, midnight                   NaT
number, flag   `float64` (a flag is 1.0 or 0.0)            NaN
list           tuple of `str`, in the order as written     `()` (an empty cell says nothing)
=============  ==========================================  ==============================
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a cell holds."""

    ID = "id"
    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    INTEGER = "integer"
    FLAG = "flag"
    CHOICE = "choice"
    PREFECTURE = "prefecture"
    CATEGORY = "category"
    INDUSTRY = "industry"


@dataclass(frozen=True)
class Column:
    """One column of a table. `low` and `high` are inclusive limits of a number; `refers` is `table.column`."""

    name: str
    kind: Kind
    required: bool = False
    many: bool = False
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    refers: str = ""


@dataclass(frozen=True)
class Table:
    """One table: its columns, and the column (if any) whose values must be unique."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    required: bool = False
    by_name: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]


def _id(name: str, *, required: bool = False, refers: str = "") -> Column:
    return Column(name, Kind.ID, required=required, refers=refers)


def _number(name: str, low: float | None = None, high: float | None = None) -> Column:
    return Column(name, Kind.NUMBER, low=low, high=high)


def _integer(name: str, low: float | None = None, high: float | None = None) -> Column:
    return Column(name, Kind.INTEGER, low=low, high=high)


def _text(name: str, *, required: bool = False, many: bool = False) -> Column:
    return Column(name, Kind.TEXT, required=required, many=many)


def _date(name: str) -> Column:
    return Column(name, Kind.DATE)


def _flag(name: str) -> Column:
    return Column(name, Kind.FLAG)


_PLACE = (
    Column("prefecture_code", Kind.PREFECTURE),
    _text("municipality"),
    _number("latitude", -90, 90),
    _number("longitude", -180, 180),
)

EXPERTS = Table(
    "experts",
    (
        _id("expert_id", required=True),
        _text("name", required=True),
        _text("kana"),
        *_PLACE,
        Column("service_prefectures", Kind.PREFECTURE, many=True),
        _flag("remote"),
        Column("categories", Kind.CATEGORY, many=True),
        Column("industries", Kind.INDUSTRY, many=True),
        _text("qualifications", many=True),
        _number("years_experience", 0, 80),
        Column("style", Kind.CHOICE, choices=("push", "propose")),
        _text("introduction"),
        _integer("capacity_per_month", 0, 1000),
        _date("registered_on"),
        Column("status", Kind.CHOICE, choices=("active", "suspended", "retired")),
        Column("affiliations", Kind.ID, many=True),
    ),
    key=("expert_id",),
    required=True,
)

CONSULTATIONS = Table(
    "consultations",
    (
        _id("consultation_id", required=True),
        Column("category", Kind.CATEGORY, required=True),
        _id("hub_id", refers="hubs.hub_id"),
        _id("client_id", refers="clients.client_id"),
        _date("received_on"),
        Column("secondary_categories", Kind.CATEGORY, many=True),
        *_PLACE,
        Column("industry", Kind.INDUSTRY),
        _integer("employees", 0, 1_000_000),
        Column("mode", Kind.CHOICE, choices=("onsite", "online", "either")),
        _text("description"),
        Column("status", Kind.CHOICE, choices=("open", "closed")),
    ),
    key=("consultation_id",),
)

HUBS = Table(
    "hubs",
    (
        _id("hub_id", required=True),
        _text("name"),
        Column("prefecture_code", Kind.PREFECTURE),
        _text("municipality"),
        _text("kind"),
    ),
    key=("hub_id",),
)

CLIENTS = Table(
    "clients",
    (
        _id("client_id", required=True),
        _text("name"),
        Column("prefecture_code", Kind.PREFECTURE),
        _text("municipality"),
        Column("industry", Kind.INDUSTRY),
        _integer("employees", 0, 1_000_000),
        _flag("registered"),
    ),
    key=("client_id",),
)

DISPATCH_STATUS = ("offered", "accepted", "declined", "completed", "cancelled")

DISPATCHES = Table(
    "dispatches",
    (
        _id("dispatch_id", required=True),
        _id("consultation_id", required=True, refers="consultations.consultation_id"),
        _id("expert_id", required=True, refers="experts.expert_id"),
        _date("decided_on"),
        Column("status", Kind.CHOICE, choices=DISPATCH_STATUS),
        _integer("visits", 0, 1000),
        _date("completed_on"),
        _flag("resolved"),
        _number("satisfaction", 1, 5),
        _flag("report_on_time"),
        _text("comment"),
        _number("votes"),
        _number("rating"),
    ),
    key=("dispatch_id",),
)
# Benchmarks add `split` or `split_0`, `split_1` ...: which rows are held out. They are read by pattern.
SPLIT_PATTERN = r"split(_\d+)?"
SPLIT_CHOICES = ("train", "test")

CONFLICTS = Table(
    "conflicts",
    (
        _id("expert_id", required=True, refers="experts.expert_id"),
        _id("client_id", refers="clients.client_id"),
        _id("hub_id", refers="hubs.hub_id"),
        Column("kind", Kind.CHOICE, choices=("advisory_contract", "family", "affiliation", "other")),
        _date("from"),
        _date("until"),
    ),
)

IMPRESSIONS = Table(
    "impressions",
    (
        _id("shortlist_id", required=True),
        _id("consultation_id", required=True, refers="consultations.consultation_id"),
        _id("expert_id", required=True, refers="experts.expert_id"),
        _integer("rank_shown", 1),
        _number("propensity", 0, 1),
        _date("shown_at"),
    ),
)

CATEGORIES = Table(
    "categories",
    (_id("code", required=True), _id("parent"), _text("name_ja"), _text("name_en")),
    key=("code",),
)

JUDGEMENTS = Table(
    "judgements",
    (
        _id("consultation_id", required=True, refers="consultations.consultation_id"),
        _id("expert_id", required=True, refers="experts.expert_id"),
        _number("gain", 0),
    ),
)

CANDIDATES = Table("candidates", (_id("expert_id", required=True, refers="experts.expert_id"),), key=("expert_id",))

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        EXPERTS,
        CONSULTATIONS,
        HUBS,
        CLIENTS,
        DISPATCHES,
        CONFLICTS,
        IMPRESSIONS,
        CATEGORIES,
        JUDGEMENTS,
        CANDIDATES,
    )
}
