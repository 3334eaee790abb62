"""A call with all that led to it, and what is laid down to come: forth and back, step by step."""

from collections.abc import Sequence

from cx_desktop.domain.flow.behaviour import Stimulus
from cx_desktop.domain.flow.simulate import Call, Question, advance, question, waits
from cx_desktop.domain.flow.testing import Beat
from cx_desktop.domain.flow.testing.playing import MOST_BEATS


class CallTape:
    """A simulated call at one of its moments; without a call it is over."""

    def __init__(
        self, beats: Sequence[Beat] = (), call: Call | None = None, at: int | None = None
    ) -> None:
        self._beats = list(beats)
        self._ahead: list[Stimulus | None] = []
        self.call = call
        if at is not None:
            self.go_to(at)

    @property
    def beats(self) -> tuple[Beat, ...]:
        """What led here."""
        return tuple(self._beats)

    @property
    def is_over(self) -> bool:
        """Whether there is nothing to play on."""
        return self.call is None or self.call.end is not None

    @property
    def can_go_back(self) -> bool:
        """Whether something was played."""
        return bool(self._beats)

    @property
    def is_replaying(self) -> bool:
        """Whether what comes next is laid down by a test or a witness."""
        return bool(self._ahead)

    @property
    def is_waiting(self) -> bool:
        """Whether it is the caller's turn."""
        return self.call is not None and waits(self.call)

    @property
    def rests(self) -> bool:
        """Whether it is the caller's turn, and nothing is laid down."""
        return self.is_waiting and not self._ahead

    @property
    def asked(self) -> Question | None:
        """What can happen next."""
        return None if self.call is None else question(self.call)

    def step(self) -> None:
        """One step on: as it was laid down, or else the caller lets things happen."""
        if not self.is_over:
            self._play(self._ahead.pop(0) if self._ahead else None)

    def back(self) -> None:
        """One step back; what came then comes again, if it is stepped on."""
        if self._beats:
            self.call, did = self._beats.pop()
            self._ahead.insert(0, did)

    def go_to(self, beat: int) -> None:
        """To the moment of so many steps from the beginning, as far as it is laid down."""
        while len(self._beats) > beat:
            self.back()
        while len(self._beats) < beat and self._ahead and not self.is_over:
            self.step()

    def do(self, stimulus: Stimulus | None) -> None:
        """Something happens now, whatever was laid down."""
        if not self.is_over:
            self._ahead = []
            self._play(stimulus)

    def _play(self, stimulus: Stimulus | None) -> None:
        if self.call is not None and len(self._beats) < MOST_BEATS:
            self._beats.append(Beat(self.call, stimulus))
            self.call = advance(self.call, stimulus)
