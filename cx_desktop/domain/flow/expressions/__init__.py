"""The small language of flows: conditions, formulas, ``{…}`` in texts: ``docs/expressions.md``."""

from cx_desktop.domain.flow.expressions.evaluating import evaluate, is_true
from cx_desktop.domain.flow.expressions.faults import (
    EvaluationError,
    ExpressionError,
    PlacedError,
    Problem,
)
from cx_desktop.domain.flow.expressions.parsing import parse
from cx_desktop.domain.flow.expressions.problems import Form, problems
from cx_desktop.domain.flow.expressions.rendering import render
from cx_desktop.domain.flow.expressions.signatures import Type
from cx_desktop.domain.flow.expressions.template import Template, parse_assigned, parse_number
from cx_desktop.domain.flow.expressions.tree import Expression, variables_of
from cx_desktop.domain.flow.expressions.typing import check, type_of
from cx_desktop.domain.flow.expressions.values import BLANK, Value, as_text, value_of

__all__ = [
    "BLANK",
    "EvaluationError",
    "Expression",
    "ExpressionError",
    "Form",
    "PlacedError",
    "Problem",
    "Template",
    "Type",
    "Value",
    "as_text",
    "check",
    "evaluate",
    "is_true",
    "parse",
    "parse_assigned",
    "parse_number",
    "problems",
    "render",
    "type_of",
    "value_of",
    "variables_of",
]
