"""Raises children that do one thing to a cache and are killed at a named point of it.

``python -m tests.cache.crash_points`` reads ``act point count folder`` lines. The child dies when
it comes to the point for so many times: ``statement`` (before each statement of a transaction),
``commit`` (before COMMIT), ``told`` (after it), ``rename`` (before a file gets its name), ``named``
(after it, before anything else), ``remove`` (before a file is deleted), or ``none``. The product
has no switch for this: SQLAlchemy's events and Python's audit hooks are where the child ends itself
by SIGKILL. For each line it says ``killed`` or ``done``.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, event

from cx_desktop.cache import Cache, Chunk, Edit, Page
from cx_desktop.domain.patch import Document
from cx_desktop.protocol import OpResult, OpStatus
from tests.cache.nursery import say
from tests.cache.world import KEY, gone, put, set_to
from tests.fakes.clock import FakeClock


class CountedIds:
    """The same ids in the same order, whoever asks."""

    def __init__(self, start: int) -> None:
        self._next = start

    def new(self) -> str:
        self._next += 1
        return f"01a1e39d-0000-7000-8000-{self._next:012x}"


def opened(folder: Path, start: int = 1_000) -> Cache:
    return Cache.open(folder, KEY, clock=FakeClock(), ids=CountedIds(start))


def _flows(cache: Cache) -> list[str]:
    return [row.id for row in cache.rows("flow")]


def _edit(cache: Cache) -> None:
    cache.edit(*(_renamed(cache, flow) for flow in _flows(cache)[:2]))


def _renamed(cache: Cache, flow: str) -> Edit:
    row = cache.row("flow", flow)
    assert row is not None
    return Edit("flow", flow, changes=(set_to(("name",), row.data["name"], "Encore"),))


def _send(cache: Cache) -> None:
    cache.sync.claim(limit=100, max_bytes=1_000_000)


def _settle(cache: Cache) -> None:
    """One edit is taken, one is disputed, one is refused for now."""
    ops = cache.sync.claim(limit=100, max_bytes=1_000_000).ops
    theirs = {**_data(cache, ops[1].id), "name": "De Léa", "ver": 9}
    results = [
        OpResult(ops[0].op_id, OpStatus.APPLIED, ver=8, seq=80),
        OpResult(ops[1].op_id, OpStatus.CONFLICT, ver=9, seq=81, entity=theirs),
        OpResult(ops[2].op_id, OpStatus.RETRY),
    ]
    cache.sync.settle(results)


def _data(cache: Cache, flow: str) -> Document:
    row = cache.row("flow", flow)
    assert row is not None
    return row.data


def _page(cache: Cache) -> None:
    """News of a row with edits, news of another, a new one, and one that is gone."""
    flows = _flows(cache)
    fresh = {**_data(cache, flows[3]), "id": CountedIds(9_000).new(), "name": "Neuf"}
    rows = (
        put({**_data(cache, flows[0]), "description": "de Léa"}, ver=7, seq=70),
        put({**_data(cache, flows[3]), "description": "de Léa"}, ver=7, seq=71),
        put(fresh, ver=1, seq=72),
        gone(flows[4], seq=73),
    )
    since = cache.sync.stream("flows").cursor
    cache.sync.apply_page(
        Page(stream="flows", since=since, next="c99", high_seq=80, has_more=False, rows=rows)
    )


def _sweep(cache: Cache) -> None:
    """The end of a new generation, which takes away what it did not bring."""
    cache.sync.expire("flows")
    kept = put(_data(cache, _flows(cache)[3]), ver=7, seq=71)
    cache.sync.apply_chunk(Chunk(stream="flows", since="", high_seq=80, rows=(kept,), cursor="c99"))


def _adopt(cache: Cache) -> None:
    cache.sync.adopt("e2")


def _resolve(cache: Cache) -> None:
    for conflict in cache.conflicts():
        cache.resolve(conflict.op_id, "mine")


def _keep_a_sound(cache: Cache) -> None:
    cache.blobs.keep("p", b"a sound" * 30_000, is_sent=False)


def _sound_is_sent(cache: Cache) -> None:
    for place in cache.blobs.unsent():
        cache.blobs.sent(place)


def _purge(cache: Cache) -> None:
    cache.purging.run()


ACTS: dict[str, Callable[[Cache], None]] = {
    "edit": _edit,
    "send": _send,
    "settle": _settle,
    "page": _page,
    "sweep": _sweep,
    "adopt": _adopt,
    "resolve": _resolve,
    "keep-a-sound": _keep_a_sound,
    "sound-is-sent": _sound_is_sent,
    "purge": _purge,
}


class Fuse:
    """Burns down by one at each point, and then the process ends."""

    def __init__(self, count: int) -> None:
        self._left = count
        self._is_named = False

    def reached(self, *_who: object) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, connection: Connection, *_rest: object) -> None:
        if connection.info.get("writes"):
            self.reached()

    def rename(self, name: str, _arguments: object) -> None:
        if name == "os.rename":
            self.reached()

    def remove(self, name: str, _arguments: object) -> None:
        if name == "os.remove":
            self.reached()

    def named(self, name: str, _arguments: object) -> None:
        if self._is_named:
            self._is_named = False
            self.reached()
        self._is_named = name == "os.rename"

    def lay(self, cache: Cache, point: str) -> None:
        """From now on it burns."""
        match point:
            case "statement":
                event.listen(cache._engine, "before_cursor_execute", self.statement)
            case "commit":
                event.listen(cache._engine, "commit", self.reached)
            case "told":
                cache.subscribe(self.reached)
            case "rename":
                sys.addaudithook(self.rename)
            case "remove":
                sys.addaudithook(self.remove)
            case "named":
                sys.addaudithook(self.named)


def _child(act: str, point: str, count: int, folder: Path) -> None:
    cache = opened(folder)
    Fuse(count).lay(cache, point)
    ACTS[act](cache)
    os._exit(0)  # as if it went on: nothing is closed


def main() -> None:
    for line in sys.stdin:
        act, point, count, folder = line.rstrip("\n").split(" ", 3)
        pid = os.fork()
        if pid == 0:
            try:
                _child(act, point, int(count), Path(folder))
            finally:
                os._exit(1)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        say({0: "done", -signal.SIGKILL: "killed"}.get(status, f"failed {status}"))


if __name__ == "__main__":
    main()
