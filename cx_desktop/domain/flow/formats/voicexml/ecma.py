"""Our expressions as ECMAScript, where our own reader agrees that both mean the same."""

import re
from collections.abc import Callable, Mapping

from cx_desktop.domain.flow.expressions import Expression, ExpressionError, parse, render, tree
from cx_desktop.domain.flow.expressions.tree import Operator
from cx_desktop.domain.flow.formats.voicexml.script import condition_in_ours, value_in_ours

#: Where a session keeps what every call of ours knows.
_PREDEFINED: Mapping[str, str] = {
    "caller": "session.connection.remote.uri",
    "called": "session.connection.local.uri",
}
#: What only our calls know.
_UNKNOWN = frozenset({"language", "channel", "call_id", "queue", "now", "today", "started"})
_WORDS = (
    "break case catch class const continue debugger default delete do else enum export extends "
    "false finally for function if import in instanceof new null return super switch this throw "
    "true try typeof var void while with yield let static undefined application document dialog "
    "session exit"
)
_RESERVED = frozenset(_WORDS.split())
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SIGNS: Mapping[Operator, str] = {
    Operator.EQUAL: "==",
    Operator.NOT_EQUAL: "!=",
    Operator.LESS: "<",
    Operator.AT_MOST: "<=",
    Operator.GREATER: ">",
    Operator.AT_LEAST: ">=",
    Operator.PLUS: "+",
    Operator.MINUS: "-",
    Operator.TIMES: "*",
    Operator.OVER: "/",
    Operator.REMAINDER: "%",
}
_METHODS = {"lower": "toLowerCase", "upper": "toUpperCase", "trim": "trim"}
_ATOM = re.compile(r"[\w.$]+|'(?:[^'\\]|\\.)*'|\w+\([^()']*\)")


class UnsayableError(Exception):
    """Something of ours that VoiceXML has no words for."""


def is_name(name: str) -> bool:
    """Whether a variable may be called so in a document."""
    return bool(_NAME.fullmatch(name)) and name not in _RESERVED | _UNKNOWN | set(_PREDEFINED)


def value_in_ecma(formula: str) -> str:
    """A formula as a script; raises ``UnsayableError``."""
    if not formula.strip():
        return "''"
    expression = _parsed(formula)
    script = _written(expression)
    if value_in_ours(script) != render(expression):
        raise UnsayableError(formula)
    return script


def condition_in_ecma(condition: Expression) -> str:
    """A condition as a script; raises ``UnsayableError``."""
    script = _written(condition)
    if condition_in_ours(script) != condition:
        raise UnsayableError(render(condition))
    return script


def value_of(expression: Expression) -> str:
    """What is filled into a text, as a script."""
    script = _written(expression)
    if value_in_ours(script) != render(expression):
        raise UnsayableError(render(expression))
    return script


def _parsed(formula: str) -> Expression:
    try:
        return parse(formula)
    except ExpressionError as error:
        raise UnsayableError(formula) from error


def quoted(text: str) -> str:
    """A text between the quotes of a script."""
    plain = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{plain}'"


def _written(expression: Expression) -> str:
    write = _WRITERS.get(type(expression))
    if write is None:
        raise UnsayableError(render(expression))
    return write(expression)


def _part(expression: Expression) -> str:
    said = _written(expression)
    return said if _ATOM.fullmatch(said) else f"({said})"


def _variable(found: tree.Variable) -> str:
    names = found.name.split(".")
    if found.name in _PREDEFINED:
        return _PREDEFINED[found.name]
    if not is_name(names[0]) or not all(_NAME.fullmatch(each) for each in names):
        raise UnsayableError(found.name)
    return found.name


def _operation(found: tree.Operation) -> str:
    left, right = found.left, found.right
    match found.operator:
        case Operator.JOIN:
            return f"'' + {_pieces(found)}" if not isinstance(left, tree.Text) else _pieces(found)
        case Operator.CONTAINS:
            return f"String({_written(left)}).indexOf({_written(right)}) >= 0"
        case Operator.STARTS:
            return f"String({_written(left)}).indexOf({_written(right)}) == 0"
        case Operator.MATCHES:
            return _tested(left, right)
        case operator if operator in _SIGNS:
            return f"{_part(left)} {_SIGNS[operator]} {_part(right)}"
        case _:
            raise UnsayableError(render(found))


def _pieces(found: tree.Operation) -> str:
    left = found.left
    is_joined = isinstance(left, tree.Operation) and left.operator is Operator.JOIN
    before = _pieces(left) if isinstance(left, tree.Operation) and is_joined else _part(left)
    return f"{before} + {_part(found.right)}"


def _tested(left: Expression, right: Expression) -> str:
    if not isinstance(right, tree.Text):
        raise UnsayableError(render(right))
    pattern = right.value.replace("/", "\\/")
    return f"/^(?:{pattern})$/.test({_written(left)})"


def _not(found: tree.Not) -> str:
    return f"!({_written(found.operand)})"


def _call(found: tree.Call) -> str:
    name, given = found.function, found.arguments
    if name == "blank":
        value = _part(given[0])
        return f"{value} == undefined || {value} == ''"
    if name == "len":
        return f"{_part(given[0])}.length"
    if name == "text":
        return f"String({_written(given[0])})"
    if name in _METHODS:
        return f"{_part(given[0])}.{_METHODS[name]}()"
    raise UnsayableError(render(found))


def _choice(found: tree.Choice) -> str:
    parts = (found.condition, found.chosen, found.otherwise)
    condition, chosen, otherwise = map(_part, parts)
    return f"{condition} ? {chosen} : {otherwise}"


def _all(found: tree.AllOf) -> str:
    return " && ".join(map(_part, found.parts))


def _any(found: tree.AnyOf) -> str:
    return " || ".join(map(_part, found.parts))


_WRITERS: Mapping[type, Callable[..., str]] = {
    tree.Text: lambda found: quoted(found.value),
    tree.Number: lambda found: f"{found.value:f}",
    tree.Truth: lambda found: "true" if found.value else "false",
    tree.Negative: lambda found: f"-{_part(found.operand)}",
    tree.Variable: _variable,
    tree.Operation: _operation,
    tree.Not: _not,
    tree.Call: _call,
    tree.Choice: _choice,
    tree.AllOf: _all,
    tree.AnyOf: _any,
}
