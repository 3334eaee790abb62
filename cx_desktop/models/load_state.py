"""What a list has to show: nothing yet, rows, or why not."""

from enum import Enum, auto


class LoadState(Enum):
    """The life of a list."""

    LOADING = auto()
    READY = auto()
    FAILED = auto()
