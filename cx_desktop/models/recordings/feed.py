"""Sound on its way to the ear: rendered ahead on the pool, written as the device takes it."""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QTimer

from cx_desktop.audio import Chunk, Manner, Recorded, Rendering
from cx_desktop.domain.errors import CXError
from cx_desktop.models.recordings.output import Output
from cx_desktop.tasks import Errands, Tasks

_FRAME = 4
#: So much is rendered ahead, in seconds of what is heard.
_AHEAD = 3.0
#: So much is rendered at a time: little at first, so that something is heard at once, but enough
#: to last until more comes on a computer that is busy.
_FIRST, _MOST = 0.6, 2.0
#: Behind the end comes a moment of silence, which the device may swallow.
_TAIL = 0.15
#: How often sound that does not come is asked for, and how long after the last time.
_PATIENCE, _AGAIN_MS = 8, 1_000


class Feed:
    """What is heard from one place on, in one manner; another place takes another feed."""

    def __init__(
        self,
        tasks: Tasks,
        output: Output,
        sound: Recorded,
        *,
        manner: Manner,
        at: float,
        told: tuple[Callable[[CXError], object], Callable[[], object]],
    ) -> None:
        self._errands = Errands(tasks)
        self._output = output
        self._speed = manner.speed
        self._failed, lost = told
        self._rate = output.rate(sound.facts.rate)
        self._rendering = Rendering(sound, manner, at, self._rate)
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._marks: deque[tuple[float, float]] = deque([(0.0, at)])
        self._given = 0
        self._batch = _FIRST
        self._is_rendering = self._has_ended = self._is_stopped = False
        self._patience = _PATIENCE
        output.start(self._rate, lost)
        self._render()

    @property
    def place(self) -> float:
        """Which second of the recording is heard now."""
        heard = self._output.heard()
        while len(self._marks) > 1 and self._marks[1][0] <= heard:
            self._marks.popleft()
        since, at = self._marks[0]
        until = self._marks[1][0] if len(self._marks) > 1 else heard
        return at + max(0.0, min(heard, until) - since) * self._speed

    @property
    def has_begun(self) -> bool:
        """Whether the first of the sound is there."""
        return self._given > 0

    @property
    def is_starved(self) -> bool:
        """Whether the sound does not come fast enough."""
        return not self._waiting and not self._has_ended

    @property
    def is_over(self) -> bool:
        """Whether the end has been heard."""
        seconds = self._given / _FRAME / self._rate
        return self._has_ended and not self._waiting and self._output.heard() >= seconds - 0.01

    def write(self) -> None:
        """Give the output what it takes, and see to it that more is rendered."""
        while self._waiting:
            piece = self._waiting.popleft()
            taken = self._output.write(piece)
            self._waiting_bytes -= taken
            if taken < len(piece):
                self._waiting.appendleft(piece[taken:])
                break
        self._render()

    def stop(self) -> None:
        """Fall silent."""
        self._is_stopped = True
        self._errands.drop()
        self._output.stop()

    def _render(self) -> None:
        ahead = self._waiting_bytes / _FRAME / self._rate
        if self._is_rendering or self._has_ended or ahead > _AHEAD:
            return
        self._is_rendering = True
        rendering, count = self._rendering, round(self._batch * self._rate) * _FRAME
        self._batch = _MOST
        self._errands.run(
            lambda: _rendered(rendering, count), done=self._take, failed=self._on_failed
        )

    def _on_failed(self, error: CXError) -> None:
        """A line that is cut for a moment is waited for; what is here is heard meanwhile."""
        self._patience -= 1
        if error.retryable and self._patience > 0:
            QTimer.singleShot(_AGAIN_MS, self._try_again)
        else:
            self._failed(error)

    def _try_again(self) -> None:
        self._is_rendering = False
        if not self._is_stopped:
            self._render()

    def _take(self, chunks: tuple[Chunk | None, ...]) -> None:
        self._is_rendering = False
        self._patience = _PATIENCE
        for chunk in chunks:
            if chunk is None:
                self._has_ended = True
                self._push(bytes(round(_TAIL * self._rate) * _FRAME))
            else:
                self._marks.append((self._given / _FRAME / self._rate, chunk.at))
                self._push(chunk.frames)
        self.write()

    def _push(self, frames: bytes) -> None:
        self._waiting.append(frames)
        self._waiting_bytes += len(frames)
        self._given += len(frames)


def _rendered(rendering: Rendering, count: int) -> tuple[Chunk | None, ...]:
    """Pieces of so many bytes or a little more, with None behind the last one."""
    made: list[Chunk | None] = []
    while count > 0:
        try:
            chunk = rendering.next()
        except CXError:
            if not made:
                raise
            break  # what is here is heard first; the next time tells
        made.append(chunk)
        if chunk is None:
            break
        count -= len(chunk.frames)
    return tuple(made)
