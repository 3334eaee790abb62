"""Sees every push at the service's door, and says when something happened that must never."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import msgspec

from cx_desktop.overrides import override
from cx_desktop.protocol import Op, OpResult, OpStatus, Push, Pushed
from cx_desktop.service.store import entities
from tests.fakes.faults import like, whole
from tests.fakes.service import RunningService
from tests.sync.world import Session

_DONE = frozenset({OpStatus.APPLIED, OpStatus.MERGED})
_KNOWN = _DONE | {OpStatus.DUPLICATE}


class Seen:
    """What was pushed so far, by whomever."""

    def __init__(self) -> None:
        self.pushes: list[Push] = []
        self.superseded: set[str] = set()
        self.done: set[str] = set()


class Witness(httpx.BaseTransport):
    """Between the faults and the service: what comes through here really came."""

    def __init__(self, inner: httpx.BaseTransport, service: RunningService, seen: Seen) -> None:
        self._inner = inner
        self._service = service
        self._seen = seen

    @override
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/sync/push"):
            return self._inner.handle_request(request)
        batch = msgspec.json.decode(request.read(), type=Push)
        etags = {op.id: self._etag(op) for op in batch.ops if op.kind == "action"}
        response = self._inner.handle_request(request)
        body = whole(response)
        if response.status_code == 200:
            results = msgspec.json.decode(body, type=Pushed).results
            self._look(batch, results, etags)
        return like(response, body)

    @override
    def close(self) -> None:
        self._inner.close()

    def _look(self, batch: Push, results: tuple[OpResult, ...], etags: dict[str, str]) -> None:
        groups: dict[str, set[bool]] = {}
        for op, result in zip(batch.ops, results, strict=True):
            is_done = result.status in _DONE
            assert not (is_done and op.op_id in self._seen.superseded), "a spent op applied"
            assert not (is_done and op.op_id in self._seen.done), "an op applied twice"
            if op.group:
                groups.setdefault(op.group, set()).add(result.status in _KNOWN)
            if op.kind == "action" and is_done:
                assert op.not_after is not None
                assert self._service.clock.now() <= op.not_after, "an action came too late"
                assert op.if_match == etags[op.id], "an action on another base"
            if is_done:
                self._seen.done.add(op.op_id)
        for op in batch.ops:
            if op.supersedes:
                self._seen.superseded.add(op.supersedes)
        assert all(len(each) == 1 for each in groups.values()), "half a gesture was done"
        self._seen.pushes.append(batch)

    def _etag(self, op: Op) -> str:
        service = self._service.service
        assert service is not None
        with service.store.read() as connection:
            found = entities.load(connection, op.entity, op.id)
        return "" if found is None else entities.etag(service.store.epoch, found.ver)


@contextmanager
def watched(sessions: tuple[Session, ...], seen: Seen) -> Iterator[None]:
    """Have every push of these sessions seen."""
    before = [each.faults._inner for each in sessions]
    for each in sessions:
        each.faults._inner = Witness(each.faults._inner, each.service, seen)
    yield
    for each, inner in zip(sessions, before, strict=True):
        each.faults._inner = inner
