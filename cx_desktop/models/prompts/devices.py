"""What a computer can play and record with, as the sounds of prompts need it."""

from collections.abc import Callable
from typing import NamedTuple, Protocol


class Played(NamedTuple):
    """Sound as a device takes it: 16-bit samples of one channel."""

    frames: bytes
    rate: int

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.frames) / 2 / self.rate


class Recorded(NamedTuple):
    """Sound as a device gave it: 16-bit samples, one after the other for each channel."""

    frames: bytes
    rate: int
    channels: int


class Devices(Protocol):
    """Loudspeaker and microphone; one sound at a time each."""

    def why_not_play(self) -> str:
        """The key of the reason why nothing can be heard; "" when something can."""

    def why_not_record(self) -> str:
        """The key of the reason why nothing can be recorded; "" when something can."""

    def rate(self) -> int:
        """How many samples a second are played."""

    def play(self, sound: Played, done: Callable[[], object]) -> None:
        """Play a sound from its start; ``done`` when it has come to its end."""

    def silence(self) -> None:
        """Play no further."""

    def record(self, heard: Callable[[float], object]) -> None:
        """Begin to record; ``heard`` is told now and then how loud it is, from 0 to 1."""

    def finish(self) -> Recorded:
        """What was recorded since ``record``; empty where nothing was."""
