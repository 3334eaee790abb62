"""The checksums of large streams by the ends of ids, kept along: nobody reckons a million anew."""

from collections.abc import Iterable

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from cx_desktop.protocol.digest import NOTHING, Bucket, buckets, joined, less
from cx_desktop.service.store.tables import checksum

#: How many signs of an id make a range that is kept.
DEPTH = 2

Versions = Iterable[tuple[str, int]]


def came(connection: Connection, stream: str, versions: Versions) -> None:
    """These entities are in the stream from now on, in these versions."""
    fresh = buckets(versions, DEPTH)
    here = _kept(connection, stream, [each.suffix for each in fresh])
    _keep(connection, stream, joined([*fresh, *here.values()], DEPTH))


def went(connection: Connection, stream: str, versions: Versions) -> None:
    """These versions of entities are not in the stream any more."""
    gone = buckets(versions, DEPTH)
    here = _kept(connection, stream, [each.suffix for each in gone])
    _keep(connection, stream, [less(here.get(each.suffix, NOTHING), each) for each in gone])


def of(connection: Connection, stream: str) -> tuple[Bucket, ...]:
    """The checksums of a stream, in the order of their ranges."""
    query = select(checksum.c.suffix, checksum.c.rows, checksum.c.sum).where(
        checksum.c.stream == stream, checksum.c.rows > 0
    )
    return tuple(Bucket(*row) for row in connection.execute(query.order_by(checksum.c.suffix)))


def _kept(connection: Connection, stream: str, ends: list[str]) -> dict[str, Bucket]:
    query = select(checksum.c.suffix, checksum.c.rows, checksum.c.sum).where(
        checksum.c.stream == stream, checksum.c.suffix.in_(ends)
    )
    return {row[0]: Bucket(*row) for row in connection.execute(query)}


def _keep(connection: Connection, stream: str, parts: Iterable[Bucket]) -> None:
    values = [
        {"stream": stream, "suffix": each.suffix, "rows": each.rows, "sum": each.sum}
        for each in parts
    ]
    if not values:
        return
    kept = insert(checksum)
    fresh = {"rows": kept.excluded.rows, "sum": kept.excluded.sum}
    places = [checksum.c.stream, checksum.c.suffix]
    connection.execute(kept.on_conflict_do_update(index_elements=places, set_=fresh), values)
