"""Replies without a trailer of their own: one that is cut or damaged anywhere is never believed."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from cx_desktop.client.service import ServiceClient
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Hello, Push, Schema
from cx_desktop.protocol.integrity import REPR_DIGEST
from tests.fakes.faults import Send, damage, like, truncate, whole
from tests.sync.dump import dump
from tests.sync.world import Desk

Ask = Callable[[ServiceClient], object]


def _asks(desk: Desk) -> dict[str, Ask]:
    device, epoch = desk.session.device_id, desk.cache.sync.epoch
    ops = tuple(each.op for each in desk.cache.outbox())
    return {
        "hello": lambda client: client.sync.hello(Hello(device, "test", Schema(1, 1), epoch)),
        "push": lambda client: client.sync.push(Push(device, epoch, 1, 0, ops)),
        "digest": lambda client: client.sync.digest("flows", 0),
        "state": lambda client: client.sync.state(),
    }


class _Kept:
    """One real reply, to be given again with whatever was done to it."""

    def __init__(self, desk: Desk, ask: Ask) -> None:
        self._desk = desk
        self._ask = ask
        desk.faults.always = self._keep
        ask(desk.session.client)
        desk.faults.always = None

    def _keep(self, request: httpx.Request, send: Send) -> httpx.Response:
        response = send(request)
        self.body = whole(response)
        self._reply = like(response, self.body)
        return like(response, self.body)

    def believed(self, body: bytes, *, digest: str | None = None) -> bool:
        """Whether the client takes this body for an answer."""
        reply = like(self._reply, body)
        if digest is not None:
            reply.headers[REPR_DIGEST] = digest
        self._desk.faults.always = lambda _request, _send: reply
        try:
            self._ask(self._desk.session.client)
        except CXError as error:
            return error.key != "problem.unexpected-answer"
        finally:
            self._desk.faults.always = None
        return True

    def harmed(self) -> Iterator[bytes]:
        """The body cut at every byte, and with each byte damaged."""
        for at in range(len(self.body)):
            yield self.body[:at]
            yield self.body[:at] + bytes([self.body[at] ^ 1]) + self.body[at + 1 :]


@pytest.mark.parametrize("name", ["hello", "push", "digest", "state"])
def test_invariant_08_a_small_reply_cut_or_damaged_at_any_byte_is_not_believed(
    desk: Desk, name: str
) -> None:
    desk.sync()
    desk.create("Accueil")
    kept = _Kept(desk, _asks(desk)[name])
    assert kept.believed(kept.body)
    before = dump(desk.cache)
    assert not [body for body in kept.harmed() if kept.believed(body)]
    assert not kept.believed(kept.body, digest=""), "nor one that lost its digest"
    assert dump(desk.cache) == before


@pytest.mark.parametrize("fault", [truncate(40), damage(90), damage(700)])
@pytest.mark.parametrize("endpoint", ["/sync/hello", "/sync/push"])
def test_invariant_08_the_engine_asks_again_and_the_edit_counts_once(
    desk: Desk, endpoint: str, fault: Callable[[httpx.Request, Send], httpx.Response]
) -> None:
    desk.sync()
    flow = desk.create("Accueil")
    desk.faults.strike(endpoint, fault)
    with pytest.raises(CXError):
        desk.sync()
    assert desk.cache.unsent().count == 1
    assert desk.sync().is_all_synced
    row = desk.cache.row("flow", flow)
    assert row is not None
    assert row.ver == 1
