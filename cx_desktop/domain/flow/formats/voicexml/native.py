"""Steps that VoiceXML has words for: what they say and ask, where they lead."""

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias
from urllib.parse import quote
from xml.etree.ElementTree import Element

from cx_desktop.domain.flow.expressions import ExpressionError, parse, render, tree
from cx_desktop.domain.flow.expressions.tree import Expression, Operator
from cx_desktop.domain.flow.formats.voicexml.deciding import Case, case_of
from cx_desktop.domain.flow.formats.voicexml.ecma import (
    UnsayableError,
    condition_in_ecma,
    is_name,
    quoted,
    value_in_ecma,
)
from cx_desktop.domain.flow.formats.voicexml.ending import flow_named
from cx_desktop.domain.flow.formats.voicexml.saying import clean, fill, prompts_of
from cx_desktop.domain.flow.formats.voicexml.script import condition_in_ours
from cx_desktop.domain.flow.formats.voicexml.sheet import Sheet, Values, chosen, make
from cx_desktop.domain.flow.graph import Node, NodeId
from cx_desktop.domain.flow.kinds.shapes import rows
from cx_desktop.domain.patch import Document

#: The form of a step; raises ``UnsayableError`` where VoiceXML cannot say it.
FormWriter: TypeAlias = Callable[[Sheet, Node], Element]

_OUTCOME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def _onward(sheet: Sheet, node: Node) -> Element:
    """A step that does nothing in VoiceXML: the call has been answered already."""
    values = Values(node)
    waits = [_pause(values, "delay", 60)] if values.props.get("delay") else []
    return sheet.form(node, make("block", {}, *waits, sheet.leaving(node, "next")))


def _pause(values: Values, name: str, most: float) -> Element:
    prompt = make("prompt", {"bargein": "false"})
    prompt.append(make("break", {"time": values.seconds(name, 1, most)}))
    return prompt


def caught(sheet: Sheet, node: Node) -> list[Element]:
    """What a form catches: errors, and callers who hang up, where the step has exits for them."""
    events = {"error": "error", "hangup": "connection.disconnect.hangup"}
    return [
        make("catch", {"event": event}, sheet.leaving(node, way))
        for way, event in events.items()
        if sheet.is_linked(node, way)
    ]


def _play(sheet: Sheet, node: Node) -> Element:
    values = Values(node)
    times = values.whole("repeat", 1, 10)
    interrupts = "true" if values.is_on("barge_in") else "false"
    blocks = [
        make(
            "block",
            {},
            *prompts_of(
                values.props["prompt"], language=values.text("language"), bargein=interrupts
            ),
        )
        for _ in range(times)
    ]
    blocks[-1].append(sheet.leaving(node, "next"))
    return sheet.form(node, *caught(sheet, node), *blocks)


def _wait(sheet: Sheet, node: Node) -> Element:
    values = Values(node)
    values.refuse("music")
    prompt = _pause(values, "duration", 600)
    if sheet.is_linked(node, "error"):
        raise UnsayableError("error")
    return sheet.form(node, make("block", {}, prompt, sheet.leaving(node, "next")))


def _hangup(sheet: Sheet, node: Node) -> Element:
    values = Values(node)
    if values.text("cause") != "normal":
        raise UnsayableError("cause")
    said = prompts_of(values.props["prompt"], bargein="false")
    return sheet.form(node, make("block", {}, *said, make("disconnect")))


def _goto_node(sheet: Sheet, node: Node) -> Element:
    target = NodeId(Values(node).text("target"))
    if target not in sheet.flow.nodes:
        raise UnsayableError("target")
    return sheet.form(node, make("block", {}, sheet.going(target)))


def _goto_flow(sheet: Sheet, node: Node) -> Element:
    return sheet.form(node, make("block", {}, make("goto", {"next": _document(node)})))


def _document(node: Node) -> str:
    flow = Values(node).text("flow")
    document = f"{quote(clean(flow), safe='')}.vxml"
    if not flow.strip() or flow_named(document) != flow:
        raise UnsayableError("flow")
    return document


def _return(sheet: Sheet, node: Node) -> Element:
    values = Values(node)
    values.refuse("values")
    outcome = values.text("outcome")
    if not outcome:
        return sheet.form(node, make("block", {}, make("return")))
    if not _OUTCOME.fullmatch(outcome):
        raise UnsayableError("outcome")
    said = make("var", {"name": "outcome", "expr": quoted(outcome)})
    back = make("return", {"namelist": "outcome"})
    return sheet.form(node, said, make("block", {}, back))


def _subflow(sheet: Sheet, node: Node) -> Element:
    values = Values(node)
    values.refuse("outputs", "inputs")
    item = make("subdialog", {"name": "cx_flow", "src": _document(node)})
    outcomes = [row.get("id") for row in rows(values.props["outcomes"])]
    if outcomes:
        names = [each for each in outcomes if isinstance(each, str) and _OUTCOME.fullmatch(each)]
        if len(names) != len(outcomes) or len(set(names)) != len(names):
            raise UnsayableError("outcomes")
        item.append(
            make(
                "filled",
                {},
                chosen(
                    [
                        (
                            f"cx_flow.outcome == {quoted(each)}",
                            [sheet.leaving(node, f"case:{each}")],
                        )
                        for each in names
                    ],
                    [],
                ),
            )
        )
    else:
        item.append(make("filled", {}, sheet.leaving(node, "next")))
    return sheet.form(node, *caught(sheet, node), item)


def _set_var(sheet: Sheet, node: Node) -> Element:
    values = Values(node)
    if values.text("scope") == "persistent" or sheet.is_linked(node, "error"):
        raise UnsayableError("scope")
    steps: list[Element] = []
    for row in rows(values.props["assignments"]):
        name, formula = row.get("variable"), row.get("expression")
        if not isinstance(name, str) or not isinstance(formula, str) or not is_name(name):
            raise UnsayableError(str(name))
        sheet.declare(name)
        steps.append(make("assign", {"name": name, "expr": clean(value_in_ecma(formula))}))
    return sheet.form(node, make("block", {}, *steps, sheet.leaving(node, "next")))


def _log(sheet: Sheet, node: Node) -> Element:
    values = Values(node)
    element = make("log")
    if values.text("statistics_point"):
        element.set("label", values.text("statistics_point"))
    fill(element, values.text("label"))
    if not (element.text or "").strip() and not len(element):
        raise UnsayableError("label")
    return sheet.form(node, make("block", {}, element, sheet.leaving(node, "next")))


_OPERATORS = {
    "equals": Operator.EQUAL,
    "not_equals": Operator.NOT_EQUAL,
    "less": Operator.LESS,
    "at_most": Operator.AT_MOST,
    "greater": Operator.GREATER,
    "at_least": Operator.AT_LEAST,
    "contains": Operator.CONTAINS,
    "starts": Operator.STARTS,
    "matches": Operator.MATCHES,
}


def _switch(sheet: Sheet, node: Node) -> Element:
    values = Values(node)
    if sheet.is_linked(node, "error"):
        raise UnsayableError("error")
    try:
        operand = parse(values.text("operand"))
    except ExpressionError as error:
        raise UnsayableError("operand") from error
    branches: list[tuple[str, list[Element]]] = []
    for row in rows(values.props["cases"]):
        script = clean(_case(operand, row))
        branches.append((script, [sheet.leaving(node, f"case:{row.get('id')}")]))
    question = chosen(branches, [sheet.leaving(node, "default")])
    return sheet.form(node, make("block", {}, question))


def _case(operand: Expression, row: Document) -> str:
    """A case as a condition that our reader takes for the same case."""
    operator, value = row.get("operator"), row.get("value", "")
    if not isinstance(operator, str) or not isinstance(value, str) or not row.get("id"):
        raise UnsayableError(str(operator))
    condition = _condition(operand, operator, value)
    script = condition_in_ecma(condition)
    again = condition_in_ours(script)
    if again is None or case_of(again) != Case(render(operand), operator, _bare(operator, value)):
        raise UnsayableError(operator)
    return script


def _bare(operator: str, value: str) -> str:
    return "" if operator in ("blank", "not_blank") else value


def _condition(operand: Expression, operator: str, value: str) -> Expression:
    text = tree.Text(value.replace("{{", "{").replace("}}", "}"))
    if operator in ("blank", "not_blank"):
        blank = tree.Call("blank", (operand,))
        return blank if operator == "blank" else tree.Not(blank)
    if operator == "in":
        parts = [each for each in value.split(",") if each]
        equal = [tree.Operation(Operator.EQUAL, operand, tree.Text(each)) for each in parts]
        if len(equal) < 2:
            raise UnsayableError(value)
        return tree.AnyOf(tuple(equal))
    if operator not in _OPERATORS:
        raise UnsayableError(operator)
    return tree.Operation(_OPERATORS[operator], operand, text)


_RESULTS: Mapping[str, tuple[str, ...]] = {
    "answered": ("far_end_disconnect",),
    "busy": ("busy", "network_busy"),
    "no_answer": ("noanswer",),
}
_TYPES = {"blind": "blind", "attended": "consultation", "return": "bridge"}


def _transfer_number(sheet: Sheet, node: Node) -> Element:
    values = Values(node)
    number, mode = values.text("number"), values.text("transfer_mode")
    values.refuse("record")
    if not re.fullmatch(r"\+\d{4,18}", number) or values.text("caller_id") != "caller":
        raise UnsayableError("number")
    attributes = {
        "name": "cx_call",
        "dest": f"tel:{number}",
        "type": _TYPES[mode] if mode in _TYPES else _refused(mode),
        "connecttimeout": values.seconds("ring_timeout", 5, 120),
    }
    ways = {"blind": (), "attended": ("busy", "no_answer")}.get(mode, tuple(_RESULTS))
    branches = [
        (
            " || ".join(f"cx_call == {quoted(each)}" for each in _RESULTS[way]),
            [sheet.leaving(node, way)],
        )
        for way in ways
    ]
    failed = sheet.leaving(node, "failed")
    filled = make("filled", {}, chosen(branches, [sheet.leaving(node, "failed")]))
    item = make("transfer", attributes, *prompts_of(values.props["announce"]), filled)
    error = make("catch", {"event": "error.connection"}, failed)
    return sheet.form(node, error, item)


def _refused(what: str) -> str:
    raise UnsayableError(what)


NATIVE: Mapping[str, FormWriter] = {
    "start": _onward,
    "answer": _onward,
    "play": _play,
    "wait": _wait,
    "hangup": _hangup,
    "goto_node": _goto_node,
    "goto_flow": _goto_flow,
    "return": _return,
    "subflow": _subflow,
    "set_var": _set_var,
    "log": _log,
    "switch": _switch,
    "transfer_number": _transfer_number,
}
