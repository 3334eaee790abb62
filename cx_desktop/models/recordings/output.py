"""Where recordings are heard: a loudspeaker or a headset, as the player needs it."""

from collections.abc import Callable
from typing import Protocol


class Output(Protocol):
    """One stream of sound for two ears, 16 bits a sample."""

    def why_not(self) -> str:
        """The key of the reason why nothing can be heard; "" when something can."""

    def rate(self, wanted: int) -> int:
        """The samples a second that the device takes, best ``wanted``."""

    def start(self, rate: int, lost: Callable[[], object]) -> None:
        """Begin on the device that the system names now; ``lost`` when it goes away."""

    def write(self, frames: bytes) -> int:
        """Give it sound; how many bytes it took."""

    def heard(self) -> float:
        """How many seconds of what was written since ``start`` have been heard."""

    def stop(self) -> None:
        """Fall silent, and forget what was written."""
