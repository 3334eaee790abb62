"""Values and texts of Connect as expressions and texts of ours, and back.

Connect refers to what a call knows by paths: ``$.Attributes.name`` is our variable ``name``, its
own values are ours where we have the same; any other path stays the name of a variable.
"""

import re
from collections.abc import Mapping

from cx_desktop.domain.flow.expressions import ExpressionError, Template, as_text, parse, render
from cx_desktop.domain.flow.expressions.tree import Expression, Number, Text, Truth, Variable
from cx_desktop.domain.flow.variables import PREDEFINED
from cx_desktop.domain.patch import Json

_REFERENCE = re.compile(r"\$\.(?:[^\s`{}]+|System\.[^`{}$]+)")
_IN_TEXT = re.compile(r"\$\.[A-Za-z]\w*(?:\.\w+|\[[0-9]{1,9}\])*")
_ATTRIBUTE = re.compile(r"\$\.Attributes\.([^\W\d]\w*)")
_OWN: Mapping[str, str] = {
    "$.CustomerEndpoint.Address": "caller",
    "$.SystemEndpoint.Address": "called",
    "$.System.Customer Number": "caller",
    "$.System.Dialed Number": "called",
    "$.System.Stored customer input": "StoredCustomerInput",
    "$.Queue.Name": "queue",
    "$.LanguageCode": "language",
    "$.ContactId": "call_id",
    "$.StoredCustomerInput": "StoredCustomerInput",
}
_THEIRS = {ours: theirs for theirs, ours in _OWN.items() if not theirs.startswith("$.System.")}


def formula_of(value: str) -> str:
    """The expression of a value: a text in quotes, unless it refers to something as a whole."""
    is_reference = _REFERENCE.fullmatch(value) is not None
    return render(Variable(_variable(value)) if is_reference else Text(value))


def operand_of(value: str) -> str:
    """The expression of what is compared: an attribute by its name, or a reference."""
    return render(Variable(_variable(value))) if "`" not in value else formula_of(value)


def number_of(value: str) -> str:
    """What is dialled: a number as it is, or the expression of a reference."""
    return formula_of(value) if value.startswith("$.") else value


def value_of(formula: Json) -> str:
    """An expression as Connect has it; one that Connect cannot calculate stays as it is written."""
    if not isinstance(formula, str) or not formula.strip():
        return ""
    try:
        return _value(parse(formula), formula)
    except ExpressionError:
        return formula


def _value(expression: Expression, formula: str) -> str:
    match expression:
        case Variable(name):
            return _reference(name)
        case Text(value) | Number(value) | Truth(value):
            return as_text(value)
        case _:
            return formula


def _variable(reference: str) -> str:
    """Our name of what Connect refers to."""
    attribute = _ATTRIBUTE.fullmatch(reference)
    if attribute is None:
        return _OWN.get(reference, reference)
    is_taken = attribute[1] in PREDEFINED or attribute[1] in _THEIRS
    return reference if is_taken else attribute[1]


def _reference(name: str) -> str:
    """What Connect calls a variable of ours."""
    return name if name.startswith("$.") else _THEIRS.get(name, f"$.Attributes.{name}")


def text_of(text: str, *, is_markup: bool = False) -> str:
    """A text with its references in braces; a brace that was meant is written twice."""
    if not is_markup:
        text = text.replace("{", "{{").replace("}", "}}")
    return _IN_TEXT.sub(lambda found: f"{{{render(Variable(_variable(found[0])))}}}", text)


def words_of(text: str, *, is_markup: bool = False) -> str:
    """A text as Connect has it; what Connect cannot calculate stays in its braces."""
    template = Template.tolerant(text) if is_markup else Template.read(text)
    return "".join(
        each if isinstance(each, str) else _value(each, f"{{{render(each)}}}")
        for each in template.parts
    )
