"""Recordings: their sound as it arrives, what protects them, what is kept, and callers' rights."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime

import httpx
from msgspec import Struct

from cx_desktop.client.blobs import start_of
from cx_desktop.client.exchange import BYTES, Exchange, expect, segment
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Document
from cx_desktop.protocol import Purpose
from cx_desktop.protocol.plays import Plays, PlaysTaken
from cx_desktop.protocol.policies import PolicyCheck, PolicyOrder, Wish
from cx_desktop.protocol.rights import (
    RightsAnswer,
    RightsDeletion,
    RightsOrder,
    RightsPage,
    RightsRegister,
)


class Arriving(Struct, frozen=True):
    """A sound, or a part of it, that is on its way."""

    size: int
    """Bytes of the whole sound."""
    sha256: str
    """Of the whole sound."""
    start: int
    """Where this part begins: at 0 where the sound is another one than was asked for."""
    chunks: Iterator[bytes]


class TrailRow(Struct, frozen=True):
    """Something that somebody did with a recording."""

    n: int
    at: datetime
    who_name: str
    verb: str
    detail: str


class Deletion(Struct, frozen=True):
    """When and why a recording was deleted, and whether the audit vouches for it."""

    at: datetime
    delete_by: date
    reason: str
    among: int
    is_proven: bool


class Trail(Struct, frozen=True):
    """The audit of one recording, oldest first."""

    recording_id: str
    rows: tuple[TrailRow, ...]
    deletion: Deletion | None = None


class RecordingCalls:
    """Hearing recordings and protecting them; the service writes down who did, and why."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    @contextmanager
    def sound(
        self,
        recording_id: str,
        *,
        purpose: Purpose,
        start: int = 0,
        end: int | None = None,
        sha256: str = "",
        reason: str = "",
    ) -> Iterator[Arriving]:
        """A sound from ``start`` up to ``end``, piece by piece.

        With the digest of what is here already, a sound that is another one begins anew at 0.
        Whether the whole is what its digest says is for the reader to tell.
        """
        headers = {"accept": BYTES, "accept-encoding": "identity"}
        if start or end is not None:
            headers["range"] = f"bytes={start}-{'' if end is None else end - 1}"
            headers |= {"if-range": f'"{sha256}"'} if sha256 else {}
        params = {"purpose": purpose.value} | ({"reason": reason} if reason else {})
        path = f"/recordings/{segment(recording_id)}/sound"
        with self._exchange.opened("GET", path, params=params, headers=headers) as response:
            expect(response, BYTES, self._exchange.host)
            yield Arriving(
                size=_size(response, self._exchange.host),
                sha256=response.headers.get("etag", "").strip('"'),
                start=start_of(response, start),
                chunks=response.iter_bytes(),
            )

    def played(self, project_id: str, plays: Plays, idempotency_key: str) -> PlaysTaken:
        """Say which recordings were heard from what this device had taken along."""
        headers = {"idempotency-key": idempotency_key}
        path = f"/projects/{segment(project_id)}/recording-plays"
        return self._exchange.ask("POST", path, PlaysTaken, body=plays, headers=headers)

    def hold(self, recording_id: str, reason: str) -> Document:
        """Protect a recording from being deleted early; as it is then."""
        return self._keep(recording_id, "hold", reason)

    def release(self, recording_id: str, reason: str) -> Document:
        """Let it go when its time is over; that may be now."""
        return self._keep(recording_id, "release", reason)

    def trail(self, recording_id: str) -> Trail:
        """Who heard a recording, exported or protected it; and that it is gone."""
        path = f"/recordings/{segment(recording_id)}/audit"
        return self._exchange.ask("GET", path, Trail)

    def _keep(self, recording_id: str, verb: str, reason: str) -> Document:
        path = f"/recordings/{segment(recording_id)}/{verb}"
        return self._exchange.ask("POST", path, Document, body=Wish(reason))


class PolicyCalls:
    """What a project records, and for how long."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def read(self, project_id: str) -> Document:
        """The policy with its ETag; version 0 where nobody has written one."""
        return self._exchange.ask("GET", _policy(project_id), Document)

    def check(self, project_id: str, order: PolicyOrder) -> PolicyCheck:
        """What an order would mean; changes nothing."""
        path = f"{_policy(project_id)}/check"
        return self._exchange.ask("POST", path, PolicyCheck, body=order)

    def write(self, project_id: str, etag: str, order: PolicyOrder) -> Document:
        """Write the policy; the order names how many recordings that may delete."""
        headers = {"if-match": etag}
        return self._exchange.ask("PUT", _policy(project_id), Document, body=order, headers=headers)


class RightsCalls:
    """What callers ask for who were recorded."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def register(self, project_id: str) -> RightsRegister:
        """The requests of a project, newest first."""
        return self._exchange.ask("GET", _rights(project_id), RightsRegister)

    def open(self, project_id: str, order: RightsOrder) -> RightsPage:
        """Take a request in, and find what there is of the caller."""
        return self._exchange.ask("POST", _rights(project_id), RightsPage, body=order)

    def read(self, request_id: str) -> RightsPage:
        """One request with its proof."""
        return self._exchange.ask("GET", _request(request_id), RightsPage)

    def delete(self, request_id: str, recordings: Collection[str]) -> RightsPage:
        """Delete recordings because the caller objects."""
        path, body = f"{_request(request_id)}/delete", RightsDeletion(tuple(recordings))
        return self._exchange.ask("POST", path, RightsPage, body=body)

    def answer(self, request_id: str, said: str) -> RightsPage:
        """Write down what the caller was told."""
        path = f"{_request(request_id)}/answer"
        return self._exchange.ask("POST", path, RightsPage, body=RightsAnswer(said))


def _policy(project_id: str) -> str:
    return f"/projects/{segment(project_id)}/recording-policy"


def _rights(project_id: str) -> str:
    return f"/projects/{segment(project_id)}/rights-requests"


def _request(request_id: str) -> str:
    return f"/rights-requests/{segment(request_id)}"


def _size(response: httpx.Response, host: str) -> int:
    """How long the whole is; an answer that does not say so is somebody else's."""
    told = response.headers.get("content-length", "")
    if response.status_code == httpx.codes.PARTIAL_CONTENT:
        told = response.headers.get("content-range", "").rpartition("/")[2]
    if not (told.isascii() and told.isdigit()):
        raise CXError("problem.not-the-service", retryable=True, host=host)
    return int(told)
