"""What is wrong with what somebody typed: the same for the findings and for the field itself."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache

from cx_desktop.domain.flow.expressions.faults import ExpressionError, Problem
from cx_desktop.domain.flow.expressions.parsing import parse
from cx_desktop.domain.flow.expressions.signatures import Type
from cx_desktop.domain.flow.expressions.template import Template, parse_number
from cx_desktop.domain.flow.expressions.tree import Expression
from cx_desktop.domain.flow.expressions.typing import check


class Form(StrEnum):
    """What a field holds."""

    FORMULA = "formula"
    NUMBER = "number"
    """A telephone number, or a formula that gives one."""
    TEMPLATE = "template"
    """A text with ``{…}``."""


#: Types of variables that no flow has a reason to give other values.
KNOWN_TYPES = {"now": Type.INSTANT, "today": Type.DATE}


@lru_cache(maxsize=4096)  # the rules ask again of every field after every edit
def problems(text: str, form: Form) -> tuple[Problem, ...]:
    """What is wrong with a text: the first thing that cannot be read, or all that cannot work."""
    if not text.strip():
        return ()
    try:
        expressions = _READING[form](text)
    except ExpressionError as error:
        return (error.problem,)
    return tuple(problem for each in expressions for problem in check(each, KNOWN_TYPES))


def _in_template(text: str) -> tuple[Expression, ...]:
    return Template.parse(text).expressions if "{" in text else ()


_READING: Mapping[Form, Callable[[str], tuple[Expression, ...]]] = {
    Form.FORMULA: lambda text: (parse(text),),
    Form.NUMBER: lambda text: (parse_number(text),),
    Form.TEMPLATE: _in_template,
}
