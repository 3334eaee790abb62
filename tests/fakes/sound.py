"""A loudspeaker and a microphone without a sound: what is played is kept, what is said is given."""

from collections.abc import Callable

from cx_desktop.models.prompts.devices import Played, Recorded


class FakeDevices:
    """Plays until ``end`` is called; records what a test says with ``hear``."""

    def __init__(self) -> None:
        self.no_output = ""
        self.no_input = ""
        self.played: list[Played] = []
        self.is_playing = False
        self._done: Callable[[], object] = list
        self._heard: Callable[[float], object] | None = None
        self._recorded = b""

    def why_not_play(self) -> str:
        return self.no_output

    def why_not_record(self) -> str:
        return self.no_input

    def rate(self) -> int:
        return 8_000

    def play(self, sound: Played, done: Callable[[], object]) -> None:
        self.played.append(sound)
        self.is_playing, self._done = True, done

    def silence(self) -> None:
        self.is_playing = False

    def record(self, heard: Callable[[float], object]) -> None:
        self._heard, self._recorded = heard, b""

    def finish(self) -> Recorded:
        self._heard = None
        return Recorded(self._recorded, 44_100, 1)

    def end(self) -> None:
        """The sound comes to its end."""
        self.is_playing = False
        self._done()

    def hear(self, frames: bytes, level: float) -> None:
        """Somebody speaks."""
        assert self._heard is not None, "nobody records"
        self._recorded += frames
        self._heard(level)
