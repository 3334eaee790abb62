"""Server-sent hints: something moved, come and pull. A comment now and then keeps the line open."""

import asyncio
from collections.abc import AsyncIterator

import msgspec
from litestar.enums import HttpMethod
from litestar.response import Stream as StreamingResponse

from cx_desktop.domain.access import Verb
from cx_desktop.protocol import Hint
from cx_desktop.service.actor import Actor
from cx_desktop.service.call import Asked
from cx_desktop.service.contract import EVENTS, endpoint
from cx_desktop.service.hub import Listener
from cx_desktop.service.problems import Refusal
from cx_desktop.service.service import Service
from cx_desktop.service.sessions.tokens import actor_of
from cx_desktop.service.sync import cursors

HEARTBEAT = 20.0
#: Hints are gathered for this long, so that a busy service sends at most one a second.
GATHER = 1.0


@endpoint(HttpMethod.GET, "/v1/events", verb=Verb.SYNC, media=EVENTS)
def events(call: Asked) -> StreamingResponse:
    """Hints of what moved (event ``hint``), as long as the token is good."""
    token = call.headers["authorization"].partition(" ")[2]
    return StreamingResponse(
        _stream(call.service, token, _Rights(call.actor)),
        media_type=EVENTS,
        headers={"Cache-Control": "no-store"},
    )


class _Rights:
    """What a listener may know of, as its grants stand now: they change while a line is open."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    def __call__(self, stream: str, project_id: str) -> bool:
        """Whether it may know that something of a project moved in a stream."""
        return cursors.may_read(self._actor, stream, project_id)

    def known(self, moved: dict[tuple[str, str], int]) -> dict[str, int]:
        """What it may know by now of what moved, by stream."""
        seqs: dict[str, int] = {}
        for (stream, project_id), seq in moved.items():
            if self(stream, project_id):
                seqs[stream] = max(seq, seqs.get(stream, 0))
        return seqs

    def renewed(self, service: Service, token: str) -> bool:
        """Look at the grants again; whether the token is still good."""
        try:
            self._actor = actor_of(service, token)
        except Refusal:
            return False
        return True


async def _stream(service: Service, token: str, rights: _Rights) -> AsyncIterator[bytes]:
    listener = service.hub.listen(rights)
    try:
        yield b": listening\n\n"
        while not listener.is_closed:
            moved = await listener.wait(HEARTBEAT)
            if listener.is_closed or not await asyncio.to_thread(rights.renewed, service, token):
                return
            known = rights.known(moved)
            if not known:
                yield b": still here\n\n"
                continue
            yield _event(service, known)
            await _gather(listener)
    finally:
        service.hub.leave(listener)


async def _gather(listener: Listener) -> None:
    """Let more come together before the next hint."""
    for _ in range(10):
        if listener.is_closed:
            return
        await asyncio.sleep(GATHER / 10)


def _event(service: Service, moved: dict[str, int]) -> bytes:
    hint = Hint(epoch=service.store.epoch, streams=moved)
    return b"event: hint\ndata: " + msgspec.json.encode(hint) + b"\n\n"


ROUTES = (events,)
