"""訂正: cells of a person's row, as typed."""

from collections.abc import Mapping
from datetime import date

from matcher.columns import TABLES
from matcher.errors import InvalidValueError, UnknownValueError
from service.access.accounts import CONSOLE
from service.cells import read_cells
from service.experts.dossier import taxonomy_of
from service.store import audit, erasures, persons, users
from service.store.clients import CLIENTS
from service.store.engine import Tx
from service.store.errors import MissingError
from service.store.experts import EXPERTS
from service.store.rows import Rows

_ROWS: Mapping[str, Rows] = {"expert": EXPERTS, "client": CLIENTS}


def correct(tx: Tx, kind: str, person_id: str, typed: Mapping[str, str], *, today: date) -> list[str]:
    """The columns that were set; blank makes unknown. Of a user the name alone.

    Raises `MissingError`, `DataError` with every fault, `UnknownValueError` for a column that cannot be set.
    """
    person = persons.find(tx, kind, person_id)
    if person is None:
        raise MissingError(kind)
    for name in typed:
        if name not in _settable(kind):
            raise UnknownValueError("column", name, ", ".join(_settable(kind)))
    if kind == "user":
        if not typed["name"].strip():
            raise InvalidValueError("name", "", "a name")
        users.rename(tx, person.person_id, typed["name"].strip())
    else:
        rows = _ROWS[kind]
        cells = read_cells(TABLES[rows.table.name], typed, today=today, taxonomy=taxonomy_of(tx))
        rows.change(tx, person_id, cells)
    subject = erasures.name_of(tx, kind, person.person_id)
    audit.append(tx, "person corrected", principal_id=CONSOLE, subject=subject, detail={"columns": sorted(typed)})
    return sorted(typed)


def _settable(kind: str) -> list[str]:
    if kind == "user":
        return ["name"]
    table = TABLES[_ROWS[kind].table.name]
    return [name for name in table.names if name not in table.key]
