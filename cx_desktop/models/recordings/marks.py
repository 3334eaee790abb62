"""What is marked on the time line of a recording, by whoever reviews it."""

from typing import NamedTuple


class Mark(NamedTuple):
    """Something at a second of the recording."""

    id: str
    at: float
    text: str
    is_private: bool = False
