"""What can be wrong with an expression, and where.

Keys are catalogue entries ``expression.<name>``; ``start`` and ``end`` count characters from 0.
"""

from msgspec import Struct


class Problem(Struct, frozen=True):
    """Something wrong with an expression, at a place of its text.

    ``value`` is what it is about; it fills the ``{value}`` of the words. What ``is_fatal`` cannot
    be read at all; what is not can be read, but cannot work.
    """

    key: str
    value: str | int = ""
    start: int = 0
    end: int = 0
    is_fatal: bool = False


class PlacedError(Exception):
    """Something about an expression, with its words and its place."""

    def __init__(self, key: str, start: int, end: int, *, value: str | int = "") -> None:
        super().__init__(key, start, end, value)
        self.key = key
        self.start = start
        self.end = end
        self.value = value

    @property
    def problem(self) -> Problem:
        """The same as a value."""
        return Problem(self.key, self.value, self.start, self.end, is_fatal=True)


class ExpressionError(PlacedError):
    """A text that is not an expression."""


class EvaluationError(PlacedError):
    """An expression that has no value with what the call brings."""


def quoted(text: str) -> str:
    """A piece of what was typed as a message may show it: short, on one line."""
    text = " ".join(text.split())
    return text if len(text) <= 40 else f"{text[:39]}…"
