"""A loudspeaker for tests: what is written is kept, and heard as fast as a test says."""

from collections.abc import Callable

import numpy as np

from cx_desktop.audio.sound import Samples


class FakeOutput:
    """Takes half a second at a time; ``run`` lets time pass."""

    def __init__(self, *, rates: tuple[int, ...] = ()) -> None:
        self.no_output = ""
        self.is_running = False
        self.starts = 0
        self.frames = b""
        """What was heard since the last start."""
        self._rates = rates
        self._waiting = b""
        self._rate = 8_000
        self._lost: Callable[[], object] = list

    def why_not(self) -> str:
        return self.no_output

    def rate(self, wanted: int) -> int:
        return wanted if not self._rates or wanted in self._rates else self._rates[0]

    def start(self, rate: int, lost: Callable[[], object]) -> None:
        self._rate, self._lost = rate, lost
        self.frames = self._waiting = b""
        self.is_running = True
        self.starts += 1

    def write(self, frames: bytes) -> int:
        room = max(0, self._rate // 2 * 4 - len(self._waiting))
        self._waiting += frames[:room]
        return min(room, len(frames))

    def heard(self) -> float:
        return len(self.frames) / 4 / self._rate

    def stop(self) -> None:
        self.is_running = False
        self._waiting = b""

    def run(self, seconds: float) -> float:
        """So much time passes; how much was heard by now."""
        count = round(seconds * self._rate) * 4
        self.frames, self._waiting = self.frames + self._waiting[:count], self._waiting[count:]
        return self.heard()

    def lose(self) -> None:
        """The headset is pulled out."""
        self.is_running = False
        self._lost()

    @property
    def sound(self) -> Samples:
        """What was heard, a column for each ear."""
        return (np.frombuffer(self.frames, "<i2").reshape(-1, 2) / 32_767).astype(np.float32)
