"""Reading an expression: a text becomes a tree, or an error that says where it stops making sense.

What is typed is not trusted: length, depth and the number of operators are limited, so that no text
takes long to read and no tree is too deep to walk.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import NoReturn

from cx_desktop.domain.flow.expressions.faults import ExpressionError, quoted
from cx_desktop.domain.flow.expressions.signatures import SIGNATURES
from cx_desktop.domain.flow.expressions.tokens import Token, Type, scan
from cx_desktop.domain.flow.expressions.tree import (
    AllOf,
    AnyOf,
    Call,
    Choice,
    Expression,
    Items,
    Negative,
    Not,
    Number,
    Operation,
    Operator,
    Span,
    Text,
    Truth,
    Variable,
)

#: No expression is longer, nested deeper or has more operators and list items.
LONGEST = 10_000
DEEPEST = 20
MOST_PARTS = 500
MOST_CHAINED = 100

_COMPARISONS = frozenset(
    {
        Operator.EQUAL,
        Operator.NOT_EQUAL,
        Operator.LESS,
        Operator.AT_MOST,
        Operator.GREATER,
        Operator.AT_LEAST,
        Operator.CONTAINS,
        Operator.STARTS,
        Operator.ENDS,
        Operator.MATCHES,
        Operator.IN,
    }
)
_IN_WORDS = frozenset(each for each in _COMPARISONS if each.value.isalpha())

#: Operators that are worked out from left to right, the loosest first.
_CHAINS = (
    frozenset({Operator.JOIN}),
    frozenset({Operator.PLUS, Operator.MINUS}),
    frozenset({Operator.TIMES, Operator.OVER, Operator.REMAINDER}),
)
_OPERATORS = {each.value: each for each in Operator}


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """The expression that a text is; raises ``ExpressionError`` where it is none."""
    reader = _Reader(text, 0)
    if reader.is_at_end:
        raise ExpressionError("expression.empty", 0, len(text))
    expression = reader.expression()
    if not reader.is_at_end:
        reader.refuse()
    return expression


def parse_up_to(text: str, start: int, closing: str) -> tuple[Expression, int]:
    """The expression that begins at a place of a text, and where the sign after it ends."""
    reader = _Reader(text, start)
    if reader.is_sign(closing):
        raise ExpressionError("expression.empty", start, reader.token.end)
    expression = reader.expression()
    if not reader.is_sign(closing):
        reader.refuse(closing)
    return expression, reader.token.end


class _Reader:
    """Reads from left to right, one word ahead."""

    def __init__(self, text: str, start: int) -> None:
        if len(text) > LONGEST:
            raise ExpressionError("expression.too-long", LONGEST, len(text), value=LONGEST)
        self._text = text
        self._depth = 0
        self._chained = 0
        self._parts = 0
        self._before = start
        self.token = scan(text, start)

    @property
    def is_at_end(self) -> bool:
        """Whether nothing comes next."""
        return self.token.type is Type.END

    def expression(self) -> Expression:
        """A whole expression: everything down to the loosest operator."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionError("expression.too-deep", self.token.start, self.token.end)
        found = self._choice() if self._is_word("if") else self._any_of()
        self._depth -= 1
        return found

    def is_sign(self, sign: str) -> bool:
        """Whether this sign comes next."""
        return self.token.type is Type.SIGN and self.token.value == sign

    def refuse(self, wanted: str = "") -> NoReturn:
        """Say that something else should come here."""
        token = self.token
        if self.is_at_end:
            if wanted:
                raise ExpressionError("expression.missing", token.start, token.end, value=wanted)
            raise ExpressionError("expression.unfinished", token.start, token.end)
        found = quoted(self._text[token.start : token.end])
        raise ExpressionError("expression.unexpected", token.start, token.end, value=found)

    def _is_word(self, word: str) -> bool:
        return self.token.type is Type.KEYWORD and self.token.value == word

    def _next(self) -> Token:
        token = self.token
        self._before = token.end
        self.token = scan(self._text, token.end)
        return token

    def _take_sign(self, sign: str) -> None:
        if not self.is_sign(sign):
            self.refuse(sign)
        self._next()

    def _take_word(self, word: str) -> None:
        if not self._is_word(word):
            self.refuse(word)
        self._next()

    def _since(self, start: int) -> Span:
        return Span(start, self._before)

    def _choice(self) -> Expression:
        start = self._next().start
        condition = self.expression()
        self._take_word("then")
        chosen = self.expression()
        self._take_word("else")
        otherwise = self.expression()
        return Choice(condition, chosen, otherwise, self._since(start))

    def _any_of(self) -> Expression:
        start = self.token.start
        parts = self._joined("or", self._all_of)
        return AnyOf(parts, self._since(start)) if len(parts) > 1 else parts[0]

    def _all_of(self) -> Expression:
        start = self.token.start
        parts = self._joined("and", self._contrary)
        return AllOf(parts, self._since(start)) if len(parts) > 1 else parts[0]

    def _joined(self, word: str, part: Callable[[], Expression]) -> tuple[Expression, ...]:
        parts = [part()]
        while self._is_word(word):
            self._count()
            self._next()
            parts.append(part())
        return tuple(parts)

    def _contrary(self) -> Expression:
        starts = []
        while self._is_word("not"):
            self._chain()
            starts.append(self._next().start)
        found = self._comparison()
        for start in reversed(starts):
            found = Not(found, self._since(start))
        return found

    def _comparison(self) -> Expression:
        start = self.token.start
        left = self._chain_of(0)
        is_contrary = self._is_word("not")
        if is_contrary:
            self._next()
        operator = self._operator(_IN_WORDS if is_contrary else _COMPARISONS)
        if operator is None:
            return self.refuse() if is_contrary else left
        self._count()
        right = self._chain_of(0)
        if self._operator(_COMPARISONS, is_taken=False) is not None:
            raise ExpressionError("expression.chained", self.token.start, self.token.end)
        found = Operation(operator, left, right, self._since(start))
        return Not(found, self._since(start)) if is_contrary else found

    def _operator(self, among: frozenset[Operator], *, is_taken: bool = True) -> Operator | None:
        """The operator that comes next, if it is one of these."""
        operator = (
            _OPERATORS.get(self.token.value)
            if self.token.type in (Type.SIGN, Type.KEYWORD)
            else None
        )
        if operator not in among:
            return None
        if is_taken:
            self._next()
        return operator

    def _chain_of(self, level: int) -> Expression:
        """Operands of one strength, worked out from left to right."""
        if level == len(_CHAINS):
            return self._signed()
        start = self.token.start
        found = self._chain_of(level + 1)
        while (operator := self._operator(_CHAINS[level])) is not None:
            self._chain()
            right = self._chain_of(level + 1)
            found = Operation(operator, found, right, self._since(start))
        return found

    def _signed(self) -> Expression:
        starts = []
        while self.is_sign("-"):
            self._chain()
            starts.append(self._next().start)
        found = self._single()
        for start in reversed(starts):
            found = Negative(found, self._since(start))
        return found

    def _chain(self) -> None:
        """Count what makes the tree one deeper."""
        self._chained += 1
        if self._chained > MOST_CHAINED:
            raise ExpressionError("expression.too-deep", self.token.start, self.token.end)

    def _count(self) -> None:
        """Count what makes the tree one broader."""
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise ExpressionError("expression.too-many", self.token.start, self.token.end)

    def _single(self) -> Expression:
        token = self.token
        span = Span(token.start, token.end)
        match token.type:
            case Type.NUMBER:
                self._next()
                return Number(Decimal(token.value), span)
            case Type.TEXT:
                self._next()
                return Text(token.value, span)
            case Type.NAME:
                return self._named()
            case Type.KEYWORD if token.value in ("true", "false"):
                self._next()
                return Truth(token.value == "true", span)
            case Type.SIGN if token.value == "(":
                return self._in_parentheses()
            case Type.SIGN if token.value == "[":
                self._next()
                items = self._listed("]")
                return Items(items, self._since(token.start))
            case _:
                return self.refuse()

    def _in_parentheses(self) -> Expression:
        opening = self._next()
        found = self.expression()
        if self.is_at_end:
            raise ExpressionError("expression.open-bracket", opening.start, opening.end)
        self._take_sign(")")
        return found

    def _named(self) -> Expression:
        token = self._next()
        if not self.is_sign("(") or self._text[token.start] == "`":
            return Variable(token.value, Span(token.start, token.end))
        signature = SIGNATURES.get(token.value)
        if signature is None:
            raise ExpressionError(
                "expression.no-such-function", token.start, token.end, value=quoted(token.value)
            )
        self._next()
        arguments = self._listed(")")
        if not signature.least <= len(arguments) <= signature.most:
            raise ExpressionError(
                "expression.arguments",
                token.start,
                self._before,
                value=signature.usage,
            )
        return Call(token.value, arguments, self._since(token.start))

    def _listed(self, closing: str) -> tuple[Expression, ...]:
        """Expressions between commas, up to a closing sign."""
        found: list[Expression] = []
        while not self.is_sign(closing):
            if found:
                self._take_sign(",")
            self._count()
            found.append(self.expression())
        self._next()
        return tuple(found)
