"""Formulas of other products, and the same in our language.

Genesys and 3CX write formulas alike: names with dots, texts in double quotes, functions and (with
Genesys) operators. What our language cannot say is not guessed: there is then no translation.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from cx_desktop.domain.flow.expressions import ExpressionError, parse, render

#: A longer or deeper formula is kept as it is written.
LONGEST = 8_000
DEEPEST = 20
_MOST_WORDS = 250

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<number>\d+(?:\.\d+)?(?![\w.]))
    | (?P<name>[^\W\d][\w$]*(?:\.[\w$]+|\[\d{1,9}\])*)
    | (?P<sign>==|!=|<>|<=|>=|&&|\|\||[-+*/%<>(),.!])
    )""",
    re.VERBOSE | re.DOTALL,
)
_LOOSENESS: Mapping[str, int] = {
    **dict.fromkeys(("or", "||"), 1),
    **dict.fromkeys(("and", "&&"), 2),
    **dict.fromkeys(("==", "!=", "<>", "<", "<=", ">", ">="), 3),
    **dict.fromkeys(("+", "-"), 4),
    **dict.fromkeys(("*", "/", "%"), 5),
}
_SIGNS = {"==": "=", "<>": "!=", "&&": "and", "||": "or"}
_CHAINED = frozenset({"and", "or", "+", "*"})
_TRUTHS = frozenset({"true", "false"})


class Literal(NamedTuple):
    """A text, number or truth that stands in a formula."""

    value: str
    is_text: bool = False


class Name(NamedTuple):
    """A variable."""

    name: str


class Applied(NamedTuple):
    """A function or an operator, in lower case, and what it is given."""

    function: str
    given: tuple["Term", ...]


Term: TypeAlias = Literal | Name | Applied

#: How a function of another product is said in ours, from its arguments already said.
Saying: TypeAlias = Callable[..., str]


class _NotUnderstood(Exception):  # noqa: N818 - nothing is wrong: the formula stays as it is
    pass


class _Reader:
    def __init__(self, text: str) -> None:
        self._words = list(_words(text))
        self._at = 0
        self._depth = 0

    def whole(self) -> Term:
        term = self.term(0)
        if self._at < len(self._words):
            raise _NotUnderstood
        return term

    def term(self, tightness: int) -> Term:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _NotUnderstood
        left = self._single()
        while (strength := _LOOSENESS.get(self._peek().lower(), 0)) > tightness:
            sign = self._take().lower()
            left = _operation(_SIGNS.get(sign, sign), left, self.term(strength))
        self._depth -= 1
        return left

    def _single(self) -> Term:
        word = self._take()
        if word in {"!", "-"} or word.lower() == "not":
            return self._contrary(word)
        if word == "(":
            inside = self.term(0)
            self._expect(")")
            return self._members(inside)
        if word.startswith('"'):
            return Literal(_unquoted(word), is_text=True)
        if word[:1].isdigit() or word.lower() in _TRUTHS:
            return Literal(word.lower())
        if not (word[:1].isalpha() or word[:1] == "_"):
            raise _NotUnderstood
        if self._peek() != "(":
            return Name(word)
        return self._members(Applied(word.lower(), self._given()))

    def _contrary(self, word: str) -> Term:
        if word == "-":
            return Applied("negative", (self.term(_LOOSENESS["*"]),))
        return Applied("not", (self.term(_LOOSENESS["and"] if word != "!" else 9),))

    def _members(self, term: Term) -> Term:
        while self._peek() == ".":
            self._take()
            term = Applied(f".{self._take().lower()}", (term,))
        return term

    def _given(self) -> tuple[Term, ...]:
        self._expect("(")
        given: list[Term] = []
        while self._peek() != ")":
            if given:
                self._expect(",")
            given.append(self.term(0))
        self._expect(")")
        return tuple(given)

    def _peek(self) -> str:
        return self._words[self._at] if self._at < len(self._words) else ""

    def _take(self) -> str:
        word = self._peek()
        self._at += 1
        if not word:
            raise _NotUnderstood
        return word

    def _expect(self, sign: str) -> None:
        if self._take() != sign:
            raise _NotUnderstood


def _words(text: str) -> list[str]:
    words: list[str] = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _NotUnderstood
        words.append(found[0].strip())
        at = found.end()
        if len(words) > _MOST_WORDS:
            raise _NotUnderstood
    return words


def _operation(sign: str, left: Term, right: Term) -> Term:
    """Two operands joined; a third one in a row joins them instead of going a level deeper."""
    if sign in _CHAINED and isinstance(left, Applied) and left.function == sign:
        return Applied(sign, (*left.given, right))
    return Applied(sign, (left, right))


_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def _unquoted(word: str) -> str:
    return re.sub(
        r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), word[1:-1], flags=re.DOTALL
    )


def term_of(formula: str) -> Term | None:
    """What a formula is made of, or None when it is none that we understand."""
    if len(formula) > LONGEST:
        return None
    try:
        return _Reader(formula).whole()
    except _NotUnderstood:
        return None


class Dialect(NamedTuple):
    """How one product's names and functions are said in ours."""

    functions: Mapping[str, Saying]
    name: Callable[[str], str]
    joins: frozenset[str]
    """Functions that put texts one after the other."""
    plain: frozenset[str]
    """Functions that leave what they are given as a text shows it."""
    is_joining: Callable[[Applied], bool] = lambda _: False
    """Whether an operator joins texts here instead of calculating."""

    def said(self, formula: str) -> str | None:
        """A formula in our language, or None."""
        term = term_of(formula)
        try:
            said = None if term is None else self._said(term)
            return None if said is None else render(parse(said))
        except (_NotUnderstood, ExpressionError):
            return None

    def template(self, formula: str) -> str | None:
        """A formula that gives a text, as a text with ``{name}`` in it, or None."""
        term = term_of(formula)
        return None if term is None else self.spoken(term)

    def spoken(self, term: Term) -> str | None:
        """A term that gives a text, as a text with ``{name}`` in it, or None."""
        pieces = self._pieces(term)
        return None if pieces is None else "".join(pieces)

    def _pieces(self, term: Term) -> list[str] | None:
        match term:
            case Literal(value):
                return [escaped(value)]
            case Name(name):
                return ["{" + self.name(name) + "}"]
            case Applied(function, given) if function in self.plain and len(given) == 1:
                return self._pieces(given[0])
            case Applied(function, given) if function in self.joins or self.is_joining(term):
                pieces: list[str] = []
                for each in given:
                    piece = self._pieces(each)
                    if piece is None:
                        return None
                    pieces.extend(piece)
                return pieces
            case _:
                return None

    def _said(self, term: Term) -> str:
        match term:
            case Literal(value, is_text):
                return quoted(value) if is_text else value
            case Name(name):
                return self.name(name)
            case Applied(function, given) if function in self.plain and len(given) == 1:
                return self._said(given[0])
            case Applied(function, given):
                return self._applied(function, term, [self._part(each) for each in given])

    def _part(self, term: Term) -> str:
        said = self._said(term)
        return said if _PART.fullmatch(said) else f"({said})"

    def _applied(self, function: str, term: Applied, given: list[str]) -> str:
        if function in self.joins or self.is_joining(term):
            return " & ".join(given)
        saying = self.functions.get(function) or OPERATORS.get(function)
        if saying is None:
            raise _NotUnderstood
        try:
            return saying(*given)
        except TypeError as error:  # another number of arguments than it takes
            raise _NotUnderstood from error


#: What needs no parentheses inside of another formula.
_PART = re.compile(r'"(?:[^"\\]|\\.)*"|[\w$.]+(?:\[\d+\])*|\w+\([^()]*\)', re.DOTALL)


def escaped(text: str) -> str:
    """A text in which braces stand for themselves."""
    return text.replace("{", "{{").replace("}", "}}")


def quoted(text: str) -> str:
    """A text between the quotes of our language."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _between(operator: str) -> Saying:
    def said(left: str, right: str) -> str:
        return f"{left} {operator} {right}"

    return said


def all_of(*parts: str) -> str:
    """Conditions that all hold."""
    return " and ".join(parts) or "true"


def any_of(*parts: str) -> str:
    """Conditions one of which holds."""
    return " or ".join(parts) or "false"


def blank(value: str) -> str:
    """Whether nothing is there."""
    return f"blank({value})"


def given(value: str) -> str:
    """Whether something is there."""
    return f"not blank({value})"


def chosen(condition: str, one: str, other: str) -> str:
    """One of two values."""
    return f"if {condition} then {one} else {other}"


def summed(*parts: str) -> str:
    """Numbers added up."""
    return " + ".join(parts)


def multiplied(*parts: str) -> str:
    """Numbers multiplied."""
    return " * ".join(parts)


BETWEEN: Mapping[str, Saying] = {
    sign: _between(sign)
    for sign in ("=", "!=", "<", "<=", ">", ">=", "-", "/", "%", "contains", "starts", "ends")
}
OPERATORS: Mapping[str, Saying] = {
    **BETWEEN,
    "and": all_of,
    "or": any_of,
    "+": summed,
    "*": multiplied,
    "not": "not {}".format,
    "negative": "-{}".format,
}


class Comparison(NamedTuple):
    """A formula that compares one thing with one value: a case of a switch."""

    operand: str
    operator: str
    value: str


_CASES = {
    "=": "equals",
    "!=": "not_equals",
    "<": "less",
    "<=": "at_most",
    ">": "greater",
    ">=": "at_least",
}


def comparison_of(
    formula: str, dialect: Dialect, names: Mapping[str, str] | None = None
) -> Comparison | None:
    """A formula as a case, when it is one; ``names`` say which functions are which operators."""
    term = term_of(formula)
    if not isinstance(term, Applied) or len(term.given) != 2:
        return None
    function = (names or {}).get(term.function, term.function)
    operator = _CASES.get(function) or (function if function in _WORDS else "")
    left, right = term.given
    if not operator or not isinstance(left, Name) or not isinstance(right, Literal):
        return None
    return Comparison(dialect.name(left.name), operator, right.value)


_WORDS = frozenset({"contains", "starts"})
