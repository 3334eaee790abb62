"""Making widgets: their names, their transitions, the settings of one type."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from cx_desktop.domain.flow.formats import ImportNote
from cx_desktop.domain.flow.formats.twilio.fields import prompt_settings
from cx_desktop.domain.flow.formats.twilio.rules import ENTRANCES, OPERATORS, Rule
from cx_desktop.domain.flow.formats.twilio.speaking import Unsayable, liquid_of_formula
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.kinds import exits_of, kind_of
from cx_desktop.domain.flow.kinds.shapes import rows
from cx_desktop.domain.patch import Document, Json

_THEIRS = {ours: theirs for theirs, ours in OPERATORS.items()}
_UNFIT = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST_NAME = 60


class Made(NamedTuple):
    """The widgets that one node becomes, and what they cannot say."""

    states: list[Document]
    notes: list[ImportNote]


class Namer:
    """What the widgets of a flow are called, and which one a link leads to."""

    def __init__(self, flow: Flow, known: Mapping[NodeId, str]) -> None:
        self._flow = flow
        self._names = dict(known)
        self._taken = set(known.values())
        for node in flow.nodes.values():
            if node.id not in self._names:
                self._names[node.id] = self.free(_name_of(node))

    def name(self, node_id: NodeId) -> str:
        """The name of a node's first widget."""
        return self._names[node_id]

    def free(self, wanted: str) -> str:
        """A name that no widget has yet, and has from now on."""
        name, count = wanted, 1
        while name in self._taken:
            count += 1
            name = f"{wanted}_{count}"
        self._taken.add(name)
        return name

    def target(self, node_id: NodeId | None) -> str:
        """The widget that a link to a node leads to; "" where Studio ends the execution."""
        seen: set[NodeId] = set()
        while node_id is not None and node_id in self._flow.nodes and node_id not in seen:
            seen.add(node_id)
            node = self._flow.nodes[node_id]
            if node.origin is not None or not is_left_out(node):
                return self._names[node_id]
            node_id = _onward(self._flow, node)
        return ""


def _name_of(node: Node) -> str:
    if node.kind == "start":
        return "Trigger"
    name = _UNFIT.sub("_", node.title).strip("_")[:_LONGEST_NAME]
    return name or _UNFIT.sub("_", node.id) or node.kind


def is_left_out(node: Node) -> bool:
    """Whether a node has no widget: Studio does without, and the call just goes on or ends."""
    if node.kind == "hangup":
        return not any(True for _ in rows(node.props.get("prompt")))
    return node.kind in {"answer", "config", "log", "set_queue", "goto_node", "return"}


def _onward(flow: Flow, node: Node) -> NodeId | None:
    if node.kind == "goto_node":
        target = node.props.get("target")
        return NodeId(target) if isinstance(target, str) else None
    return flow.target(node.id, ExitId("next"))


def match_of(row: Document, operand: Json, target: str, before: Document | None) -> Document:
    """The transition of a case, in the words of the one it was before."""
    known = next(rows(before.get("conditions")), {}) if before else {}
    others = list(rows(before.get("conditions")))[1:] if before else []
    operator = str(row.get("operator", "equals"))
    value = str(row.get("value", ""))
    kind = _THEIRS.get(operator, operator)
    if operator in {"blank", "not_blank"}:
        value = "Is Blank" if operator == "blank" else "Is Not Blank"
    condition: Document = {
        **known,
        "friendly_name": f"If value {kind} {value}",
        "arguments": [_said(operand)],
        "type": kind,
        "value": value,
    }
    kept = {key: each for key, each in (before or {}).items() if key != "next"}
    made: Document = {**kept, "event": "match", "conditions": [condition, *others]}
    return {"next": target, **made} if target else made


def _said(operand: Json) -> str:
    try:
        return liquid_of_formula(operand) if isinstance(operand, str) and operand else ""
    except Unsayable:
        return str(operand)


def trigger(flow: Flow, node: Node, namer: Namer) -> Document:
    """The trigger: calls come in where our start leads, nothing else does."""
    target = namer.target(flow.target(node.id, ExitId("next")))
    transitions = [transition("incomingCall", target)]
    transitions += [transition(event) for event in reversed(ENTRANCES) if event != "incomingCall"]
    return state(node, namer.name(node.id), "trigger", transitions, {})


def transition(event: str, target: str = "") -> Json:
    """A transition; without a target the execution ends there."""
    return {"next": target, "event": event} if target else {"event": event}


def state(
    node: Node, name: str, kind: str, transitions: list[Json], properties: Document
) -> Document:
    """A widget where its node stands."""
    offset: Json = {"x": round(node.x), "y": round(node.y)}
    return {
        "name": name,
        "type": kind,
        "transitions": transitions,
        "properties": {"offset": offset, **properties},
    }


def widget(flow: Flow, node: Node, rule: Rule, namer: Namer, notes: list[ImportNote]) -> Document:
    """The one widget that says what a node says."""
    links = flow.links.get(node.id, {})
    transitions: list[Json] = []
    for event, exits in rule.exits.items():
        linked = [links[ExitId(way)] for way in exits if ExitId(way) in links]
        transitions.append(transition(event, namer.target(linked[0] if linked else None)))
        notes.extend(
            ImportNote("import.twilio-exit", {"exit": way}, node.id)
            for way in exits
            if ExitId(way) in links and links[ExitId(way)] != linked[0]
        )
    if rule.has_cases:
        for row in rows(node.props.get("cases")):
            target = namer.target(links.get(ExitId(f"case:{row.get('id')}")))
            transitions.append(match_of(row, node.props.get("operand"), target, None))
    known = {way for exits in rule.exits.values() for way in exits}
    own = {each.id for each in exits_of(node)}
    notes.extend(
        ImportNote("import.twilio-exit", {"exit": way}, node.id)
        for way in links
        if way in own and way not in known and not way.startswith("case:")
    )
    return state(node, namer.name(node.id), rule.type, transitions, settings_of(node, rule, notes))


def settings_of(node: Node, rule: Rule, notes: list[ImportNote]) -> Document:
    """The settings of a new widget: what the node says, else our defaults."""
    props = kind_of(node).filled(node.props)
    settings: Document = dict(rule.implied)
    for field in rule.fields:
        value = props.get(field.prop)
        if value in (None, "", "inherit", []):
            continue
        try:
            settings = field.put(settings, value)
        except Unsayable:
            notes.append(ImportNote("import.twilio-unsayable", {"name": field.prop}, node.id))
    return settings


def prompt_only(node: Node, notes: list[ImportNote]) -> Document:
    """The settings of what a node says."""
    try:
        return prompt_settings(node.props.get("prompt"))
    except Unsayable:
        notes.append(ImportNote("import.twilio-unsayable", {"name": "prompt"}, node.id))
        return {}
