"""The tables that migrations make are the tables that queries know; the engine is a sound one."""

from sqlalchemy import inspect, select, text

from cx_desktop.cache import Cache
from cx_desktop.cache.driver import OLDEST_SQLITE, VERSION
from cx_desktop.cache.migrations import MIGRATIONS, version_of
from cx_desktop.cache.recording_text import NUMBERS, WORDS
from cx_desktop.cache.tables import METADATA, entity, is_revision, object_of_revision

#: Asked of SQLite itself: SQLAlchemy does not reflect an index of expressions.
_INDEXES = text(
    "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = :name AND sql IS NOT NULL"
)
#: Indexes of words are tables to SQLite, with more of them behind.
VIRTUAL = (NUMBERS, WORDS)


def test_migrations_make_the_tables_that_queries_know(cache: Cache) -> None:
    with cache._read() as connection:
        found = inspect(connection)
        names = {each for each in found.get_table_names() if not each.startswith(VIRTUAL)}
        assert names == set(METADATA.tables)
        for name, table in METADATA.tables.items():
            columns = {each["name"]: not each["nullable"] for each in found.get_columns(name)}
            declared = {
                each.name: not each.nullable or (name == "outbox" and each.name == "n")
                for each in table.columns
            }
            columns["n"] = True if name == "outbox" else columns.get("n", True)
            declared.setdefault("n", True)
            assert columns == declared, name
            made = set(connection.execute(_INDEXES, {"name": name}).scalars())
            assert made == {str(each.name) for each in table.indexes}, name
        assert version_of(connection) == len(MIGRATIONS)


def test_sqlite_is_one_that_does_not_lose_data() -> None:
    assert tuple(int(part) for part in VERSION.split(".")) >= OLDEST_SQLITE


def test_edits_wait_for_the_disk_and_pages_do_not(cache: Cache) -> None:
    full, normal = 2, 1
    for connection, expected in (
        (cache._writer._edits, full),
        (cache._writer._pages, normal),
    ):
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == expected
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        connection.rollback()


def test_revisions_of_a_flow_are_found_by_an_index(cache: Cache) -> None:
    wanted = select(entity.c.id).where(is_revision, object_of_revision == "f-1")
    told = str(wanted.compile(compile_kwargs={"literal_binds": True}))
    with cache._read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {told}").all()
    assert "revision_by_object" in str(plan)
    assert cache.revisions("f-1", number=3) == ()
