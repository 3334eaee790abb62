"""Texts that a pattern describes, made from the pattern: for calls that prove something.

Only what people use in patterns is understood; ``specimens`` gives what it can make, and each
is tried against the pattern itself, so that none is wrong.
"""

import re
from collections.abc import Iterator

from cx_desktop.domain.flow.expressions.values import LONGEST_VALUE
from cx_desktop.domain.patterns import compiles, matches

_LONGEST_PATTERN = 1_000
_MOST = 8
_DEEPEST = 12
_COUNTED = re.compile(r"\{([0-9]{1,4})(,([0-9]{0,4}))?\}")
_CLASSES = {"d": "5", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a", "N": "1", "L": "a"}
_NAMED = {"digit": "5", "alpha": "a", "alnum": "a", "lower": "a", "upper": "A", "space": " "}
_LETTERS = "5a A-.,é"
_ANCHORS = ("^", "$")
_UNMARKED = re.compile(r"\(\?(?:P?<[^>]*>|[a-zA-Z-]*:)")
_FLAGS = re.compile(r"\(\?[a-zA-Z-]+\)")


def specimens(pattern: str) -> tuple[str, ...]:
    """A few texts that a pattern describes as a whole; none where none could be made."""
    found: dict[str, None] = {}
    if len(pattern) <= _LONGEST_PATTERN and compiles(pattern):
        for variety in range(_MOST):
            made = _Maker(pattern, variety).made()
            if made is not None and matches(pattern, made):
                found[made] = None
    return tuple(found)


class _UnknownError(Exception):
    """Something of a pattern that is not understood."""


class _Maker:
    """Walks a pattern once, and at each choice takes the one that ``variety`` says."""

    def __init__(self, pattern: str, variety: int) -> None:
        self._pattern = pattern
        self._variety = variety
        self._at = 0
        self._depth = 0

    def made(self) -> str | None:
        """A text; ``None`` where the pattern is not understood."""
        try:
            text = self._alternatives()
        except _UnknownError:
            return None
        return text if self._at == len(self._pattern) else None

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _take(self) -> str:
        letter = self._peek()
        if not letter:
            raise _UnknownError
        self._at += 1
        return letter

    def _alternatives(self) -> str:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _UnknownError
        made = [self._sequence()]
        while self._peek() == "|":
            self._at += 1
            made.append(self._sequence())
        self._depth -= 1
        return made[self._variety % len(made)]

    def _sequence(self) -> str:
        return "".join(self._pieces())

    def _pieces(self) -> Iterator[str]:
        while self._peek() not in ("", "|", ")"):
            piece = self._piece()
            times = self._times()
            if len(piece) * times > LONGEST_VALUE:
                raise _UnknownError
            yield piece * times

    def _piece(self) -> str:
        letter = self._take()
        match letter:
            case "(":
                return self._group()
            case "[":
                return self._one_of()
            case "\\":
                return self._escaped()
            case ".":
                return "a"
            case _:
                return "" if letter in _ANCHORS else letter

    def _group(self) -> str:
        flags = _FLAGS.match(self._pattern, self._at - 1)
        if flags is not None:
            self._at = flags.end()
            return ""
        mark = _UNMARKED.match(self._pattern, self._at - 1)
        if mark is not None:
            self._at = mark.end()
        elif self._peek() == "?":
            raise _UnknownError
        made = self._alternatives()
        if self._take() != ")":
            raise _UnknownError
        return made

    def _escaped(self) -> str:
        letter = self._take()
        if letter in "pP":
            name = self._take()
            if name == "{":
                name = self._until("}")
            return _CLASSES.get(name[:1], "a")
        if letter in "bBAz":
            return ""
        return {"n": "\n", "t": "\t"}.get(letter, _CLASSES.get(letter, letter))

    def _until(self, closing: str) -> str:
        end = self._pattern.find(closing, self._at)
        if end < 0:
            raise _UnknownError
        found, self._at = self._pattern[self._at : end], end + len(closing)
        return found

    def _one_of(self) -> str:
        """A letter of a class; of a negated one, a letter that is tried against it."""
        start = self._at - 1
        is_negated = self._peek() == "^"
        self._at += is_negated
        letters = [self._class_letter()]
        while self._peek() != "]":
            letters.append(self._class_letter())
        self._at += 1
        if not is_negated:
            return letters[self._variety % len(letters)]
        written = self._pattern[start : self._at]
        return next((each for each in _LETTERS if matches(written, each)), "~")

    def _class_letter(self) -> str:
        if self._pattern.startswith("[:", self._at):
            self._at += 2
            return _NAMED.get(self._until(":]"), "a")
        letter = self._take()
        if letter == "\\":
            letter = self._escaped()
        if self._peek() == "-" and self._pattern[self._at + 1 : self._at + 2] not in ("]", ""):
            self._at += 1
            last = self._take()
            last = self._escaped() if last == "\\" else last
            return last if self._variety % 2 else letter
        return letter

    def _times(self) -> int:
        """How often the last piece stands."""
        counted = _COUNTED.match(self._pattern, self._at)
        if counted is not None:
            self._at = counted.end()
            least = int(counted[1])
            most = least if not counted[2] else int(counted[3] or least + 1)
            times = most if self._variety % 4 == 3 else least
        elif self._peek() in ("*", "+", "?"):
            sign = self._take()
            times = {"*": (0, 1), "?": (0, 1), "+": (1, 2)}[sign][self._variety % 2]
        else:
            return 1
        if self._peek() == "?":
            self._at += 1
        return min(times, _LONGEST_PATTERN)
