"""Sounds of recordings that are wanted on this computer come here, one after the other, in parts.

They come when nothing else is to be done: an edit, a hint, or the end of the program breaks off
between two pieces, and what has come stays. What ends first comes first.

Failure policy: what the service does not give for one recording is noted with it and leaves the
others alone; it is asked for again after the next start. A fault of the way, a full disk or a
refusal of all of them ends the round; the next one begins after a pause.
"""

from collections.abc import Callable, Iterator

from msgspec import Struct

from cx_desktop.cache import Cache
from cx_desktop.cache.packing import SPARE
from cx_desktop.cache.sound_rows import Sound
from cx_desktop.cache.sounds import SoundState
from cx_desktop.client.blobs import DAMAGED
from cx_desktop.client.errors import ServiceProblem
from cx_desktop.client.service import ServiceClient
from cx_desktop.domain.errors import CXError
from cx_desktop.ports import Clock
from cx_desktop.protocol import Purpose
from cx_desktop.sync.transfers import bring

#: A recording of twelve hours, as it comes from a telephone, is a sixth of it.
_LONGEST = 4 << 30
#: Seconds after a round that broke off.
_PAUSE = 30.0
_FULL = "problem.disk-full"
_GONE = "recording-gone"
#: What the service says of one recording; anything else is said of all.
_ITS_OWN = frozenset({"not-found", "sound-moved", _GONE})


class Bringing(Struct, frozen=True):
    """What is on its way now, if anything is."""

    id: str = ""
    done: int = 0
    size: int = 0


class _BrokenOff(Exception):  # noqa: N818  (no error: somebody wants to go first)
    """Something else is to be done first."""


class SoundDownloads:
    """Brings what ``cache.sounds`` wants; one thread at a time."""

    def __init__(self, cache: Cache, client: ServiceClient, clock: Clock) -> None:
        self._cache = cache
        self._client = client
        self._clock = clock
        self._set_aside: set[tuple[str, str]] = set()
        self._not_before = 0.0
        self.spare = SPARE
        """How much room of the disk is left to others."""
        self.now = Bringing()
        """What is on its way."""
        self.problem: CXError | None = None
        """What ended the last round; read afresh with each."""
        self.on_part: Callable[[], None] = lambda: None
        """Hears of each piece, and of the end of a round; on the thread that brings them."""

    def bring(self, goes_on: Callable[[], bool]) -> None:
        """Bring what is wanted, as long as ``goes_on``."""
        if self._clock.monotonic() < self._not_before:
            return
        try:
            while goes_on() and (sound := self._next()) is not None:
                self._bring(sound, goes_on)
            self._end(None)
        except _BrokenOff:
            self._end(None)
        except CXError as error:
            self._not_before = self._clock.monotonic() + _PAUSE
            self._end(error)

    def try_again(self) -> None:
        """A person wants to know: what was put off is asked for again."""
        self._set_aside.clear()
        self._not_before = 0.0

    def _next(self) -> Sound | None:
        sounds = self._cache.sounds
        return next(
            (
                each
                for each in sounds.all()
                if sounds.state(each.id) is SoundState.WANTED
                and (each.id, each.sha256) not in self._set_aside
            ),
            None,
        )

    def _bring(self, sound: Sound, goes_on: Callable[[], bool]) -> None:
        sounds = self._cache.sounds
        try:
            self._refuse_to_fill(sound)
            arriving = sounds.begin(sound.id)
            self._tell(sound, arriving.size, sound.size)
            bring(
                arriving,
                lambda here: self._pieces(sound, here, goes_on),
                lambda: sounds.finish(sound.id, arriving),
            )
        except CXError as error:
            self._judge(sound, error)

    def _pieces(
        self, sound: Sound, here: int, goes_on: Callable[[], bool]
    ) -> Iterator[tuple[int, bytes]]:
        asked = self._client.recordings.sound(
            sound.id, purpose=Purpose.OFFLINE, start=here, sha256=sound.sha256
        )
        with asked as coming:
            at = coming.start
            for piece in coming.chunks:
                if at + len(piece) > min(coming.size, _LONGEST):
                    raise CXError("problem.answer-too-large")
                yield at, piece
                at += len(piece)
                self._tell(sound, at, coming.size)
                if not goes_on():
                    raise _BrokenOff

    def _judge(self, sound: Sound, error: CXError) -> None:
        """What is said of one recording is kept with it; anything else ends the round."""
        name = error.problem.name if isinstance(error, ServiceProblem) else ""
        if self._cache.sounds.of(sound.id) != sound:
            return  # nobody wants it any more, or it ends at another time
        if name == _GONE:
            self._cache.sounds.destroy([sound.id])
        elif name in _ITS_OWN or error.key == DAMAGED:
            self._set_aside.add((sound.id, sound.sha256))
            self._cache.sounds.note(sound.id, error.key)
        else:
            raise error

    def _refuse_to_fill(self, sound: Sound) -> None:
        if self._cache.sounds.free() < sound.size + self.spare:
            raise CXError(_FULL)

    def _tell(self, sound: Sound, done: int, size: int) -> None:
        self.now = Bringing(sound.id, done, size)
        self.on_part()

    def _end(self, problem: CXError | None) -> None:
        self.now, self.problem = Bringing(), problem
        self.on_part()
