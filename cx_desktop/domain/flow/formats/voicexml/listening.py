"""Menus and collections as fields: their prompts by count, and handlers that count failures."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from cx_desktop.domain.flow.expressions import tree
from cx_desktop.domain.flow.expressions.tree import Operator
from cx_desktop.domain.flow.formats.voicexml.ecma import (
    UnsayableError,
    condition_in_ecma,
    is_name,
)
from cx_desktop.domain.flow.formats.voicexml.native import caught
from cx_desktop.domain.flow.formats.voicexml.saying import clean, prompts_of
from cx_desktop.domain.flow.formats.voicexml.sheet import Sheet, Values, chosen, make
from cx_desktop.domain.flow.graph import Node
from cx_desktop.domain.flow.kinds.shapes import TELEPHONE_KEYS, rows

if TYPE_CHECKING:
    from cx_desktop.domain.patch import Json

#: What counts the failures of both sorts while a form is asked.
_TRIES = "cx_tries"
_CHOICE = "cx_key"
_FUNCTIONS = {"luhn": "cx_luhn", "phone": "cx_phone", "date": "cx_date"}


def menu(sheet: Sheet, node: Node) -> Element:
    """A menu: a field whose options have keys."""
    values = Values(node)
    values.refuse("speech", "flush_buffer")
    keys = values.props["keys"]
    if not isinstance(keys, list) or not keys:
        raise UnsayableError("keys")
    offered = [key for key in TELEPHONE_KEYS if key in keys]
    result = values.text("result_variable")
    if result and not is_name(result):
        raise UnsayableError(result)
    name = result or _CHOICE
    labels = {
        str(row.get("key")): label
        for row in rows(values.props["key_labels"])
        if isinstance(label := row.get("label"), str)
    }
    options: list[Element] = []
    for key in offered:
        option = make("option", {"dtmf": key, "value": key})
        option.text = clean(labels.get(key, "")) or None
        options.append(option)
    kept = [make("assign", {"name": sheet.declare(result), "expr": result})] if result else []
    branches = [
        (f"{name} == '{key}'", [*_copied(kept), sheet.leaving(node, f"key_{key}")])
        for key in offered
    ]
    return _asking(sheet, node, name, options, [chosen(branches, [])])


def _copied(elements: list[Element]) -> list[Element]:
    return [make(each.tag, each.attrib) for each in elements]


def collect(sheet: Sheet, node: Node) -> Element:
    """A collection: a field for digits, checked once it is filled."""
    values = Values(node)
    values.refuse("confirm", "cancel_key", "store_timeout", "sensitive")
    name = values.text("variable")
    least, most = values.whole("min_digits", 1, 64), values.whole("max_digits", 1, 64)
    if not is_name(name) or least > most:
        raise UnsayableError(name)
    grammar = make("property", {"name": "termchar", "value": _closing(values)})
    steps = [*_check(sheet, values, name)]
    steps.append(make("assign", {"name": sheet.declare(name), "expr": name}))
    steps.append(sheet.leaving(node, "ok"))
    form = _asking(sheet, node, name, [grammar], steps)
    field = next(each for each in form if each.tag == "field")
    field.set("type", f"digits?minlength={least};maxlength={most}")
    return form


def _closing(values: Values) -> str:
    said = values.text("terminator")
    return said if said in ("#", "*") else ""


def _check(sheet: Sheet, values: Values, name: str) -> Iterator[Element]:
    """What is typed and not accepted is asked for again, as if it had not been understood."""
    sort = values.text("validation")
    if sort == "none":
        return
    if sort in _FUNCTIONS:
        sheet.functions.setdefault(_FUNCTIONS[sort])
        script = f"!{_FUNCTIONS[sort]}({name})"
    else:
        script = condition_in_ecma(tree.Not(_accepted(values, sort, tree.Variable(name))))
    again = (make("clear", {"namelist": name}), make("throw", {"event": "nomatch"}))
    yield make("if", {"cond": clean(script)}, *again)


def _accepted(values: Values, sort: str, typed: tree.Variable) -> tree.Expression:
    if sort == "pattern":
        pattern = values.text("expected_pattern")
        if not pattern:
            raise UnsayableError("expected_pattern")
        return tree.Operation(Operator.MATCHES, typed, tree.Text(pattern))
    if sort == "list":
        return _listed(values.text("allowed_values"), typed)
    if sort != "range":
        raise UnsayableError(sort)
    lowest, highest = (values.whole(each, 0, 10**15) for each in ("lowest", "highest"))
    return tree.AllOf(
        (
            tree.Operation(Operator.AT_LEAST, typed, tree.Number(Decimal(lowest))),
            tree.Operation(Operator.AT_MOST, typed, tree.Number(Decimal(highest))),
        )
    )


def _listed(allowed: str, typed: tree.Variable) -> tree.Expression:
    lines = [line.strip() for line in allowed.splitlines()]
    if not all(re.fullmatch(r"[0-9*#]+", line) for line in lines) or not lines:
        raise UnsayableError(allowed)
    equal = [tree.Operation(Operator.EQUAL, typed, tree.Text(line)) for line in lines]
    return equal[0] if len(equal) == 1 else tree.AnyOf(tuple(equal))


def _asking(
    sheet: Sheet, node: Node, name: str, listening: list[Element], filled: list[Element]
) -> Element:
    values = Values(node)
    together = values.whole("max_tries", 0, 20)
    settings = {
        "timeout": values.seconds("first_digit_timeout", 0.5, 120),
        "interdigittimeout": values.seconds("inter_digit_timeout", 0.5, 60),
        "bargein": "true" if values.is_on("barge_in") else "false",
        "inputmodes": "dtmf",
    }
    field = make(
        "field",
        {"name": name},
        *(make("property", {"name": each, "value": value}) for each, value in settings.items()),
        *listening,
        *_prompts(values),
        *_failures(sheet, node, values, together, "no_input"),
        *_failures(sheet, node, values, together, "invalid"),
        make("filled", {}, *filled),
    )
    counted = [make("var", {"name": _TRIES, "expr": "0"})] if together else []
    return sheet.form(node, *counted, *caught(sheet, node), field)


def _prompts(values: Values) -> Iterator[Element]:
    language = values.text("language")
    again = values.props["retry_prompts"]
    prompts: list[Json] = [values.props["prompt"], *(again if isinstance(again, list) else [])]
    for at, each in enumerate(prompts, 1):
        counted = {"count": str(at)} if at > 1 else {}
        said = prompts_of(each, language=language, **counted)
        yield from said or ([make("prompt", counted)] if at > 1 else [])


_EVENTS = {"no_input": ("noinput", "max_no_input"), "invalid": ("nomatch", "max_invalid")}


def _failures(
    sheet: Sheet, node: Node, values: Values, together: int, way: str
) -> Iterator[Element]:
    """One handler that asks again, and one for the last time, by which the field is left."""
    event, limit = _EVENTS[way]
    most = values.whole(limit, 1, 10)
    leaving = sheet.leaving(node, way)
    if not together:
        if most > 1:
            yield make(event, {}, make("reprompt"))
        yield make(event, {"count": str(most)} if most > 1 else {}, leaving)
        return
    over = f"{_TRIES} >= {together}"
    counting = {"name": _TRIES, "expr": f"{_TRIES} + 1"}
    if most > 1:
        question = make("if", {"cond": over}, sheet.leaving(node, "max_tries"))
        yield make(event, {}, make("assign", counting), question, make("reprompt"))
    last = chosen([(over, [sheet.leaving(node, "max_tries")])], [leaving])
    yield make(event, {"count": str(most)} if most > 1 else {}, make("assign", counting), last)
