"""The sync endpoints (``docs/sync.md``)."""

import logging
from datetime import timedelta

from litestar import Response
from litestar.enums import HttpMethod
from litestar.response import Stream as StreamingResponse

from cx_desktop.domain.access import Verb
from cx_desktop.protocol import (
    Hello,
    Limits,
    Push,
    Pushed,
    StreamFacts,
    Welcome,
    project_of,
)
from cx_desktop.protocol.digest import Digest
from cx_desktop.service.audit.chain import Deed, record
from cx_desktop.service.call import Asked, answer
from cx_desktop.service.contract import NDJSON, endpoint
from cx_desktop.service.devices import sights
from cx_desktop.service.problems import Refusal
from cx_desktop.service.sessions import people
from cx_desktop.service.sessions.leases import signed_lease
from cx_desktop.service.shapes import (
    ChangesQuery,
    ChecksumQuery,
    Fetch,
    Fetched,
    SnapshotQuery,
    SyncState,
)
from cx_desktop.service.store import entities
from cx_desktop.service.store.durable import durable_seq
from cx_desktop.service.store.store import high_seq
from cx_desktop.service.sync import cursors, encoding, pages
from cx_desktop.service.sync.push import MOST_BYTES, MOST_OPS, push

EPOCH_LASTS = timedelta(hours=1)

_log = logging.getLogger("cx_desktop.service")


@endpoint(
    HttpMethod.POST,
    "/v1/sync/hello",
    verb=Verb.SYNC,
    body=Hello,
    answer=Welcome,
    problems=("unsupported-schema", "server-rewound", "rate-limited"),
)
def hello(call: Asked) -> Response[bytes]:
    """Agree on a schema and an epoch, and learn where the streams stand."""
    request, service, actor = call.body(Hello), call.service, call.actor
    ours = service.config.dialect.schema
    agreed = ours.agreed(request.schema)
    if agreed is None:
        raise Refusal("unsupported-schema", min=ours.min, max=ours.max)
    with service.store.read() as connection:
        high = high_seq(connection)
        is_rewound = request.epoch == service.store.epoch and request.high_seq > high
    if is_rewound:
        raise Refusal("server-rewound", epoch=_new_epoch(call))
    orders = sights.noticed(service, actor)
    with service.store.read() as connection:
        account = people.by_id(connection, actor.user_id)
        if account is None:
            raise Refusal("token-invalid")
        views = cursors.views(actor, connection, service.store.epoch)
        return answer(
            Welcome(
                epoch=service.store.epoch,
                schema=agreed,
                newest=ours.max,
                server_time=service.clock.now(),
                high_seq=high_seq(connection),
                durable_seq=durable_seq(connection),
                tombstone_floor_seq=cursors.tombstone_floor(connection),
                lease=signed_lease(service, connection, account, actor.device_id),
                limits=Limits(page_max=pages.PAGE_ROWS, op_max=MOST_OPS, batch_bytes=MOST_BYTES),
                streams=tuple(
                    StreamFacts(
                        name=seen.stream,
                        rows=pages.row_count(connection, seen),
                        access_version=seen.access,
                    )
                    for seen in views
                ),
                directives=orders,
            )
        )


@endpoint(
    HttpMethod.GET,
    "/v1/sync/changes",
    verb=Verb.SYNC,
    query=ChangesQuery,
    media=NDJSON,
    problems=("cursor-expired",),
)
def changes(call: Asked) -> Response[bytes]:
    """A page of what moved after a cursor: head, rows, end with checksum."""
    query, service = call.query(ChangesQuery), call.service
    seen = cursors.view(call.actor, query.stream, service.store.epoch)
    seen = cursors.spoken(seen, service.config.dialect, query.schema)
    with service.store.read() as connection:
        page = pages.changes(
            service.keys,
            connection,
            seen,
            cursor=query.cursor,
            limit=query.limit,
            now=service.clock.now(),
        )
    call.looked(cursors.verb_of(query.stream), project_id=project_of(query.stream))
    coding = encoding.best(call.headers.get("accept-encoding", ""))
    return Response(
        b"".join(encoding.encoded([page], coding)),
        media_type=NDJSON,
        headers=encoding.headers(coding),
    )


@endpoint(
    HttpMethod.GET,
    "/v1/sync/snapshot",
    verb=Verb.SYNC,
    query=SnapshotQuery,
    media=NDJSON,
    problems=("cursor-expired",),
)
def snapshot(call: Asked) -> StreamingResponse:
    """Everything of a stream, with marks to resume at; the end's cursor is of its start."""
    query, service = call.query(SnapshotQuery), call.service
    seen = cursors.view(call.actor, query.stream, service.store.epoch)
    seen = cursors.spoken(seen, service.config.dialect, query.schema)
    lines = pages.snapshot(
        service.keys,
        service.store,
        seen,
        resume=query.resume,
        now=service.clock.now(),
        layout=pages.Layout(query.rows == "arrays", query.mark),
    )
    call.looked(cursors.verb_of(query.stream), project_id=project_of(query.stream))
    coding = encoding.best(call.headers.get("accept-encoding", ""))
    return StreamingResponse(
        encoding.encoded(lines, coding), media_type=NDJSON, headers=encoding.headers(coding)
    )


@endpoint(
    HttpMethod.POST,
    "/v1/sync/push",
    verb=Verb.SYNC,
    body=Push,
    answer=Pushed,
    problems=(
        "unsupported-schema",
        "server-rewound",
        "device-cloned",
    ),
)
def push_edits(call: Asked) -> Response[bytes]:
    """Edits, each its own transaction, each with its result."""
    service = call.service
    results = push(service, call.actor, call.body(Push), len(call.raw))
    with service.store.read() as connection:
        high, durable = high_seq(connection), durable_seq(connection)
    return answer(
        Pushed(
            high_seq=high,
            durable_seq=durable,
            server_time=service.clock.now(),
            results=results,
        )
    )


@endpoint(HttpMethod.POST, "/v1/sync/fetch", verb=Verb.SYNC, body=Fetch, answer=Fetched)
def fetch(call: Asked) -> Response[bytes]:
    """Exact entities by id, for repair; what may not be seen is missing."""
    wanted, service, actor = call.body(Fetch).ids, call.service, call.actor
    with service.store.read() as connection:
        views = cursors.views(actor, connection, service.store.epoch)
        found = [each for seen in views for each in pages.exactly(connection, seen, wanted)]
    known = {each.id for each in found}
    call.looked(Verb.SYNC)
    return answer(
        Fetched(
            entities=tuple(entities.wired(service.store.epoch, each) for each in found),
            missing=tuple(each for each in wanted if each not in known),
        )
    )


@endpoint(
    HttpMethod.GET,
    "/v1/sync/state",
    verb=Verb.SYNC,
    answer=SyncState,
    is_conditional=True,
)
def state(call: Asked) -> Response[bytes]:
    """Where the streams stand; 304 when that is known (``If-None-Match``)."""
    service = call.service
    epoch = service.store.epoch
    with service.store.read() as connection:
        seen = cursors.readable(cursors.views(call.actor, connection, epoch))
        high = {each.stream: pages.last_seq(connection, each) for each in seen}
    tag = f'"{epoch}-{"-".join(str(seq) for seq in high.values())}"'
    if call.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers={"ETag": tag})
    return answer(
        SyncState(epoch=epoch, high_seq=max(high.values(), default=0), streams=high), etag=tag
    )


@endpoint(HttpMethod.GET, "/v1/sync/digest", verb=Verb.SYNC, query=ChecksumQuery, answer=Digest)
def digest(call: Asked) -> Response[bytes]:
    """Order-free checksums of a stream, to find what differs without sending it."""
    query, service = call.query(ChecksumQuery), call.service
    seen = cursors.view(call.actor, query.stream, service.store.epoch)
    within = query.within.split(",") if query.within else ()
    with service.store.read() as connection:
        return answer(
            Digest(
                epoch=service.store.epoch,
                stream=query.stream,
                depth=query.depth,
                high_seq=high_seq(connection),
                buckets=pages.checksums_of(connection, seen, query.depth, within),
            )
        )


def _new_epoch(call: Asked) -> str:
    """Start a new epoch, at most once an hour: a false claim costs every client a snapshot."""
    store, now = call.service.store, call.service.clock.now()
    last = store.rotated_at
    if last is not None and now < last + EPOCH_LASTS:
        remaining = (last + EPOCH_LASTS - now).total_seconds()
        raise Refusal("rate-limited", retry_after=remaining, seconds=int(remaining))
    epoch = store.rotate_epoch()
    _log.warning("A client has seen more than there is; epoch %s begins", epoch)
    with store.write() as txn:
        who = call.actor
        deed = Deed(who_id=who.user_id, who_name=who.name, verb="epoch.rotated", detail=epoch)
        record(txn, deed)
    return epoch


ROUTES = (hello, changes, snapshot, push_edits, fetch, state, digest)
