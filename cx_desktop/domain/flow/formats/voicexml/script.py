"""ECMAScript as VoiceXML has it in conditions and values, said in our language of expressions.

Only what means the same in both is translated: comparisons, ``&&``, ``||``, ``!``, arithmetic, a
text put together, ``? :``, a few methods of texts. Anything else is not understood.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from cx_desktop.domain.flow.expressions import Expression, ExpressionError, parse, render, tree
from cx_desktop.domain.flow.expressions.tree import Operator
from cx_desktop.domain.flow.formats.voicexml.meaning import (
    METHODS,
    NOTHING,
    NotUnderstood,
    calculated,
    called,
    joined,
    negated,
    numeric,
    truth,
)

LONGEST = 4_000
_DEEPEST = 25
_MOST_WORDS = 300

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    | (?P<number>0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?(?![\w$]))
    | (?P<name>[^\W\d]\w*\$?(?![\w$])|\$[\w$]+|[^\W\d][\w$]*)
    | (?P<pattern>/(?![/*\s])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/i?(?=\.test\())
    | (?P<sign>===|!==|==|!=|<=|>=|&&|\|\||[-+*/%<>()\[\],.!?:;])
    )""",
    re.VERBOSE | re.DOTALL,
)
_LOOSENESS: Mapping[str, int] = {
    "||": 2,
    "&&": 3,
    **dict.fromkeys(("==", "===", "!=", "!=="), 4),
    **dict.fromkeys(("<", "<=", ">", ">="), 5),
    **dict.fromkeys(("+", "-"), 6),
    **dict.fromkeys(("*", "/", "%"), 7),
}
#: Variables of a session that have a name with us.
_SESSION: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "session.connection.remote.uri",
            "session.connection.originator.uri",
            "session.telephone.ani",
            "session.callerid",
            "session.connection.callerid",
        ),
        "caller",
    ),
    **dict.fromkeys(
        (
            "session.connection.local.uri",
            "session.telephone.dnis",
            "session.calledid",
        ),
        "called",
    ),
}
_SCOPES = ("application.", "document.", "dialog.")


def name_of(name: str) -> str:
    """What a variable is called here: without the scope it is looked for in."""
    name = name.strip()
    if name in _SESSION:
        return _SESSION[name]
    scope = next((each for each in _SCOPES if name.startswith(each)), "")
    return name.removeprefix(scope)


def value_in_ours(script: str) -> str | None:
    """A value in our language, or None."""
    found = _read(script)
    return None if found is None else _rendered(found)


def condition_in_ours(script: str) -> Expression | None:
    """A condition in our language, or None."""
    found = _read(script)
    try:
        meant = None if found is None else truth(found)
    except NotUnderstood:
        return None
    return meant if meant is not None and _rendered(meant) is not None else None


def constant_of(script: str) -> str | None:
    """The text or number that a script is, when it is nothing but that."""
    match _read(script):
        case tree.Text(value):
            return value
        case tree.Number(value):
            return f"{value:f}"
        case tree.Truth(value):
            return "true" if value else "false"
        case _:
            return None


def is_nothing(script: str) -> bool:
    """Whether a script is ``undefined`` or ``null``."""
    return _read(script) == NOTHING


def _read(script: str) -> Expression | None:
    if len(script) > LONGEST:
        return None
    try:
        return _Reader(script).whole()
    except (NotUnderstood, ExpressionError):
        return None


def _rendered(expression: Expression) -> str | None:
    if any(isinstance(each, tree.Call) and each.function == "nothing" for each in _all(expression)):
        return '""' if expression == NOTHING else None
    text = render(expression)
    try:
        return text if parse(text) == expression else None
    except ExpressionError:
        return None


def _all(expression: Expression) -> list[Expression]:
    found = [expression]
    for each in found:
        found.extend(tree.parts_of(each))
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self._words = _words(text)
        self._at = 0
        self._depth = 0

    def whole(self) -> Expression:
        found = self._chosen()
        if self._peek() == ";":
            self._at += 1
        if self._at < len(self._words):
            raise NotUnderstood
        return found

    def _chosen(self) -> Expression:
        condition = self._term(0)
        if self._peek() != "?":
            return condition
        self._take()
        one = self._chosen()
        self._expect(":")
        return tree.Choice(truth(condition), one, self._chosen())

    def _term(self, tightness: int) -> Expression:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotUnderstood
        left = self._single()
        while (strength := _LOOSENESS.get(self._peek(), 0)) > tightness:
            left = joined(self._take(), left, self._term(strength))
        self._depth -= 1
        return left

    def _single(self) -> Expression:
        word = self._take()
        if word == "!":
            return negated(self._term(8))
        if word in ("-", "+"):
            operand = self._term(8)
            return tree.Negative(calculated(operand)) if word == "-" else numeric(operand)
        if word == "typeof":
            raise NotUnderstood
        if word == "(":
            inside = self._chosen()
            self._expect(")")
            return self._members(inside)
        return self._members(self._literal(word))

    def _literal(self, word: str) -> Expression:
        if word[0] in "\"'":
            return tree.Text(_unquoted(word))
        if word[0].isdigit():
            return tree.Number(
                Decimal(int(word, 16)) if word[:2] in ("0x", "0X") else Decimal(word)
            )
        if word in _LITERALS:
            return _LITERALS[word]
        if word[0] == "/":
            return self._tested(word)
        if not (word[0].isalpha() or word[0] in "_$"):
            raise NotUnderstood
        return self._named(word)

    def _named(self, word: str) -> Expression:
        if self._peek() == "(":
            return called(word, self._given())
        while self._peek() == "." and not self._is_method():
            self._take()
            word += f".{self._take()}"
        return tree.Variable(name_of(word))

    def _is_method(self) -> bool:
        name, after = self._peek(1), self._peek(2)
        return after == "(" or name == "length"

    def _tested(self, word: str) -> Expression:
        self._expect(".")
        self._expect("test")
        (value,) = self._one_given()
        if word.endswith("i"):
            raise NotUnderstood
        pattern = re.fullmatch(r"/\^(?:\(\?:(?P<whole>.*)\)|(?P<plain>[^|]*))\$/", word, re.DOTALL)
        if pattern is None:
            raise NotUnderstood
        inside = pattern["whole"] if pattern["whole"] is not None else pattern["plain"]
        return tree.Operation(Operator.MATCHES, value, tree.Text(inside.replace("\\/", "/")))

    def _members(self, found: Expression) -> Expression:
        while self._peek() == ".":
            self._take()
            name = self._take()
            if name == "length" and self._peek() != "(":
                found = tree.Call("len", (found,))
            else:
                found = self._method(name, found, self._given())
        return found

    def _method(self, name: str, of: Expression, given: tuple[Expression, ...]) -> Expression:
        if name == "indexOf" and len(given) == 1:
            bare = of.arguments[0] if isinstance(of, tree.Call) and of.function == "text" else of
            return self._position(bare, given[0])
        method = METHODS.get(name)
        if method is None:
            raise NotUnderstood
        return method(of, given)

    def _position(self, of: Expression, part: Expression) -> Expression:
        """``indexOf`` in the comparisons that say whether, or that it begins so."""
        sign = self._take()
        minus = self._peek() == "-"
        if minus:
            self._take()
        found = (sign.rstrip("=") if sign in ("===", "!==") else sign, minus, self._take())
        operator = _POSITIONS.get((_PLAIN.get(sign, found[0]), minus, found[2]))
        if operator is None:
            raise NotUnderstood
        word, is_so = operator
        operation = tree.Operation(word, of, part)
        return operation if is_so else tree.Not(operation)

    def _one_given(self) -> tuple[Expression]:
        given = self._given()
        if len(given) != 1:
            raise NotUnderstood
        return (given[0],)

    def _given(self) -> tuple[Expression, ...]:
        self._expect("(")
        given: list[Expression] = []
        while self._peek() != ")":
            if given:
                self._expect(",")
            given.append(self._chosen())
        self._expect(")")
        return tuple(given)

    def _peek(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._words[at] if at < len(self._words) else ""

    def _take(self) -> str:
        word = self._peek()
        self._at += 1
        if not word:
            raise NotUnderstood
        return word

    def _expect(self, sign: str) -> None:
        if self._take() != sign:
            raise NotUnderstood


_LITERALS: Mapping[str, Expression] = {
    "true": tree.Truth(True),
    "false": tree.Truth(False),
    "undefined": NOTHING,
    "null": NOTHING,
}
_PLAIN = {"===": "==", "!==": "!="}
_POSITIONS: Mapping[tuple[str, bool, str], tuple[Operator, bool]] = {
    (">=", False, "0"): (Operator.CONTAINS, True),
    ("!=", True, "1"): (Operator.CONTAINS, True),
    (">", True, "1"): (Operator.CONTAINS, True),
    ("<", False, "0"): (Operator.CONTAINS, False),
    ("==", True, "1"): (Operator.CONTAINS, False),
    ("==", False, "0"): (Operator.STARTS, True),
    ("!=", False, "0"): (Operator.STARTS, False),
}


def _words(text: str) -> list[str]:
    words: list[str] = []
    at, text = 0, text.strip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise NotUnderstood
        words.append(found[0].strip())
        at = found.end()
        if len(words) > _MOST_WORDS:
            raise NotUnderstood
    return words


_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def _unquoted(word: str) -> str:
    return re.sub(
        r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), word[1:-1], flags=re.DOTALL
    )
