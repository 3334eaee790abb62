"""From the steps of Connect to a flow of ours: every step and every way out is kept."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec
from msgspec import UNSET

from cx_desktop.domain.flow.formats import ImportNote
from cx_desktop.domain.flow.formats.connect.fields import number_of
from cx_desktop.domain.flow.formats.connect.rule import (
    OPERATORS,
    Conditions,
    Rule,
    usual_exits,
)
from cx_desktop.domain.flow.formats.connect.rules import rule_of
from cx_desktop.domain.flow.formats.connect.steps import Source, Step, Way
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, Origin
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.domain.flow.kinds.shapes import TELEPHONE_KEYS
from cx_desktop.domain.patch import Document, Json

#: What Connect says where our node of that kind needs an entry: the start, and its node.
START = "start"


class Reading(NamedTuple):
    """What one step became: its node, and for each of its ways the exits it became."""

    step: Step
    rule: Rule | None
    node: Node
    exits: tuple[tuple[ExitId, ...], ...]


class Flowing(NamedTuple):
    """What a source became: the flow, step by step, and what to tell of it."""

    flow: Flow
    readings: Mapping[NodeId, Reading]
    notes: tuple[ImportNote, ...]


def flow_from(source: Source, format_name: str, ids: Sequence[NodeId] = ()) -> Flowing:
    """The flow that these steps are.

    Ids are kept, and a second step of one id gets another, unless ``ids`` says what they became.
    """
    readings: dict[NodeId, Reading] = {}
    notes: list[ImportNote] = []
    for at, step in enumerate(source.steps):
        node_id = ids[at] if ids else _free_id(step.id, readings)
        if node_id != step.id:
            notes.append(_note("duplicate-id", step, node_id, id=step.id))
        readings[node_id] = reading = _reading(step, node_id, format_name)
        notes.extend(_notes(reading))
    links: dict[NodeId, dict[ExitId, NodeId]] = {}
    for node_id, reading in readings.items():
        ways = dict(_links(reading, readings))
        if ways:
            links[node_id] = ways
        notes.extend(_lost(reading, readings))
    start = _free_id(START, readings)
    first = NodeId(source.start)
    if first in readings:
        links = {start: {ExitId("next"): first}, **links}
    elif source.steps:
        notes.append(ImportNote("import.start-missing", {"id": source.start}))
    entry = _entry(start, readings.get(first))
    nodes = {start: entry} | {key: reading.node for key, reading in readings.items()}
    return Flowing(Flow(nodes=nodes, links=links), readings, tuple(notes))


def _entry(node_id: NodeId, first: Reading | None) -> Node:
    """The start, a little to the left of the first step."""
    if first is None:
        return Node(id=node_id, kind="start")
    return Node(id=node_id, kind="start", x=first.node.x - 304, y=first.node.y)


def _free_id(wanted: str, taken: Mapping[NodeId, Reading]) -> NodeId:
    name, count = wanted, 1
    while NodeId(name) in taken:
        count += 1
        name = f"{wanted}_{count}"
    return NodeId(name)


def _reading(step: Step, node_id: NodeId, format_name: str) -> Reading:
    rule = rule_of(step.type, step.parameters)
    exits = _exits(step, rule)
    x, y = step.position or (0.0, 0.0)
    node = Node(
        id=node_id,
        kind=rule.kind if rule else "foreign",
        title=step.name,
        props=_props(step, rule) if rule else {},
        x=x,
        y=y,
    )
    own = {way.id for way in exits_of(node)}
    extra = dict.fromkeys(name for names in exits for name in names if name not in own)
    origin = Origin(format=format_name, type=step.type, raw=step.raw, exits=tuple(extra))
    return Reading(step, rule, msgspec.structs.replace(node, origin=origin), exits)


def _exits(step: Step, rule: Rule | None) -> tuple[tuple[ExitId, ...], ...]:
    """The exits of each way; a way that only repeats another one has none."""
    taken: set[str] = set()
    claimed = {
        rule.exits_of_error(way.name)[0] for way in step.ways if rule and way.role == "error"
    }
    result: dict[int, tuple[ExitId, ...]] = {}
    number = 0
    for at, way in sorted(enumerate(step.ways), key=lambda item: item[1].role == "next"):
        if way.role == "next":
            names = _exits_of_next(step, way, rule, taken)
        elif way.role == "error":
            names = _exits_of_error(way, rule, claimed, taken)
        else:
            number += 1
            names = (_exit_of_condition(way, rule, number),)
        fresh = tuple(_free_exit(name, taken) for name in names)
        taken.update(fresh)
        result[at] = tuple(ExitId(name) for name in fresh)
    return tuple(result[at] for at in range(len(step.ways)))


def _exits_of_error(
    way: Way, rule: Rule | None, claimed: set[str], taken: set[str]
) -> tuple[str, ...]:
    """The exits of an error, without those that have an error of their own."""
    if rule is None:
        return (way.name or "error",)
    first, *others = rule.exits_of_error(way.name)
    if first in taken:
        return usual_exits(way.name)
    return (first, *(name for name in others if name not in claimed))


def _free_exit(wanted: str, taken: set[str]) -> str:
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted}_{count}"
    return name


def _exits_of_next(step: Step, way: Way, rule: Rule | None, taken: set[str]) -> tuple[str, ...]:
    if rule is None or rule.following:
        return (rule.following if rule else "next",)
    if rule.fallback and rule.fallback not in taken:
        return (rule.fallback,)
    if any(other.target == way.target for other in step.ways if other is not way):
        return ()
    return ("next",)


def _exit_of_condition(way: Way, rule: Rule | None, number: int) -> str:
    if rule is None:
        return way.value or way.name or f"condition {number}"
    if rule.conditions is Conditions.KEYS and way.value in TELEPHONE_KEYS:
        return f"key_{way.value}"
    if rule.conditions is Conditions.NAMED:
        return rule.named.get(way.value) or way.value or f"condition {number}"
    if rule.conditions is Conditions.KEYS:
        return way.value or f"condition {number}"
    return f"case:c{number}"


def _props(step: Step, rule: Rule) -> Document:
    props: Document = dict(rule.constants)
    for field in rule.fields:
        value = field.take(step.parameters)
        if value is not UNSET:
            props[field.prop] = value
    conditions = [way for way in step.ways if way.role == "condition"]
    match rule.conditions:
        case Conditions.KEYS:
            props["keys"] = [way.value for way in conditions if way.value in TELEPHONE_KEYS]
        case Conditions.CASES:
            props["cases"] = [_case(way, at + 1) for at, way in enumerate(conditions)]
        case Conditions.OUTCOMES:
            props["outcomes"] = [
                {"id": f"c{at + 1}", "label": way.value} for at, way in enumerate(conditions)
            ]
        case Conditions.SHARES:
            props["shares"] = list(_shares(conditions))
        case Conditions.NAMED:
            pass
    return props


def _case(way: Way, number: int) -> Json:
    operator = OPERATORS.get(way.name, way.name)
    return {"id": f"c{number}", "label": "", "operator": operator, "value": way.value}


def _shares(conditions: list[Way]) -> Iterator[Json]:
    """Connect draws a number from 1 to 100 and compares it with one limit after the other."""
    below = 0.0
    for at, way in enumerate(conditions):
        limit = number_of(way.value)
        upto = float(limit) - 1 if isinstance(limit, int | float) else below
        yield {"id": f"c{at + 1}", "label": "", "weight": max(0, round(upto - below))}
        below = max(below, upto)
    yield {"id": "rest", "label": "", "weight": max(0, round(100 - below))}


def _links(reading: Reading, nodes: Mapping[NodeId, Reading]) -> Iterator[tuple[ExitId, NodeId]]:
    own: dict[ExitId, NodeId] = {}
    for way, exits in zip(reading.step.ways, reading.exits, strict=True):
        target = NodeId(way.target)
        if target in nodes:
            own.update(dict.fromkeys(exits, target))
    yield from own.items()


def _notes(reading: Reading) -> Iterator[ImportNote]:
    """What of a step was not understood."""
    step, rule = reading.step, reading.rule
    if rule is None:
        yield _note("unknown-step", step, reading.node.id, type=step.type)
        return
    known = {name for field in rule.fields for name in field.parameters} | set(rule.implied)
    kept = [name for name in step.parameters if name not in known]
    if kept and "*" not in known:
        names = ", ".join(kept)
        yield _note("parameters-kept", step, reading.node.id, type=step.type, names=names)
    for way in step.ways:
        if way.role == "condition" and _is_strange(way, rule):
            yield _note(
                "condition-kept", step, reading.node.id, type=step.type, condition=_words(way)
            )


def _is_strange(way: Way, rule: Rule) -> bool:
    match rule.conditions:
        case Conditions.CASES:
            return way.name not in OPERATORS
        case Conditions.KEYS:
            return way.value not in TELEPHONE_KEYS
        case Conditions.NAMED:
            return way.value not in rule.named
        case _:
            return False


def _words(way: Way) -> str:
    return f"{way.name} {way.value}".strip()


def _lost(reading: Reading, nodes: Mapping[NodeId, Reading]) -> Iterator[ImportNote]:
    """Ways to steps that the file does not have."""
    for way in reading.step.ways:
        if way.target and NodeId(way.target) not in nodes:
            exit_name = way.name or way.value or "NextAction"
            yield _note(
                "link-to-nothing", reading.step, reading.node.id, exit=exit_name, target=way.target
            )


def _note(what: str, step: Step, node: NodeId, **params: str | int) -> ImportNote:
    return ImportNote(f"import.{what}", {"place": step.place, **params}, node)
