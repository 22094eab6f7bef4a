import hashlib

import pytest

from service.store import imports
from service.store.errors import MissingError, StaleError


def an_import(tx, content=b"x", difference=None):
    return imports.create(
        tx, content, principal_id="P1", source="experts.csv", report={"faults": []}, difference=difference
    )


def test_a_checked_import_waits_with_its_content_and_is_applied_once(store):
    with store.write() as tx:
        made = an_import(tx, difference={"experts": 1})
        read = imports.read(tx, made["import_id"])
    assert (read["status"], read["content"]) == ("checked", b"x")
    assert read["content_sha256"] == hashlib.sha256(b"x").hexdigest()
    with store.write() as tx:
        done = imports.applied(tx, made["import_id"], revision=7)
        assert (done["status"], done["applied_revision"], done["content"]) == ("applied", 7, None)
        with pytest.raises(StaleError):
            imports.applied(tx, made["import_id"], revision=8)


def test_a_refused_import_keeps_its_report_and_not_its_content(store):
    with store.write() as tx:
        made = an_import(tx)
        assert (made["status"], made["content"], made["report"]) == ("refused", None, {"faults": []})
        with pytest.raises(StaleError):
            imports.applied(tx, made["import_id"], revision=1)


def test_an_unknown_import_is_missing(store):
    with store.write() as tx:
        for attempt in (lambda: imports.read(tx, "m"), lambda: imports.applied(tx, "m", revision=1)):
            with pytest.raises(MissingError):
                attempt()


def test_imports_are_listed_newest_first_without_content(store):
    for _ in range(3):
        with store.write() as tx:
            an_import(tx)
    with store.read() as tx:
        first = imports.page(tx, limit=2)
        rest = imports.page(tx, after=imports.key_of(first[-1]), limit=2)
    rows = first + rest
    assert len({row["import_id"] for row in rows}) == 3
    assert [imports.key_of(row) for row in rows] == sorted(map(imports.key_of, rows), reverse=True)
    assert "content" not in rows[0]
