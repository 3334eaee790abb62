"""Terraform templates of flows: JSON with placeholders, or the objects of Terraform's language.

What stands for a value that only Terraform knows becomes the text ``${…}``; Terraform takes such a
text for the value itself, so nothing is lost when it is written as JSON.
"""

import re
from contextlib import suppress
from typing import NamedTuple

from cx_desktop.domain.flow.formats import Unreadable
from cx_desktop.domain.flow.formats.incoming import MAX_DEPTH
from cx_desktop.domain.flow.formats.twilio.directives import without_directives
from cx_desktop.domain.patch import Document, Json

_BLANK = re.compile(r"(?:[\s,]+|//[^\n]*|#[^\n]*|/\*.*?\*/)+", re.DOTALL)
_SPACE = re.compile(r"(?:[ \t\r\n]+|//[^\n]*|#[^\n]*|/\*.*?\*/)+", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_NUMBER = re.compile(r"-?\d{1,300}(?:\.\d{1,300})?(?:[eE][+-]?\d{1,3})?(?![\w.])")
_ENDS = re.compile(r"[ \t\r]*(?:[,}\])\n#]|//|/\*|$)")
#: What no expression goes on with after a text or an object.
_NO_OPERATOR = re.compile(r'[ \t]*["{]')
_PLAIN = re.compile(r'[^"\\$%\n]+')
_HEREDOC = re.compile(r"<<-?[ \t]*([A-Za-z_]\w{0,60})[ \t]*\r?\n")
_CALL = re.compile(r"(concat|flatten|merge|jsonencode|tolist)\s*\(")
_QUIET = re.compile(r'[^"{}()\[\],\n]+')
_CLOSING = {"{": "}", "[": "]", "(": ")"}
_LITERALS: dict[str, Json] = {"true": True, "false": False, "null": None}
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_LOW_HALF = re.compile(r"\\u([dD][c-fC-F][0-9A-Fa-f]{2})")
#: A value that only Terraform knows, in a text.
PLACEHOLDER = re.compile(r"\$\{[^{}\n]{1,80}\}")
#: Where the objects of a Terraform file begin, other than a template that is one.
_ENTRANCES = (re.compile(r"jsonencode\s*\("), _HEREDOC)
_MOST_VALUES = 200
_MEBI = 1024 * 1024
#: The longest template that is read: Twilio takes no flow of more than one mebibyte.
MOST_CHARACTERS = 2 * _MEBI


def values_in(text: str) -> list[Json]:
    """The values that a template or a Terraform file holds, at least one.

    Raises ``Unreadable`` with the place where a template cannot be understood.
    """
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(
            "problem.import-too-large",
            size=len(text) // _MEBI,
            limit=MOST_CHARACTERS // _MEBI,
        )
    *others, plainest = without_directives(text)
    for version in others:
        with suppress(Unreadable):
            return _values(version, takes_names_twice=False)
    return _values(plainest, takes_names_twice=True)


def _values(text: str, *, takes_names_twice: bool) -> list[Json]:
    places = [each.end() for entrance in _ENTRANCES for each in entrance.finditer(text)]
    if not places:
        opening = min((at for at in map(text.find, "{[") if at >= 0), default=0)
        places = [opening]
    values: list[Json] = []
    refusal: Unreadable | None = None
    read_upto = 0
    for place in sorted(places)[:_MOST_VALUES]:
        if place < read_upto:
            continue
        parser = _Parser(text, place, takes_names_twice=takes_names_twice)
        try:
            values.append(parser.value(0))
            read_upto = parser.at
        except Unreadable as error:
            refusal = refusal or error
    if not values and refusal is not None:
        raise refusal
    return values


class _Raw(NamedTuple):
    """An expression of Terraform's, as it is written."""

    text: str


class _Parser:
    """Reads one value from a place of a text; what it does not understand stays an expression."""

    def __init__(self, text: str, at: int, *, takes_names_twice: bool) -> None:
        self.text = text
        self.at = at
        self._takes_names_twice = takes_names_twice
        """Whether the last of two values under one name counts, as in JSON."""
        self._hopeless_until = 0
        """No placeholder that begins before this is closed on its line."""

    def value(self, depth: int) -> Json:
        """The value that begins here."""
        if depth > MAX_DEPTH:
            raise Unreadable("problem.import-too-deep", limit=MAX_DEPTH)
        self._skip(_SPACE)
        start = self.at
        found = self._plain_value(depth)
        if not isinstance(found, _Raw) and _ENDS.match(self.text, self.at):
            return found
        if isinstance(found, str | dict) and _NO_OPERATOR.match(self.text, self.at):
            raise self._wrong()
        self.at = start
        said = self._expression().strip()
        return said if said.startswith("${") and said.endswith("}") else f"${{{said}}}"

    def _plain_value(self, depth: int) -> Json | _Raw:
        match self.text[self.at : self.at + 1]:
            case "{":
                return self._object(depth)
            case "[":
                return self._list(depth)
            case '"':
                return self._string()
            case "<":
                return self._heredoc()
            case _:
                return self._word(depth)

    def _word(self, depth: int) -> Json | _Raw:
        number = _NUMBER.match(self.text, self.at)
        if number:
            self.at = number.end()
            said = number[0]
            return float(said) if set(said) & set(".eE") else int(said)
        call = _CALL.match(self.text, self.at)
        if call:
            return self._call(call, depth)
        word = _WORD.match(self.text, self.at)
        if word and word[0] in _LITERALS:
            self.at = word.end()
            return _LITERALS[word[0]]
        return _Raw("")

    def _object(self, depth: int) -> Json | _Raw:
        result: Document = {}
        self.at += 1
        while not self._closes("}"):
            if not result and self.text.startswith("for ", self.at):
                return _Raw("")
            key = self._key()
            self._skip(_SPACE)
            if self.text[self.at : self.at + 1] not in {":", "="}:
                raise self._wrong()
            self.at += 1
            if key in result and not self._takes_names_twice:
                raise self._wrong()
            result[key] = self.value(depth + 1)
        return result

    def _key(self) -> str:
        if self.text[self.at : self.at + 1] == '"':
            return self._string()
        word = _WORD.match(self.text, self.at)
        if word is None:
            raise self._wrong()
        self.at = word.end()
        return word[0]

    def _list(self, depth: int) -> Json | _Raw:
        result: list[Json] = []
        self.at += 1
        while not self._closes("]"):
            if not result and self.text.startswith("for ", self.at):
                return _Raw("")
            result.append(self.value(depth + 1))
        return result

    def _call(self, call: re.Match[str], depth: int) -> Json | _Raw:
        """The lists or objects that a function puts together."""
        self.at = call.end()
        parts: list[Json] = []
        while not self._closes(")"):
            parts.append(self.value(depth + 1))
        if call[1] == "merge":
            merged: Document = {}
            for part in parts:
                merged |= part if isinstance(part, dict) else {}
            return merged if all(isinstance(part, dict) for part in parts) else _Raw("")
        if call[1] in {"concat", "flatten"}:
            return [each for part in parts for each in (part if isinstance(part, list) else [part])]
        return parts[0] if len(parts) == 1 else _Raw("")

    def _closes(self, closing: str) -> bool:
        """Whether a collection ends here, after blanks and commas."""
        self._skip(_BLANK)
        if self.at >= len(self.text):
            raise self._wrong()
        if self.text[self.at] != closing:
            return False
        self.at += 1
        return True

    def _string(self) -> str:
        """A text; placeholders in it stay as they are written."""
        pieces: list[str] = []
        self.at += 1
        while True:
            plain = _PLAIN.match(self.text, self.at)
            if plain:
                pieces.append(plain[0])
                self.at = plain.end()
            match self.text[self.at : self.at + 1]:
                case '"':
                    self.at += 1
                    return "".join(pieces)
                case "\\":
                    pieces.append(self._escape())
                case "$" | "%":
                    pieces.append(self._placeholder())
                case _:
                    raise self._wrong()

    def _escape(self) -> str:
        mark = self.text[self.at + 1 : self.at + 2]
        width = {"u": 4, "U": 8}.get(mark, 0)
        if not width:
            if not mark:
                raise self._wrong()
            self.at += 2
            return _ESCAPES.get(mark, mark)
        digits = self.text[self.at + 2 : self.at + 2 + width]
        code = int(digits, 16) if re.fullmatch(r"[0-9A-Fa-f]{4,8}", digits) else -1
        if 0xD800 <= code < 0xDC00:
            low = _LOW_HALF.match(self.text, self.at + 6)
            if low:
                self.at += 12
                return chr(0x10000 + (code - 0xD800) * 0x400 + int(low[1], 16) - 0xDC00)
        if not 0 <= code < 0x110000 or 0xD800 <= code < 0xE000:
            raise Unreadable("problem.import-character")
        self.at += 2 + width
        return chr(code)

    def _placeholder(self) -> str:
        """``${…}`` or ``%{…}`` in a text, or just that character."""
        start, mark = self.at, self.text[self.at]
        doubled = self.text.startswith(mark * 2 + "{", start)
        if doubled or not self.text.startswith("{", start + 1) or start < self._hopeless_until:
            self.at += 3 if doubled else 1
            return self.text[start : self.at]
        self.at += 2
        inner = self._balanced("}")
        if inner is None:
            end = self.text.find("\n", start)
            self._hopeless_until = len(self.text) if end < 0 else end
            self.at = start + 1
            return mark
        return mark + "{" + inner + "}"

    def _balanced(self, closing: str) -> str | None:
        """What stands upto a closing bracket on this line, past it; None if it is not closed."""
        start, depth, quoted = self.at, 0, False
        for at in range(start, min(len(self.text), start + 4000)):
            character = self.text[at]
            if character == "\n":
                return None
            if character == '"':
                quoted = not quoted
            elif not quoted and character == "{":
                depth += 1
            elif not quoted and character == closing:
                if depth == 0:
                    self.at = at + 1
                    return self.text[start:at].replace('\\"', '"')
                depth -= 1
        return None

    def _heredoc(self) -> str | _Raw:
        match = _HEREDOC.match(self.text, self.at)
        if match is None:
            return _Raw("")
        end = re.compile(rf"^[ \t]*{match[1]}[ \t]*\r?$", re.MULTILINE).search(
            self.text, match.end()
        )
        if end is None:
            raise self._wrong()
        self.at = end.end()
        return self.text[match.end() : end.start()]

    def _expression(self) -> str:
        """An expression upto what ends it: a comma, a line end or bracket that is not its own."""
        start = self.at
        expected: list[str] = []
        while self.at < len(self.text):
            quiet = _QUIET.match(self.text, self.at)
            if quiet:
                self.at = quiet.end()
            elif self.text[self.at] == '"':
                self._string()
            elif not expected and self.text[self.at] in ",}])\n":
                break
            else:
                self._bracket(expected)
        if expected or not self.text[start : self.at].strip():
            raise self._wrong()
        return self.text[start : self.at]

    def _bracket(self, expected: list[str]) -> None:
        """Go past a bracket, a comma or a line end inside an expression."""
        character = self.text[self.at]
        if expected and character == expected[-1]:
            expected.pop()
        elif character in _CLOSING:
            expected.append(_CLOSING[character])
        elif character in "}])":
            raise self._wrong()
        self.at += 1

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        if match:
            self.at = match.end()

    def _wrong(self) -> Unreadable:
        line = self.text.count("\n", 0, self.at) + 1
        column = self.at - (self.text.rfind("\n", 0, self.at) + 1) + 1
        return Unreadable(
            "problem.import-syntax", place=f"{line}:{column}", line=line, column=column
        )
