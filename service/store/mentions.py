"""What rows of others say of a person: words in texts, earlier states, kept answers, uploads."""

import json
import re
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from service.store import shortlists
from service.store.engine import Tx
from service.store.schema import (
    Change,
    consultations,
    decisions,
    dispatches,
    experts,
    idempotency,
    imports,
    notes,
    row_versions,
)
from service.store.schema import shortlists as kept_shortlists

Pattern = re.Pattern[str]
_GONE = "〔消去〕"
_PER_STATEMENT = 500
# Where somebody may have written of somebody else.
_TEXTS: tuple[tuple[sa.Column[Any], Change | None], ...] = (
    (consultations.c.description, Change.CONSULTATIONS),
    (dispatches.c.comment, Change.DISPATCHES),
    (experts.c.introduction, Change.EXPERTS),
    (notes.c.text, None),
    (decisions.c.reason, None),
)


def spoken_of(person_id: str, names: Collection[str]) -> Pattern:
    """The id as a word of its own, or a name, with or without blanks in it; a name of one letter is no name."""
    worded = [r"\s*".join(map(re.escape, name.split())) for name in names if len(name.strip()) > 1]
    word = rf"(?<![0-9A-Za-z_-]){re.escape(person_id)}(?![0-9A-Za-z_-])"
    return re.compile("|".join([word, *worded]))


def remove_mentions(tx: Tx, spoken: Pattern, *, texts: bool) -> dict[str, int]:
    """Strikes the words out; what was done, as counts. `texts` False: those of consultations and notes stay."""
    counts = {"texts": _out_of_texts(tx, spoken), "earlier_texts": _versions(tx, spoken)} if texts else {}
    return counts | {"answers": _out_of_answers(tx, spoken), "imports": _out_of_imports(tx)}


def _out_of_texts(tx: Tx, spoken: Pattern) -> int:
    changed = 0
    for column, change in _TEXTS:
        table = column.table
        key = next(iter(table.primary_key))
        rows: Sequence[Any] = tx.execute(sa.select(key, column).where(column.is_not(None))).all()
        found = {row[0]: spoken.sub(_GONE, row[1]) for row in rows if spoken.search(row[1])}
        for row_id, text in found.items():
            revised = {} if change is None else {"revision": tx.revise(change)}
            run(tx, sa.update(table).where(key == row_id).values({column.name: text, **revised}))
        if table is consultations:  # whose words stand in their shortlists, too
            for part in parts(list(found)):
                made = sa.select(kept_shortlists.c.shortlist_id).where(kept_shortlists.c.consultation_id.in_(part))
                empty(tx, tx.execute(made).scalars().all())
        changed += len(found)
    return changed


def _versions(tx: Tx, spoken: Pattern) -> int:
    """Earlier states of other rows that speak of the person."""
    rows = tx.execute(sa.select(row_versions.c.version_id, row_versions.c.payload)).all()
    found = [row.version_id for row in rows if spoken.search(json.dumps(row.payload, ensure_ascii=False))]
    return sum(run(tx, sa.delete(row_versions).where(row_versions.c.version_id.in_(part))) for part in parts(found))


def _out_of_answers(tx: Tx, spoken: Pattern) -> int:
    """Answers kept for requests that may come twice: the request is answered with 410 instead."""
    kept = idempotency.c
    rows = tx.execute(sa.select(kept.principal_id, kept.key, kept.body).where(kept.body.is_not(None))).all()
    found = [row for row in rows if spoken.search(row.body.decode("utf-8", "replace"))]
    for row in found:
        mine = (kept.principal_id == row.principal_id) & (kept.key == row.key)
        run(tx, sa.update(idempotency).where(mine).values(status=410, headers={}, body=b'{"status":410}'))
    return len(found)


def _out_of_imports(tx: Tx) -> int:
    """Files that wait may hold anybody: they are to be sent again. Nor is kept what was found in others."""
    waiting = imports.c.status == "checked"
    count = run(tx, sa.update(imports).where(waiting).values(status="expired"))
    run(tx, sa.update(imports).values(content=None, report={}, difference=None))
    return count


def empty(tx: Tx, shortlist_ids: Sequence[str]) -> int:
    """Empties the shortlists; how many there are."""
    for part in parts(sorted(set(shortlist_ids))):
        shortlists.erase(tx, part)
    return len(set(shortlist_ids))


def run(tx: Tx, statement: sa.Executable) -> int:
    """How many rows it changed."""
    return tx.execute(statement).rowcount


def parts(ids: Sequence[Any]) -> list[Sequence[Any]]:
    """The ids in parts that one statement can name."""
    return [ids[start : start + _PER_STATEMENT] for start in range(0, len(ids), _PER_STATEMENT)]
