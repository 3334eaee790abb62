"""Sound as numbers: one channel, from -1 to 1, so many a second."""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.float32]

#: What a telephone line carries, in samples a second.
LINE_RATE = 8_000


class Sound(NamedTuple):
    """One channel of sound."""

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate


def decibels(share: float) -> float:
    """A share of full scale in decibels; very little for none."""
    return 20.0 * float(np.log10(max(share, 1e-6)))
