"""Files go before the edits that refer to them, and come after the pages that do.

Large ones go in parts; what has arrived on either side is known after any crash, and nobody reads
a file before it is whole and has its digest.

Failure policy: what the service refuses for good is not sent again before the next start, and what
it has not got yet, or only damaged, is asked for again when something has moved there; both leave
the rest alone. A file that arrives as another one goes once more, then waits for a person. A fault
of the way is the cycle's, which pauses and tries again.
"""

import re
from collections.abc import Callable, Iterator

import msgspec

from cx_desktop.cache import Cache, Place, Row, Way
from cx_desktop.client.blobs import DAMAGED
from cx_desktop.client.errors import ServiceProblem
from cx_desktop.client.service import ServiceClient
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.prompts import prompt_of
from cx_desktop.sync.transfers import WHOLE, Upload, bring

_REFUSED = frozenset({400, 403, 404, 413, 415, 422, 507})
_NOT_THERE = 404
_DIGEST = re.compile(r'"([0-9a-f]{64})"')


class Files:
    """The files of one cache, on their way."""

    def __init__(self, cache: Cache, client: ServiceClient) -> None:
        self._cache = cache
        self._client = client
        self._refused: set[Place] = set()
        self._seen_seq = -1
        self._is_stopped = False
        self._upload = Upload(cache, client, self._goes_on)
        self.on_part: Callable[[], None] = lambda: None
        """Hears of each part of a file that has arrived there."""

    def _goes_on(self) -> bool:
        self.on_part()
        return not self._is_stopped

    def stop(self) -> None:
        """Begin with no further file."""
        self._is_stopped = True

    def offer_again(self) -> None:
        """The service was restored: what edits that wait refer to is sent anew, ahead of them."""
        for row in self._cache.outbox():
            entity = self._cache.row(row.op.entity, row.op.id)
            if entity is None or row.op.entity != "prompt":
                continue
            for digest in _DIGEST.findall(msgspec.json.encode(row.op).decode()):
                self._cache.blobs.send_again(Place(entity.project_id or "", digest))

    def waited_for(self) -> frozenset[str]:
        """The edits that refer to files which the service has not got, but will."""
        unsent = set(self._cache.blobs.unsent()) - self._refused
        if not unsent:
            return frozenset()
        return frozenset(
            each.row.op.op_id
            for each in self._cache.outgoing.waiting()
            if any(Place(each.project_id, digest) in unsent for digest in each.digests)
        )

    def send(self) -> None:
        """Send what the service has not got."""
        blobs = self._cache.blobs
        for place in blobs.unsent():
            if self._is_stopped or place in self._refused:
                continue
            try:
                content = blobs.read(place)
            except CXError:  # damaged on this disk: whoever brought it in has to do so again
                self._refused.add(place)
                continue
            if self._put(place, content):
                blobs.sent(place)
                self._cache.transfers.forget(place, Way.UP)
            elif not self._is_stopped:
                self._refused.add(place)

    def _put(self, place: Place, content: bytes) -> bool:
        try:
            if len(content) > WHOLE:
                return self._upload.send(place, content)
            self._client.blobs.put(place.project_id, place.sha256, content)
        except ServiceProblem as error:
            if error.problem.status not in _REFUSED:
                raise
            return False
        return True

    def bring(self) -> None:
        """Get what prompts here refer to, and let go of what they no longer do."""
        seq = self._cache.sync.high_seq
        if seq == self._seen_seq:
            return
        wanted = frozenset(self._wanted())
        for place in sorted(wanted, key=_order):
            if self._is_stopped:
                return
            if not self._cache.blobs.has(place):
                self._bring(place)
        self._cache.blobs.forget_all_but(wanted)
        for known in self._cache.transfers.all(Way.DOWN):
            if known.place not in wanted:
                self._cache.transfers.forget(known.place, Way.DOWN)
        self._seen_seq = seq

    def _bring(self, place: Place) -> None:
        try:
            arriving = self._cache.blobs.arriving(place)
            bring(
                arriving,
                lambda here: self._client.blobs.pieces(place.sha256, here),
                arriving.finish,
            )
        except CXError as error:
            is_missing = isinstance(error, ServiceProblem) and error.problem.status == _NOT_THERE
            if not is_missing and error.key != DAMAGED:
                raise
            if error.key == DAMAGED:
                self._set_aside(place)
        else:
            if self._cache.transfers.of(place, Way.DOWN).problem:
                self._cache.transfers.forget(place, Way.DOWN)

    def _set_aside(self, place: Place) -> None:
        """It came as another file, twice: that is told, and tried again when something moves."""
        before = self._cache.transfers.of(place, Way.DOWN)
        self._cache.transfers.note(
            msgspec.structs.replace(before, failures=before.failures + 1, problem=DAMAGED)
        )

    def _wanted(self) -> Iterator[Place]:
        for row in self._cache.rows("prompt"):
            number = row.data.get("live_revision")
            revisions = (
                self._cache.revisions(row.id, number=number) if isinstance(number, int) else ()
            )
            drafts = [row.data.get("draft"), *(each.data.get("document") for each in revisions)]
            for draft in drafts:
                yield from _places(row, draft)


def _places(row: Row, draft: object) -> Iterator[Place]:
    if isinstance(draft, dict):
        try:
            blobs = prompt_of(draft).blobs
        except msgspec.ValidationError:  # a newer program wrote it
            return
        yield from (Place(row.project_id or "", blob) for blob in blobs)


def _order(place: Place) -> tuple[str, str]:
    return place.project_id, place.sha256
