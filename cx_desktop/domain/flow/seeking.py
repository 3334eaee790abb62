"""Finding words in a text, so that they can be replaced: exact places, and what to put there.

Unlike ``search``, which forgives accents, this tells precisely what stands where. Typed text finds
typographic apostrophes and no-break spaces, too; expressions are RE2's, linear in the text.
"""

from typing import NamedTuple, Protocol, cast

# google-re2 carries no types; the protocols below are all that is used of it.
import re2  # type: ignore[import-untyped]
from msgspec import Struct

from cx_desktop.domain.errors import CXError

#: More of it is no search any more.
LONGEST = 1_000


class Wanted(Struct, frozen=True):
    """What somebody looks for."""

    text: str
    matches_case: bool = False
    is_whole_word: bool = False
    is_expression: bool = False
    """Whether the text is an expression of RE2."""


class Span(NamedTuple):
    """A place in a text."""

    start: int
    end: int


class _Found(Protocol):
    def start(self) -> int: ...
    def end(self) -> int: ...
    def expand(self, template: str) -> str: ...


class _Expression(Protocol):
    def finditer(self, text: str) -> "list[_Found]": ...


class Seeker:
    """Finds what is wanted in any text. Raises ``CXError`` for an expression that is none."""

    def __init__(self, wanted: Wanted) -> None:
        if len(wanted.text) > LONGEST:
            raise CXError("problem.search-too-long", most=LONGEST)
        self.wanted = wanted
        pattern = wanted.text if wanted.is_expression else re2.escape(_plain(wanted.text))
        options = re2.Options()
        options.log_errors = False
        options.max_mem = 1 << 20
        options.case_sensitive = wanted.matches_case
        try:
            self._expression = cast("_Expression", re2.compile(pattern, options))
        except re2.error as error:
            raise CXError("problem.search-expression", reason=_reason(error)) from None
        except UnicodeEncodeError:
            raise CXError("problem.search-expression", reason=wanted.text[:20]) from None

    def spans(self, text: str) -> tuple[Span, ...]:
        """Every place in a text, none of them empty, none over another."""
        return tuple(Span(each.start(), each.end()) for each in self._found(text))

    def replaced(self, text: str, spans: frozenset[Span], by: str) -> str:
        r"""The text with what stands at these places replaced.

        In the replacement of an expression ``\1`` stands for its first group. Raises ``CXError``
        where there is no such group.
        """
        parts, done = [], 0
        for each in self._found(text):
            if Span(each.start(), each.end()) in spans:
                parts += [text[done : each.start()], self._put(each, by)]
                done = each.end()
        return "".join((*parts, text[done:]))

    def words_for(self, text: str, span: Span, by: str) -> str:
        """What would stand at one place. Raises ``CXError`` as ``replaced`` does."""
        found = (each for each in self._found(text) if Span(each.start(), each.end()) == span)
        return next((self._put(each, by) for each in found), "")

    def _found(self, text: str) -> list[_Found]:
        looked_at = text if self.wanted.is_expression else _plain(text)
        try:
            found = list(self._expression.finditer(looked_at))
        except UnicodeEncodeError:  # half of a character, from another program
            return []
        return [each for each in found if each.end() > each.start() and self._stands(text, each)]

    def _stands(self, text: str, found: _Found) -> bool:
        """Whether it is a word of its own, where that is wanted."""
        if not self.wanted.is_whole_word:
            return True
        before, after = text[: found.start()][-1:], text[found.end() :][:1]
        return not (_is_of_word(before) or _is_of_word(after))

    def _put(self, found: _Found, by: str) -> str:
        if not self.wanted.is_expression:
            return by
        try:
            return found.expand(by)
        except (IndexError, re2.error):
            raise CXError("problem.replacement-group", value=by) from None


_SAME = str.maketrans({"’": "'", "‘": "'", "\u00a0": " ", "\u202f": " "})


def _plain(text: str) -> str:
    """The text as it is typed; as long as it was, so that places are the same."""
    return text.translate(_SAME)


def _is_of_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def _reason(error: Exception) -> str:
    """RE2's own words; they come as bytes."""
    said: object = error.args[0] if error.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
