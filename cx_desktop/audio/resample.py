"""Another number of samples a second, as sound streams by: for devices that take but their own."""

import numpy as np
from numpy.typing import NDArray

from cx_desktop.audio.sound import Samples

#: So many samples to either side make one; between so many places the nearest is taken.
_REACH = 12
_PLACES = 512


class Resample:
    """Takes sound in at one rate and gives it out at another, without a seam."""

    def __init__(self, source: int, target: int) -> None:
        self._ratio = source / target
        self._kernels = _kernels(min(1.0, target / source) * 0.95)
        self._held: Samples | None = None
        self._next = float(_REACH)

    def feed(self, samples: Samples, *, is_last: bool = False) -> Samples:
        """Take sound in; what comes out of it by now."""
        edge = np.zeros((_REACH, samples.shape[1]), np.float32)
        parts = [edge if self._held is None else self._held, samples]
        held = np.concatenate([*parts, edge] if is_last else parts)
        count = max(0, int((len(held) - _REACH - self._next) / self._ratio))
        places = self._next + np.arange(count) * self._ratio
        first = places.astype(np.int64)
        kernels = self._kernels[((places - first) * _PLACES).astype(np.int64)]
        around = first[:, None] + np.arange(1 - _REACH, _REACH + 1)
        made = np.einsum("ij,ijk->ik", kernels, held[around])
        self._next += count * self._ratio
        gone = max(0, int(self._next) - _REACH)
        self._held = held[gone:]
        self._next -= gone
        given: Samples = made.astype(np.float32)
        return given


def _kernels(cut: float) -> NDArray[np.float32]:
    """A windowed sinc for each place between two samples."""
    offsets = np.arange(1 - _REACH, _REACH + 1) - np.arange(_PLACES)[:, None] / _PLACES
    window = np.cos(np.pi * offsets / (2 * _REACH + 1)) ** 2
    kernels = np.sinc(offsets * cut) * window
    made: NDArray[np.float32] = (kernels / kernels.sum(axis=1, keepdims=True)).astype(np.float32)
    return made
