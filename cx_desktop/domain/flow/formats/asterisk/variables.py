"""The variables and functions of a dialplan, and what they are called in our language."""

import re
from collections.abc import Mapping
from decimal import Decimal

from cx_desktop.domain.flow.expressions import Expression
from cx_desktop.domain.flow.expressions.tree import (
    Call,
    Choice,
    Negative,
    Number,
    Operation,
    Operator,
    Text,
    Variable,
)
from cx_desktop.domain.flow.formats.asterisk import formulas
from cx_desktop.domain.flow.formats.asterisk.arguments import (
    DEEPEST,
    parted,
    pieces,
    split,
    unquoted,
)

#: What our language has a name for.
_KNOWN: Mapping[str, str] = {
    "EXTEN": "called",
    "CALLERID(num)": "caller",
    "CALLERID(number)": "caller",
    "CALLERID(ani)": "caller",
    "CALLERID(ANI-num)": "caller",
    "CALLERIDNUM": "caller",
    "CALLERID(dnid)": "called",
    "CALLERID(DNID)": "called",
    "DNID": "called",
    "CALLERID(name)": "caller_name",
    "CALLERIDNAME": "caller_name",
    "UNIQUEID": "call_id",
    "CHANNEL(uniqueid)": "call_id",
    "CHANNEL(language)": "language",
    "LANGUAGE": "language",
    "LANGUAGE()": "language",
    "EPOCH": "now",
}
_FUNCTIONS: Mapping[str, str] = {
    "LEN": "len",
    "TOLOWER": "lower",
    "TOUPPER": "upper",
    "ISNULL": "blank",
}
#: A formula that puts more texts together than our language takes keeps the rest as it is.
_MOST_PIECES = 60
_DEEPEST_FORMULA = 4
_LONGEST_NAME = 80
_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}(?:\.[0-9]{1,9})?")
_PLAIN = re.compile(r"[^\W\d]\w*")


def our_name(name: str) -> str:
    """What a variable of the dialplan is called in our language."""
    known = _KNOWN.get(name)
    if known is not None:
        return known
    plain = re.sub(r"\W+", "_", name.strip().lstrip("_") or name).strip("_")[:_LONGEST_NAME]
    return plain if _PLAIN.fullmatch(plain) else f"v_{plain}"


def constant(text: str) -> Expression:
    """A text or a number as it stands in a dialplan."""
    return Number(Decimal(text)) if _NUMBER.fullmatch(text) else Text(text)


class Scope:
    """What variables are where a step runs: some are known, the others are asked at the call."""

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self._known = dict(known or {})
        self._formulas = 0
        self.names: dict[str, str] = {}
        """Our name of each variable met, and what the dialplan calls it."""

    def value(self, text: str) -> Expression:
        """What a text gives that may have variables in it."""
        found = self._joined(text, 0)
        return constant(found.value) if isinstance(found, Text) else found

    def text(self, text: str) -> Expression:
        """The same, but digits stay a text: what is dialled, said or compared as it is written."""
        return self._joined(text, 0)

    def fixed(self, text: str) -> str | None:
        """What a text is at every call, or None when that depends on the call."""
        found = self._joined(text, 0)
        return found.value if isinstance(found, Text) else None

    def variable(self, name: str) -> Variable:
        """A variable by its name in the dialplan."""
        ours = our_name(name)
        self.names.setdefault(ours, name)
        return Variable(ours)

    def _joined(self, text: str, depth: int) -> Expression:
        joined: Expression = Text("")
        for number, piece in enumerate(pieces(text)):
            if piece.is_plain or depth > DEEPEST or number > _MOST_PIECES:
                part: Expression = Text(piece.text)
            elif piece.opening == "{":
                part = self._read(piece.text.strip(), depth + 1)
            else:
                part = self._calculated(piece.text)
            joined = _with(joined, part)
        return joined

    def _read(self, inside: str, depth: int) -> Expression:
        """What ``${…}`` gives."""
        if inside in self._known:
            return Text(self._known[inside])
        name, cut = parted(inside, ":")
        if cut:
            return self._cut(name, cut, depth)
        if "(" not in name:
            return self.variable(name)
        function, _, given = name.partition("(")
        return self._function(function.strip(), given.removesuffix(")"), depth) or self.variable(
            name
        )

    def _cut(self, name: str, cut: str, depth: int) -> Expression:
        """``${NAME:2}``, ``${NAME:0:4}``, ``${NAME:-3}``: a part of a text."""
        found = re.fullmatch(r"(-?[0-9]{1,6})(?:\s*:\s*(-?[0-9]{1,6})?)?", cut)
        whole = self._read(name, depth) if depth < DEEPEST else self.variable(name)
        if found is None:
            return self.variable(f"{name}:{cut}")
        start, length = int(found[1]), int(found[2]) if found[2] else None
        if isinstance(whole, Text):
            return Text(_part(whole.value, start, length))
        if length is None and start < 0:
            return Call("last", (whole, _whole(-start)))
        size = Call("len", (whole,))
        if length is None:
            rest = Operation(Operator.MINUS, size, _whole(start))
            return Call("last", (whole, rest)) if start else whole
        if start == 0:
            count = (
                _whole(length) if length >= 0 else Operation(Operator.MINUS, size, _whole(-length))
            )
            return Call("first", (whole, count))
        return self.variable(f"{name}:{cut}")

    def _function(self, name: str, given: str, depth: int) -> Expression | None:
        """The functions that our language has too."""
        ours = _FUNCTIONS.get(name.upper())
        if depth > DEEPEST:
            return None
        if ours is not None:
            return Call(ours, (self._joined(given, depth),))
        match name.upper():
            case "QUOTE":
                return self._joined(given, depth)
            case "IF":
                return self._chosen(given)
            case "GLOBAL" | "SHARED":
                return self._read(split(given)[0] if split(given) else "", depth)
            case _:
                return None

    def _chosen(self, given: str) -> Expression | None:
        """``IF(condition?one:other)``."""
        condition, answers = parted(given, "?")
        one, other = parted(answers, ":")
        found = self.formula(condition[2:-1]) if condition.startswith("$[") else None
        if found is None or not formulas.is_condition(found):
            return None
        return Choice(found, self.text(unquoted(one)), self.text(unquoted(other)))

    def _calculated(self, inside: str) -> Expression:
        """What ``$[…]`` gives; a formula that we cannot say is a variable of its own name."""
        found = self.formula(inside)
        return self.variable(inside) if found is None else found

    def formula(self, inside: str) -> Expression | None:
        """The inside of ``$[…]`` as a tree, or None when our language cannot say it."""
        if self._formulas >= _DEEPEST_FORMULA:
            return None
        self._formulas += 1
        found = formulas.expression_of(inside, self.text)
        self._formulas -= 1
        return found


def _part(text: str, start: int, length: int | None) -> str:
    rest = text[start:] if start >= 0 else text[max(len(text) + start, 0) :]
    return rest if length is None else rest[:length]


def _whole(number: int) -> Expression:
    return Negative(Number(Decimal(-number))) if number < 0 else Number(Decimal(number))


def _with(joined: Expression, part: Expression) -> Expression:
    """Two texts one after the other; what stands as it is becomes one."""
    if isinstance(joined, Text) and isinstance(part, Text):
        return Text(joined.value + part.value)
    if joined == Text(""):
        return part
    if part == Text(""):
        return joined
    match joined, part:
        case Operation(Operator.JOIN, left, Text(before)), Text(value):
            return Operation(Operator.JOIN, left, Text(before + value))
        case _:
            return Operation(Operator.JOIN, joined, part)
