"""What the service and a cache have written down, read past their own verbs."""

from collections import defaultdict

import msgspec
from sqlalchemy import select

from cx_desktop.cache import Cache
from cx_desktop.cache import tables as here
from cx_desktop.cache.entities import id_of
from cx_desktop.service.store.tables import entity, op_result
from cx_desktop.service.sync.cursors import Cursor
from cx_desktop.service.sync.results import Kept
from tests.fakes.service import RunningService

_DONE = ("applied", "merged")


def place_of(service: RunningService, cursor: str) -> int:
    """Where a cursor stands in the order of commits."""
    assert service.service is not None
    place = service.service.keys.untagged(cursor, Cursor)
    assert place is not None
    return place.seq


def served(service: RunningService, stream: str, project: str) -> list[tuple[str, int, int]]:
    """The rows of a stream that the service has: id, version, place."""
    assert service.service is not None
    query = select(entity.c.id, entity.c.ver, entity.c.seq).where(
        entity.c.stream == stream, entity.c.project_id == project, entity.c.gone.is_(None)
    )
    with service.service.store.read() as connection:
        return [(row.id, row.ver, row.seq) for row in connection.execute(query)]


def versions(service: RunningService, flows: list[str]) -> dict[str, int]:
    """The versions of flows at the service."""
    assert service.service is not None
    query = select(entity.c.id, entity.c.ver).where(entity.c.id.in_(flows))
    with service.service.store.read() as connection:
        return {row.id: row.ver for row in connection.execute(query)}


def effects(service: RunningService, flow_by_op: dict[str, str]) -> dict[str, set[int]]:
    """The versions that ops have made, by the service's own log and by flow.

    An op that writes what already stands there makes none: it tells the one it found.
    """
    found: dict[str, set[int]] = defaultdict(set)
    for op_id, result in _results(service).items():
        if op_id in flow_by_op:
            ver = msgspec.json.decode(result, type=Kept).result.ver
            assert ver is not None
            found[flow_by_op[op_id]].add(ver)
    return found


def done(service: RunningService) -> set[str]:
    """The ops that have had an effect, by the service's own log."""
    return set(_results(service))


def _results(service: RunningService) -> dict[str, bytes]:
    assert service.service is not None
    query = select(op_result.c.op_id, op_result.c.result).where(op_result.c.status.in_(_DONE))
    with service.service.store.read() as connection:
        return {row.op_id: row.result for row in connection.execute(query)}


def acknowledged(cache: Cache) -> set[str]:
    """The ops of which this cache has heard that the service has them."""
    query = select(here.outbox.c.op_id).where(here.outbox.c.state == "acked")
    with cache._read() as connection:
        return {id_of(key) for key in connection.execute(query).scalars()}


def rows(cache: Cache) -> dict[bytes, tuple[int, int]]:
    """Which generation and version of each row stands in a cache."""
    query = select(here.entity.c.id, here.entity.c.gen, here.entity.c.ver)
    with cache._read() as connection:
        return {row.id: (row.gen, row.ver) for row in connection.execute(query)}


def versions_here(cache: Cache, stream: str) -> dict[str, int]:
    """Which version of each row of a stream stands in a cache; no row is read for it."""
    table = here.entity
    query = select(table.c.id, table.c.ver).where(table.c.stream == stream)
    with cache._read() as connection:
        return {id_of(row.id): row.ver for row in connection.execute(query)}
