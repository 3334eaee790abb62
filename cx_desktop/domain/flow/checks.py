"""Whether the value of a property is what its type promises.

Values come from people, other programs and other versions: any JSON may stand anywhere.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeGuard

from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.expressions import Form, problems
from cx_desktop.domain.flow.kind import FieldType, Property
from cx_desktop.domain.flow.kinds.shapes import LANGUAGES
from cx_desktop.domain.flow.rules import Rule
from cx_desktop.domain.patch import Document, Json
from cx_desktop.domain.patterns import compiles, matches


class Fault(NamedTuple):
    """What a rule has to say about a value."""

    rule: Rule
    params: Mapping[str, str | int] = {}


Faults = Iterator[Fault]

#: No text of a flow is longer: a prompt of this length lasts ten minutes.
LONGEST_TEXT = 10_000

#: How a text is read out.
SAY_AS = ("digits", "number", "date", "time", "amount", "characters", "telephone")

#: Operators of a case that compare with nothing.
UNARY = frozenset({"blank", "not_blank", "mobile", "landline", "foreign"})

#: Nor is a table or a prompt.
LONGEST_LIST = 500

_SHOWN = 60
_LARGEST = 1e18
_VARIABLE = r"[\pL_$][\pL\pN_.$\[\]-]*"
_EXPRESSION_IN_NUMBER = r"[\pL_${`].*"


def is_missing(value: Json) -> bool:
    """Whether nothing was filled in."""
    return value is None or value in ([], {}) or (isinstance(value, str) and not value.strip())


def faults(declared: Property, value: Json) -> Faults:
    """What is wrong with a value. An absent one is not: whether it may be is ``is_required``."""
    if not is_missing(value):
        yield from _CHECKS[declared.type](declared, value)


def is_plainly_sound(declared: Property, value: Json) -> bool:
    """Whether a value is surely right, seen at a glance; else ``faults`` knows."""
    glance = _AT_A_GLANCE.get(declared.type)
    return glance is not None and glance(declared, value)


def shown(value: Json) -> str:
    """A value as a message may quote it: short, on one line; structures are not quoted."""
    if isinstance(value, int | float):
        return f"{value}" if abs(value) < _LARGEST else "…"
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _is_list(value: Json) -> TypeGuard[list[Json]]:
    return isinstance(value, list) and len(value) <= LONGEST_LIST


def _text(declared: Property, value: Json) -> Faults:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        yield Fault(rules.MALFORMED)
        return
    if declared.pattern and not matches(declared.pattern, value):
        yield Fault(rules.MALFORMED)
    if declared.is_template:
        yield from _formulas(value, Form.TEMPLATE)


def _formulas(text: str, form: Form) -> Faults:
    """Expressions can be read, and what they do with their values can work."""
    unreadable = rules.PLACEHOLDER if form is Form.TEMPLATE else rules.EXPRESSION
    for each in problems(text, form):
        start = max(0, text.rfind("{", 0, each.start + 1)) if form is Form.TEMPLATE else 0
        yield Fault(
            unreadable if each.is_fatal else rules.EXPRESSION_TYPE,
            {
                "expression": shown(text[start:]),
                "problem": each.key,
                "value": each.value,
                "column": each.start + 1,
            },
        )


def _expression(_declared: Property, value: Json) -> Faults:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        yield Fault(rules.MALFORMED)
    else:
        yield from _formulas(value, Form.FORMULA)


def _free_text(_declared: Property, value: Json) -> Faults:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        yield Fault(rules.MALFORMED)


def _prompt(_declared: Property, value: Json) -> Faults:
    if not _is_list(value):
        yield Fault(rules.MALFORMED)
        return
    for row, part in enumerate(value, 1):
        yield from _prompt_part(part, row)


def _prompt_part(part: Json, row: int) -> Faults:
    if not isinstance(part, dict):
        yield Fault(rules.MALFORMED)
        return
    kind = part.get("type")
    if kind not in ("text", "ssml", "audio", "say_as"):
        yield Fault(rules.NOT_A_CHOICE, {"value": shown(kind)})
        return
    said = part.get("ref" if kind == "audio" else "text")
    if is_missing(said):
        yield Fault(rules.SILENT_PROMPT, {"row": row})
    elif kind in ("text", "say_as"):
        yield from _text(_SPOKEN, said)
    else:
        yield from _free_text(_SPOKEN, said)
    yield from _how_it_is_said(part)


def _how_it_is_said(part: Document) -> Faults:
    for name, known in (("as", SAY_AS), ("language", LANGUAGES)):
        value = part.get(name)
        if not is_missing(value) and value not in known:
            yield Fault(rules.NOT_A_CHOICE, {"value": shown(value)})


def _prompts(declared: Property, value: Json) -> Faults:
    if not _is_list(value):
        yield Fault(rules.MALFORMED)
        return
    for row, each in enumerate(value, 1):
        if is_missing(each):
            yield Fault(rules.SILENT_PROMPT, {"row": row})
        else:
            yield from _prompt(declared, each)


def _integer(declared: Property, value: Json) -> Faults:
    if not isinstance(value, int) or isinstance(value, bool):
        yield Fault(rules.MALFORMED)
    else:
        yield from _bounds(declared, value)


def _seconds(declared: Property, value: Json) -> Faults:
    if not isinstance(value, int | float) or isinstance(value, bool) or value != value:
        yield Fault(rules.MALFORMED)
    else:
        yield from _bounds(declared, value)


def _bounds(declared: Property, value: float) -> Faults:
    low, high = declared.minimum, declared.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        yield Fault(
            rules.OUT_OF_BOUNDS,
            {
                "value": shown(value),
                "minimum": "" if low is None else f"{low:g}",
                "maximum": "" if high is None else f"{high:g}",
            },
        )


def _toggle(_declared: Property, value: Json) -> Faults:
    if not isinstance(value, bool):
        yield Fault(rules.MALFORMED)


def _choice(declared: Property, value: Json) -> Faults:
    if value not in declared.choices:
        yield Fault(rules.NOT_A_CHOICE, {"value": shown(value)})


def _several(declared: Property, value: Json) -> Faults:
    if not _is_list(value):
        yield Fault(rules.MALFORMED)
        return
    seen: list[Json] = []
    for each in value:
        if each not in declared.choices:
            yield Fault(rules.NOT_A_CHOICE, {"value": shown(each)})
        elif each in seen:
            yield Fault(rules.TWICE, {"value": shown(each)})
        seen.append(each)


def _table(
    check: Callable[[Property, Document, int], Faults], *, has_ids: bool
) -> Callable[[Property, Json], Faults]:
    """The check of a list of rows, each by itself, and of their ids together."""

    def checked(declared: Property, value: Json) -> Faults:
        if not _is_list(value):
            yield Fault(rules.MALFORMED)
            return
        seen: set[str] = set()
        for number, row in enumerate(value, 1):
            if not isinstance(row, dict):
                yield Fault(rules.MALFORMED)
                continue
            if has_ids:
                yield from _id(row, number, seen)
            yield from check(declared, row, number)

    return checked


def _id(row: Document, number: int, seen: set[str]) -> Faults:
    name = row.get("id")
    if not isinstance(name, str) or not name.strip():
        yield Fault(rules.ROW_INCOMPLETE, {"row": number})
    elif name in seen:
        yield Fault(rules.TWICE, {"value": shown(name)})
    else:
        seen.add(name)


def _case(declared: Property, row: Document, number: int) -> Faults:
    operator = row.get("operator")
    if operator not in declared.choices:
        yield Fault(rules.NOT_A_CHOICE, {"value": shown(operator)})
    elif operator not in UNARY and is_missing(row.get("value")):
        yield Fault(rules.ROW_INCOMPLETE, {"row": number})
    elif operator == "matches" and not compiles(str(row.get("value"))):
        yield Fault(rules.PATTERN, {"value": shown(row.get("value"))})
    yield from _label(row)


def _label(row: Document) -> Faults:
    if not isinstance(row.get("label", ""), str):
        yield Fault(rules.MALFORMED)


def _weight(_declared: Property, row: Document, number: int) -> Faults:
    weight = row.get("weight")
    if not isinstance(weight, int | float) or isinstance(weight, bool):
        yield Fault(rules.ROW_INCOMPLETE, {"row": number})
    elif not 0 <= weight <= 100:
        yield Fault(rules.OUT_OF_BOUNDS, {"value": shown(weight), "minimum": "0", "maximum": "100"})
    yield from _label(row)


def _outcome(_declared: Property, row: Document, _number: int) -> Faults:
    yield from _label(row)


def _assignment(declared: Property, row: Document, number: int) -> Faults:
    variable, expression = row.get("variable"), row.get("expression")
    if is_missing(variable) or expression is None:
        yield Fault(rules.ROW_INCOMPLETE, {"row": number})
        return
    yield from _variable(declared, variable)
    if not is_missing(expression):
        yield from _expression(declared, expression)


def _pair(declared: Property, row: Document, number: int) -> Faults:
    values = [row.get(name) for name in declared.columns]
    if values and is_missing(values[0]):
        yield Fault(rules.ROW_INCOMPLETE, {"row": number})
    for name, value in zip(declared.columns, values, strict=True):
        if is_missing(value):
            continue
        yield from (_variable if name == "variable" else _free_text)(declared, value)


def _variable(_declared: Property, value: Json) -> Faults:
    if not isinstance(value, str) or not _is_name(value):
        yield Fault(rules.VARIABLE_NAME, {"value": shown(value)})


@lru_cache(maxsize=4096)  # a flow sets and reads the same few again and again
def _is_name(name: str) -> bool:
    return len(name) <= 200 and matches(_VARIABLE, name)


def _number(_declared: Property, value: Json) -> Faults:
    if not isinstance(value, str):
        yield Fault(rules.MALFORMED)
    elif not matches(rf"\+[1-9]\d{{3,14}}|{_EXPRESSION_IN_NUMBER}", value):
        yield Fault(rules.PHONE_NUMBER, {"value": shown(value)})
    else:
        yield from _formulas(value, Form.NUMBER)


def _url(_declared: Property, value: Json) -> Faults:
    if not isinstance(value, str):
        yield Fault(rules.MALFORMED)
    elif not matches(r"https?://[^\s/]+(/\S*)?|\{[^\s}]+\}\S*|\$\S+", value):
        yield Fault(rules.WEB_ADDRESS, {"value": shown(value)})


def _reference(_declared: Property, value: Json) -> Faults:
    if not isinstance(value, str):
        yield Fault(rules.MALFORMED)


def _anything(_declared: Property, _value: Json) -> Faults:
    yield from ()


_SPOKEN = Property(name="text", type=FieldType.TEXT, is_template=True)

_CHECKS: Mapping[FieldType, Callable[[Property, Json], Faults]] = {
    FieldType.TEXT: _text,
    FieldType.LINES: _text,
    FieldType.PROMPT: _prompt,
    FieldType.PROMPTS: _prompts,
    FieldType.INTEGER: _integer,
    FieldType.SECONDS: _seconds,
    FieldType.TOGGLE: _toggle,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _several,
    FieldType.KEYS: _several,
    FieldType.CASES: _table(_case, has_ids=True),
    FieldType.WEIGHTS: _table(_weight, has_ids=True),
    FieldType.OUTCOMES: _table(_outcome, has_ids=True),
    FieldType.ASSIGNMENTS: _table(_assignment, has_ids=False),
    FieldType.MAPPING: _table(_pair, has_ids=False),
    FieldType.VARIABLE: _variable,
    FieldType.EXPRESSION: _expression,
    FieldType.REFERENCE: _reference,
    FieldType.NUMBER: _number,
    FieldType.URL: _url,
    FieldType.DATA: _anything,
}


def _is_plain_text(declared: Property, value: Json) -> bool:
    return (
        isinstance(value, str)
        and len(value) <= LONGEST_TEXT
        and not declared.pattern
        and not (declared.is_template and "{" in value)
    )


def _is_plain_prompt(_declared: Property, value: Json) -> bool:
    return _is_list(value) and all(
        isinstance(part, dict)
        and part.get("type") == "text"
        and isinstance(text := part.get("text"), str)
        and "{" not in text
        and not text.isspace()
        and 0 < len(text) <= LONGEST_TEXT
        and "as" not in part
        and "language" not in part
        for part in value
    )


def _is_small_number(declared: Property, value: Json) -> bool:
    low, high = declared.minimum, declared.maximum
    return type(value) is int and (low or 0) <= value <= (high if high is not None else 0)


#: What most values are like, type by type.
_AT_A_GLANCE: Mapping[FieldType, Callable[[Property, Json], bool]] = {
    FieldType.TEXT: _is_plain_text,
    FieldType.LINES: _is_plain_text,
    FieldType.PROMPT: _is_plain_prompt,
    FieldType.INTEGER: _is_small_number,
    FieldType.SECONDS: _is_small_number,
    FieldType.TOGGLE: lambda _declared, value: type(value) is bool,
    FieldType.CHOICE: lambda declared, value: value in declared.choices,
    FieldType.REFERENCE: lambda _declared, value: isinstance(value, str),
}
