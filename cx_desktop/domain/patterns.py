"""Patterns that users write, matched in time linear in the text (RE2), so that none can hang."""

from functools import lru_cache
from typing import Protocol, cast

# google-re2 carries no types; Pattern below is all that is used of it.
import re2  # type: ignore[import-untyped]


class _Pattern(Protocol):
    def fullmatch(self, text: str) -> object | None: ...


def compiles(pattern: str) -> bool:
    """Whether a pattern can be used at all."""
    return _compiled(pattern) is not None


def matches(pattern: str, text: str) -> bool:
    """Whether a text as a whole is what a pattern describes; a broken pattern describes nothing."""
    compiled = _compiled(pattern)
    try:
        return compiled is not None and compiled.fullmatch(text) is not None
    except UnicodeEncodeError:
        return False


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> _Pattern | None:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        return cast("_Pattern", re2.compile(pattern, options))
    except (re2.error, UnicodeEncodeError):
        return None
