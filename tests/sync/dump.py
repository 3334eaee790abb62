"""Everything in a cache, to see that nothing of it has changed."""

from cx_desktop.cache import Cache
from cx_desktop.cache.tables import METADATA


def dump(cache: Cache, *, without: tuple[str, ...] = ()) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    with cache._read() as connection:
        return {
            name: [
                tuple(row)
                for row in connection.exec_driver_sql(f"SELECT * FROM {name} ORDER BY 1")  # noqa: S608  (our own table names)
            ]
            for name in METADATA.tables
            if name not in without
        }


def entities(cache: Cache) -> dict[str, list[tuple[object, ...]]]:
    """What the service's word alone may change: rows, shadows, cursors, what is set aside."""
    return dump(cache, without=("outbox", "meta"))


def edits(cache: Cache) -> list[tuple[str, object]]:
    """The unsent edits, whatever their state."""
    return [(each.op.op_id, each.op.changes or each.op.value) for each in cache.outbox()]
