"""One file on its way, in parts that a broken line or a crash does not bring back to the start."""

from collections.abc import Callable, Iterator

import msgspec

from cx_desktop.cache import Arriving, Cache, Place, Transfer, Way
from cx_desktop.client.blobs import DAMAGED
from cx_desktop.client.errors import ServiceProblem
from cx_desktop.client.service import ServiceClient
from cx_desktop.domain.errors import CXError

#: Up to this size a file goes as a whole; beyond it, in parts of this size.
WHOLE = 1 << 20
#: How often a transfer may break off, each time after something had come, before it is put off.
_TRIES = 8
#: How often a file may arrive as another one: then a person has to look at it.
_STRIKES = 2
#: What the service calls a part that does not begin where the last one ended, and another file.
_OTHER_OFFSET, _OTHER_CONTENT = "other-offset", "other-content"
_NOT_THERE = 404
_NO_SUCH_PART = "range-not-satisfiable"


class Upload:
    """Sends large files; the journal knows how much the service said it has."""

    def __init__(self, cache: Cache, client: ServiceClient, goes_on: Callable[[], bool]) -> None:
        self._cache = cache
        self._client = client
        self._goes_on = goes_on

    def send(self, place: Place, content: bytes) -> bool:
        """Send a file from where it stands; whether it arrived."""
        while True:
            try:
                return self._sent(place, content)
            except ServiceProblem as error:
                if not _is_other(error):
                    raise
                if self._struck(place, len(content)):
                    return False

    def _sent(self, place: Place, content: bytes) -> bool:
        transfer = self._begun(place, len(content))
        misfits = 0
        while transfer.done < transfer.size:
            part = content[transfer.done : transfer.done + WHOLE]
            try:
                done = self._client.blobs.add(transfer.location, transfer.done, part).offset
            except ServiceProblem as error:
                misfits += 1
                if error.problem.name != _OTHER_OFFSET or misfits == _TRIES:
                    raise
                done = self._client.blobs.offset(transfer.location)
            transfer = msgspec.structs.replace(transfer, done=min(done, transfer.size))
            self._cache.transfers.note(transfer)
            if not self._goes_on():
                return False
        return True

    def _begun(self, place: Place, size: int) -> Transfer:
        """Where the file stands on the service, as far as it still knows of it."""
        transfer = self._cache.transfers.of(place, Way.UP)
        if transfer.location:
            try:
                done = self._client.blobs.offset(transfer.location)
                return msgspec.structs.replace(transfer, done=done)
            except ServiceProblem as error:
                if error.problem.status != _NOT_THERE:
                    raise
        told = self._client.blobs.announce(place.project_id, place.sha256, size)
        transfer = msgspec.structs.replace(
            transfer, location=told.id, done=told.offset, size=size, problem=""
        )
        self._cache.transfers.note(transfer)
        return transfer

    def _struck(self, place: Place, size: int) -> bool:
        """It arrived as another file; whether that is once too often."""
        before = self._cache.transfers.of(place, Way.UP)
        failures = before.failures + 1
        is_over = failures >= _STRIKES
        note = Transfer(place.project_id, place.sha256, Way.UP, size=size, failures=failures)
        problem = "problem.sound-not-taken" if is_over else ""
        self._cache.transfers.note(msgspec.structs.replace(note, problem=problem))
        return is_over


def bring(
    arriving: Arriving,
    pieces: Callable[[int], Iterator[tuple[int, bytes]]],
    finish: Callable[[], bool],
) -> None:
    """Get a file from where it stands; raises what kept it from being here.

    ``pieces`` gives what comes from a place on, each piece with where it belongs. What has come is
    sealed on the disk as it comes. Where it is another file than was asked for, or its rest is not
    there, all of it is asked for once more.
    """
    was_wrong = False
    for _ in range(_TRIES):
        before = arriving.size
        try:
            _go_on(arriving, pieces)
        except CXError as error:
            if _is_cut(error) or arriving.size > before:
                was_wrong = was_wrong or _begun_again(arriving, error)
                continue
            raise
        if finish():
            return
        if was_wrong:
            arriving.drop()
            raise CXError(DAMAGED)
        was_wrong = True
        arriving.begin_again()
    raise CXError("problem.timeout", retryable=True)


def _go_on(arriving: Arriving, pieces: Callable[[int], Iterator[tuple[int, bytes]]]) -> None:
    for start, piece in pieces(arriving.size):
        if start == 0 and arriving.size:  # the service gives no parts
            arriving.begin_again()
        arriving.add(piece)


def _begun_again(arriving: Arriving, error: CXError) -> bool:
    """Where the service has less than is here, what is here is of no use."""
    if _is_cut(error):
        arriving.begin_again()
    return _is_cut(error)


def _is_cut(error: CXError) -> bool:
    """Whether what is here is more than the service has of it."""
    return isinstance(error, ServiceProblem) and error.problem.name == _NO_SUCH_PART


def _is_other(error: ServiceProblem) -> bool:
    return any(fault.code == _OTHER_CONTENT for fault in error.problem.errors)
