"""What operators, functions and methods of ECMAScript mean in our language of expressions."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from cx_desktop.domain.flow.expressions import Expression, tree
from cx_desktop.domain.flow.expressions.tree import Operator

_COMPARING = {
    "==": Operator.EQUAL,
    "===": Operator.EQUAL,
    "!=": Operator.NOT_EQUAL,
    "!==": Operator.NOT_EQUAL,
    "<": Operator.LESS,
    "<=": Operator.AT_MOST,
    ">": Operator.GREATER,
    ">=": Operator.AT_LEAST,
}
_CALCULATING = {
    "-": Operator.MINUS,
    "*": Operator.TIMES,
    "/": Operator.OVER,
    "%": Operator.REMAINDER,
}
#: ``undefined`` and ``null``; no function of ours has this name.
NOTHING = tree.Call("nothing", ())
_CONDITIONS = (tree.AllOf, tree.AnyOf, tree.Not, tree.Truth)
_TRUE_OPERATORS = frozenset(
    {*_COMPARING.values(), Operator.CONTAINS, Operator.STARTS, Operator.MATCHES, Operator.IN}
)
_NUMBERS = frozenset({"len", "number", "round"})
_TEXTS = frozenset({"text", "lower", "upper", "trim", "first", "last"})


class NotUnderstood(Exception):  # noqa: N818 - nothing is wrong: the script stays as it is
    """A script that our language cannot say."""


def joined(sign: str, left: Expression, right: Expression) -> Expression:
    """Two operands and what is done with them."""
    match sign:
        case "&&":
            return tree.AllOf((*_parts(tree.AllOf, left), *_parts(tree.AllOf, right)))
        case "||":
            return _either((*_parts(tree.AnyOf, left), *_parts(tree.AnyOf, right)))
        case "+":
            return _sum(left, right)
        case _ if sign in _COMPARING:
            return _compared(_COMPARING[sign], left, right)
        case _:
            return tree.Operation(_CALCULATING[sign], calculated(left), calculated(right))


def _parts(
    joining: type[tree.AllOf] | type[tree.AnyOf], found: Expression
) -> tuple[Expression, ...]:
    if isinstance(found, joining):
        return found.parts
    return (truth(found),)


def _either(parts: tuple[Expression, ...]) -> Expression:
    """Conditions one of which holds; ``x == undefined || x == ''`` is only a blank."""
    blanks = {each.arguments for each in parts if isinstance(each, tree.Call)}
    kept = [
        each
        for each in parts
        if not (
            isinstance(each, tree.Operation)
            and each.operator is Operator.EQUAL
            and each.right == tree.Text("")
            and (each.left,) in blanks
        )
    ]
    return kept[0] if len(kept) == 1 else tree.AnyOf(tuple(kept))


def _compared(operator: Operator, left: Expression, right: Expression) -> Expression:
    if left == NOTHING:
        left, right = right, left
    if right == NOTHING:
        blank = tree.Call("blank", (left,))
        if operator is Operator.EQUAL:
            return blank
        if operator is Operator.NOT_EQUAL:
            return tree.Not(blank)
        raise NotUnderstood
    return tree.Operation(operator, left, right)


def _sum(left: Expression, right: Expression) -> Expression:
    """``+`` joins texts and adds numbers; where neither is known to be one, we cannot know."""
    if _is_text(left) or _is_text(right):
        if left == tree.Text(""):
            return right if _is_text(right) else tree.Operation(Operator.JOIN, left, right)
        match left:
            case tree.Operation(Operator.JOIN, tree.Text(""), first):
                left = first
            case _:
                pass
        return tree.Operation(Operator.JOIN, left, right)
    if _is_number(left) or _is_number(right):
        return tree.Operation(Operator.PLUS, calculated(left), calculated(right))
    raise NotUnderstood


def _is_text(found: Expression) -> bool:
    match found:
        case tree.Text() | tree.Operation(Operator.JOIN, _, _):
            return True
        case tree.Call(function, _):
            return function in _TEXTS
        case tree.Choice(_, one, other):
            return _is_text(one) or _is_text(other)
        case _:
            return False


def _is_number(found: Expression) -> bool:
    match found:
        case tree.Number() | tree.Negative():
            return True
        case tree.Operation(operator, _, _):
            return operator in (*_CALCULATING.values(), Operator.PLUS)
        case tree.Call(function, _):
            return function in _NUMBERS
        case _:
            return False


def calculated(found: Expression) -> Expression:
    """What is calculated with: a text that says a number is one by itself."""
    if isinstance(found, tree.Call) and found.function == "number":
        return found.arguments[0]
    if _is_text(found) or isinstance(found, _CONDITIONS) or found == NOTHING:
        raise NotUnderstood
    return found


def numeric(found: Expression) -> Expression:
    """A number."""
    return found if _is_number(found) else tree.Call("number", (found,))


def truth(found: Expression) -> Expression:
    """A value as a condition: in ECMAScript, one that is not empty, not zero and not false."""
    if isinstance(found, _CONDITIONS):
        return found
    if isinstance(found, tree.Operation) and found.operator in _TRUE_OPERATORS:
        return found
    if isinstance(found, tree.Call) and found.function == "blank":
        return found
    if isinstance(found, tree.Variable):
        return tree.Not(_empty(found))
    raise NotUnderstood


def _empty(found: tree.Variable) -> Expression:
    is_false = tree.Operation(Operator.EQUAL, found, tree.Truth(False))
    return tree.AnyOf((tree.Call("blank", (found,)), is_false))


def negated(found: Expression) -> Expression:
    """The contrary."""
    meant = truth(found)
    return meant.operand if isinstance(meant, tree.Not) else tree.Not(meant)


def called(name: str, given: tuple[Expression, ...]) -> Expression:
    """A function of the language itself."""
    if name in ("Number", "parseInt", "parseFloat") and given:
        if len(given) > 1 and given[1] != tree.Number(Decimal(10)):
            raise NotUnderstood
        return numeric(given[0])
    if name == "String" and len(given) == 1:
        return given[0] if _is_text(given[0]) else tree.Call("text", given)
    if name == "isNaN" and len(given) == 1:
        digits = tree.Text(r"-?[0-9]+(\.[0-9]+)?")
        return tree.Not(tree.Operation(Operator.MATCHES, given[0], digits))
    raise NotUnderstood


def _alone(function: str) -> Callable[[Expression, tuple[Expression, ...]], Expression]:
    def said(of: Expression, given: tuple[Expression, ...]) -> Expression:
        if given:
            raise NotUnderstood
        return tree.Call(function, (of,))

    return said


def _as_text(of: Expression, given: tuple[Expression, ...]) -> Expression:
    if given:
        raise NotUnderstood
    return of if _is_text(of) else tree.Call("text", (of,))


def _beginning(of: Expression, given: tuple[Expression, ...]) -> Expression:
    """``substring(0, n)`` and the like."""
    match given:
        case (tree.Number(start), tree.Number() as count) if start == 0:
            return tree.Call("first", (of, count))
        case _:
            raise NotUnderstood


def _slice(of: Expression, given: tuple[Expression, ...]) -> Expression:
    match given:
        case (tree.Negative(tree.Number() as count),):
            return tree.Call("last", (of, count))
        case _:
            return _beginning(of, given)


def _first_sign(of: Expression, given: tuple[Expression, ...]) -> Expression:
    return _beginning(of, (*given, tree.Number(Decimal(1))))


METHODS: Mapping[str, Callable[[Expression, tuple[Expression, ...]], Expression]] = {
    "toLowerCase": _alone("lower"),
    "toUpperCase": _alone("upper"),
    "trim": _alone("trim"),
    "toString": _as_text,
    "substring": _beginning,
    "substr": _beginning,
    "slice": _slice,
    "charAt": _first_sign,
}
