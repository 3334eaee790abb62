"""What can be wrong with an expression, and where.

Keys are catalogue entries ``expression.<name>``; ``start`` and ``end`` count characters from 0.
"""

from collections.abc import Mapping

from msgspec import Struct

Params = Mapping[str, str | int]


class Problem(Struct, frozen=True):
    """Something that can be read but cannot work as it stands."""

    key: str
    params: dict[str, str | int] = {}
    start: int = 0
    end: int = 0


class PlacedError(Exception):
    """Something about an expression, with its words and its place."""

    def __init__(self, key: str, start: int, end: int, **params: str | int) -> None:
        super().__init__(key, start, end, params)
        self.key = key
        self.start = start
        self.end = end
        self.params: Params = params

    @property
    def problem(self) -> Problem:
        """The same as a value."""
        return Problem(self.key, dict(self.params), self.start, self.end)


class ExpressionError(PlacedError):
    """A text that is not an expression."""


class EvaluationError(PlacedError):
    """An expression that has no value with what the call brings."""


def quoted(text: str) -> str:
    """A piece of what was typed as a message may show it: short, on one line."""
    text = " ".join(text.split())
    return text if len(text) <= 40 else f"{text[:39]}…"
