"""The demo's sounds, made here note by note: nobody has to be asked for them, nobody to be paid."""

import array
import hashlib
import math
import sys
import wave
from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO

from msgspec import Struct

from cx_desktop.domain.patch import Document

_RATE = 8_000
_FULL = 32_767
_LEVEL = 0.22

#: Notes as half tones above A3, so many seconds apart.
_TUNES: dict[str, tuple[float, tuple[int, ...]]] = {
    "hold": (0.4, (0, 7, 12, 16, 12, 7, -4, 3, 8, 12, 8, 3, -2, 5, 10, 14, 10, 5, 3, 7, 10, 12)),
    "jingle": (0.16, (12, 16, 19, 24, 19, 24, 28)),
}


class DemoSound(Struct, frozen=True):
    """A file for the telephone."""

    sha256: str
    content: bytes
    seconds: float

    def audio(self, name: str) -> Document:
        """What a prompt says of it."""
        return {
            "blob": self.sha256,
            "bytes": len(self.content),
            "seconds": self.seconds,
            "name": name,
        }


@lru_cache(maxsize=4)
def sound(name: str) -> DemoSound:
    """A tune by its name."""
    apart, notes = _TUNES[name]
    samples = array.array("h", _samples(apart, notes))
    if sys.byteorder == "big":
        samples.byteswap()
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(samples.tobytes())
    content = out.getvalue()
    return DemoSound(hashlib.sha256(content).hexdigest(), content, len(samples) / _RATE)


def _samples(apart: float, notes: Iterable[int]) -> Iterable[int]:
    """One string plucked after the other."""
    for note in notes:
        turn = 2 * math.pi * 220.0 * 2 ** (note / 12) / _RATE
        for at in range(int(apart * _RATE)):
            fade = min(1.0, at / 40) * math.exp(-3.0 * at / _RATE)
            yield int(_FULL * _LEVEL * fade * (math.sin(turn * at) + 0.3 * math.sin(2 * turn * at)))
