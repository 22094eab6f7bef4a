import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from matcher.errors import MatcherError
from service.store.engine import Store
from service.store.migrations import newest, reached
from service.store.schema import metadata
from tests.databases import DATABASES


@pytest.fixture(params=DATABASES)
def empty(databases, request):
    with databases.empty(request.param) as url:
        store = Store.open(url)
        yield store
        store.close()


def test_an_empty_database_is_migrated_to_the_very_tables_of_the_schema(empty):
    assert not empty.migrated()
    empty.migrate()
    assert empty.migrated()
    with empty.read() as tx:
        context = MigrationContext.configure(tx.connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(store):
    with store.write() as tx:
        tx.revise()
    store.migrate()
    assert store.migrated()


def test_a_database_of_a_newer_program_is_not_taken_for_ours(store):
    with store.write() as tx:
        tx.connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'v9999'")
    assert not store.migrated()
    with store.read() as tx:
        assert reached(tx.connection) == "v9999" != newest()
    with pytest.raises(MatcherError, match=r"v9999.*accepted: up to v0001"):
        store.migrate()


def test_several_workers_that_start_together_migrate_once(empty):
    failed = []

    def start():
        worker = Store.open(empty.engine.url.render_as_string(hide_password=False))
        try:
            worker.migrate()
        except Exception as error:
            failed.append(error)
        worker.close()

    workers = [threading.Thread(target=start) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failed == []
    assert empty.migrated()


def test_a_file_is_made_for_its_owner_alone(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/below/new.db")
    store.migrate()
    store.close()
    assert (tmp_path / "below" / "new.db").stat().st_mode & 0o777 == 0o600
