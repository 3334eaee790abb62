"""The variables of a call: what formulas and texts read, what moves set."""

from collections.abc import Mapping
from decimal import Decimal

from msgspec.structs import replace

from cx_desktop.domain.flow.behaviour import Constant, Counted, Formula, Given, Sets
from cx_desktop.domain.flow.behaviour.speech import says_something
from cx_desktop.domain.flow.expressions import (
    BLANK,
    PlacedError,
    Template,
    Value,
    as_text,
    evaluate,
    value_of,
)
from cx_desktop.domain.flow.expressions.template import parse_assigned, parse_number
from cx_desktop.domain.flow.expressions.values import as_number
from cx_desktop.domain.flow.kinds.shapes import rows
from cx_desktop.domain.flow.simulate.call import Call
from cx_desktop.domain.flow.simulate.events import Assigned, Troubled, Uttered
from cx_desktop.domain.patch import Json

#: Catalogue keys of what can go wrong in a flow while it is simulated.
NO_VALUE = "call.trouble.no-value"


def value_at(call: Call, formula: str, values: Mapping[str, Value] | None = None) -> Value:
    """The value of a formula at this moment; raises ``PlacedError``."""
    now = call.world.instant(call.cost.seconds)
    return evaluate(parse_assigned(formula), call.values if values is None else values, now=now)


def number_at(call: Call, field: str) -> str:
    """The telephone number in a field: digits, a text with ``{…}``, or a formula; "" for none."""
    try:
        now = call.world.instant(call.cost.seconds)
        return as_text(evaluate(parse_number(field), call.values, now=now)) if field else ""
    except PlacedError:
        return ""


def filled(call: Call, text: str) -> str:
    """A text with its variables filled in; what cannot be is said as it stands."""
    if "{" not in text:
        return text
    try:
        return Template.read(text).fill(call.values, call.world.instant(call.cost.seconds))
    except PlacedError:
        return text


def uttered(call: Call, prompt: Json) -> tuple[Uttered, ...]:
    """The parts of a prompt, with their words as far as they are known."""
    return tuple(_uttered(call, part) for part in rows(prompt) if says_something([part]))


def _uttered(call: Call, part: Mapping[str, Json]) -> Uttered:
    if part.get("type") != "audio":
        return Uttered(filled(call, str(part.get("text") or "")))
    name = call.world.played(call.flow, str(part.get("ref")))
    return Uttered(filled(call, _in_language(call, call.world.texts.get(name, {}))), name)


def _in_language(call: Call, words: Mapping[str, str]) -> str:
    """Words in the language of a call at this moment, or else in the first one there is."""
    language = as_text(call.values.get("language", BLANK))
    first = next(iter(words.values()), "")
    return words.get(language) or words.get(language.partition("-")[0]) or first


def assign(
    call: Call,
    sets: tuple[Sets, ...],
    given: Mapping[str, Value],
    *,
    is_masked: bool = False,
) -> tuple[Call, bool]:
    """The call after these assignments, and whether all of them could be made.

    ``given`` holds what comes from outside by source, or by ``source:detail``. The first formula
    without a value ends them.
    """
    for each in sets:
        try:
            value = _value(call, each, given)
        except PlacedError as error:
            params: dict[str, str | int] = {"variable": each.variable, "why": error.key}
            return troubled(call, NO_VALUE, params), False
        call = with_variable(call, each, value)
        call = call.with_event(
            Assigned(
                at=call.cost.seconds,
                flow=call.flow,
                node=call.node,
                variable=each.variable,
                value="•" * len(as_text(value)) if is_masked else value,
                is_masked=is_masked,
            )
        )
    return call, True


def troubled(call: Call, key: str, params: dict[str, str | int] | None = None) -> Call:
    """The call after something of its flow went wrong."""
    return call.with_event(
        Troubled(at=call.cost.seconds, flow=call.flow, node=call.node, key=key, params=params or {})
    )


def with_variable(call: Call, sets: Sets, value: Value) -> Call:
    """The call with one variable set, in its scope."""
    name = sets.variable
    if sets.scope == "flow":
        return replace(call, own={**call.own, name: value})
    own = {key: kept for key, kept in call.own.items() if key != name}
    kept = {**call.kept, name: value} if sets.scope == "persistent" else call.kept
    return replace(call, variables={**call.variables, name: value}, own=own, kept=kept)


def _value(call: Call, sets: Sets, given: Mapping[str, Value]) -> Value:
    match sets.what:
        case Constant(value):
            return value
        case Formula(expression):
            return value_at(call, expression)
        case Counted():
            return count_in(call, sets.variable) + 1
        case Given(source, detail):
            return given.get(f"{source}:{detail}" if detail else source, BLANK)


def count_in(call: Call, variable: str) -> Decimal:
    """The number in a variable; what is none counts as 0."""
    return as_number(call.values.get(variable, BLANK)) or Decimal(0)


def field_of(body: Json, path: str) -> Value:
    """A field of an answer by its path, ``$.a.b[0]`` or ``a.b.0``; blank where there is none."""
    found = body
    names = path.removeprefix("$").replace("[", ".").replace("]", "").split(".")
    for name in filter(None, (each.strip("'\" ") for each in names)):
        if isinstance(found, dict):
            found = found.get(name)
        elif isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        else:
            return BLANK
    return value_of(found)
