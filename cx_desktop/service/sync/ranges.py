"""All rows of some ranges of a stream, to repair a copy that differs there.

They come as a page like any other, sealed and with their places in the order of commits: what it
does not bring is not here, and only such a page may say so.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response
from litestar.enums import HttpMethod
from msgspec import Meta
from sqlalchemy import Connection, func

from cx_desktop.domain.access import Verb
from cx_desktop.protocol import PageEnd, PageHead, Seal
from cx_desktop.protocol.digest import RANGE_ROWS, RANGES_AT_ONCE, range_name
from cx_desktop.service.call import Asked
from cx_desktop.service.contract import NDJSON, endpoint
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.shapes import DigestQuery
from cx_desktop.service.store import entities
from cx_desktop.service.store.store import high_seq
from cx_desktop.service.store.tables import entity
from cx_desktop.service.sync import cursors
from cx_desktop.service.sync.cursors import View
from cx_desktop.service.sync.pages import visible


class RangeQuery(DigestQuery, frozen=True):
    """Which ranges of a stream: the ends of ids, ``depth`` signs each, with commas between."""

    ends: Annotated[str, Meta(pattern="^([0-9a-f]{1,4}(,[0-9a-f]{1,4}){0,255})?$")] = ""


@endpoint(
    HttpMethod.GET,
    "/v1/sync/range",
    verb=Verb.SYNC,
    query=RangeQuery,
    media=NDJSON,
    name="rows_of_ranges",
    problems=("too-large",),
)
def rows_of_ranges(call: Asked) -> Response[bytes]:
    """Every row whose id ends so, 5,000 at most: head, rows, end with checksum."""
    query, service = call.query(RangeQuery), call.service
    ends = tuple(query.ends.split(",")) if query.depth else ("",)
    if {len(each) for each in ends} != {query.depth} or len(ends) > RANGES_AT_ONCE:
        raise malformed("/ends", "malformed")
    seen = cursors.view(call.actor, query.stream, service.store.epoch)
    with service.store.read() as connection:
        page = _page(connection, seen, query.depth, ends, now=service.clock.now())
    call.looked(Verb.SYNC)
    return Response(page, media_type=NDJSON)


def _page(
    connection: Connection, seen: View, depth: int, ends: tuple[str, ...], *, now: datetime
) -> bytes:
    name = range_name(depth, ends)
    head = _json(
        PageHead(
            epoch=seen.epoch,
            stream=str(seen.stream),
            high_seq=high_seq(connection),
            has_more=False,
            server_time=now,
            since=name,
        )
    )
    seal = Seal(head)
    lines = _lines(connection, seen, depth, ends)
    for line in lines:
        seal.add(line)
    end = PageEnd(rows=seal.rows, sha256=seal.closed_by(name), next=name)
    return b"".join([head, *lines, _json(end)])


def _lines(connection: Connection, seen: View, depth: int, ends: tuple[str, ...]) -> list[bytes]:
    query = (
        visible(seen)
        .where(entity.c.gone.is_(None))
        .with_only_columns(entity.c.id, entity.c.ver, entity.c.seq, entity.c.data)
    )
    if depth:
        query = query.where(func.substr(entity.c.id, -depth).in_(ends))
    found = connection.execute(query.order_by(entity.c.id).limit(RANGE_ROWS + 1)).all()
    if len(found) > RANGE_ROWS:
        raise Refusal("too-large")
    return [
        b'{"t":"put","id":%s,"ver":%d,"seq":%d,"data":%s}\n'
        % (msgspec.json.encode(key), ver, seq, entities.wire(seen.epoch, ver, data))
        for key, ver, seq, data in found
    ]


def _json(frame: PageHead | PageEnd) -> bytes:
    return msgspec.json.encode(frame) + b"\n"


ROUTES = (rows_of_ranges,)
