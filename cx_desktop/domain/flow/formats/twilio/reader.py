"""From the widgets of a Studio flow to a flow of ours: every widget and every way out is kept."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec
from msgspec import UNSET

from cx_desktop.domain.flow.formats import ImportNote
from cx_desktop.domain.flow.formats.twilio.fields import lost_words
from cx_desktop.domain.flow.formats.twilio.liquid import name_of, paths_in
from cx_desktop.domain.flow.formats.twilio.rules import (
    ENTRANCES,
    OPERATORS,
    TRIGGER,
    Rule,
    rule_of,
)
from cx_desktop.domain.flow.formats.twilio.widgets import FORMAT, Studio, Transition, Widget
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, Origin
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.domain.patch import Document, Json

START = "start"


class Reading(NamedTuple):
    """What one widget became: its node, and for each of its transitions the exits it became."""

    widget: Widget
    rule: Rule | None
    node: Node
    exits: tuple[tuple[ExitId, ...], ...]


class Flowing(NamedTuple):
    """What a flow definition became: the flow, widget by widget, and what to tell of it."""

    flow: Flow
    readings: Mapping[NodeId, Reading]
    notes: tuple[ImportNote, ...]


def flow_from(studio: Studio, ids: Sequence[NodeId] = ()) -> Flowing:
    """The flow that these widgets are.

    Names are ids; a second widget of one name gets another, unless ``ids`` says what they became.
    """
    answers = _answers(studio)
    readings: dict[NodeId, Reading] = {}
    notes: list[ImportNote] = []
    entry = _entry(studio)
    for at, widget in enumerate(studio.widgets):
        node_id = ids[at] if ids else _free_id(widget.name, readings)
        if not ids and node_id != widget.name:
            notes.append(_note("duplicate-id", widget, node_id, id=widget.name))
        rule = TRIGGER if widget is entry else rule_of(widget.type, widget.properties)
        reading = _reading(widget, rule, node_id, answers.get(widget.name, ()))
        readings[node_id] = reading
        notes.extend(_notes(reading))
    links = {key: ways for key, each in readings.items() if (ways := _links(each, readings))}
    for reading in readings.values():
        notes.extend(_lost(reading, readings))
    nodes = {key: reading.node for key, reading in readings.items()}
    flow = Flow(nodes=nodes, links=links)
    if entry is None and studio.widgets:
        flow, told = _entered(flow, studio, readings)
        notes.extend(told)
    return Flowing(flow, readings, tuple(notes))


def _entry(studio: Studio) -> Widget | None:
    """The trigger by which executions begin."""
    triggers = [each for each in studio.widgets if each.type.lower() == TRIGGER.type]
    named = (each for each in triggers if each.name == studio.start)
    return next(named, triggers[0] if triggers and not _begins_elsewhere(studio) else None)


def _begins_elsewhere(studio: Studio) -> bool:
    return any(each.name == studio.start for each in studio.widgets)


def _entered(
    flow: Flow, studio: Studio, readings: Mapping[NodeId, Reading]
) -> tuple[Flow, tuple[ImportNote, ...]]:
    """The flow with a start of ours before its first widget: the file has no trigger for it."""
    start = _free_id(START, readings)
    first = NodeId(studio.start)
    here = flow.nodes.get(first)
    node = Node(id=start, kind="start", x=here.x - 304, y=here.y) if here else Node(start, "start")
    links = {start: {ExitId("next"): first}, **flow.links} if here else flow.links
    notes = () if here else (ImportNote("import.start-missing", {"id": studio.start}),)
    return Flow(nodes={start: node, **flow.nodes}, links=links), notes


def _free_id(wanted: str, taken: Mapping[NodeId, Reading]) -> NodeId:
    name, count = wanted, 1
    while NodeId(name) in taken:
        count += 1
        name = f"{wanted}_{count}"
    return NodeId(name)


def _reading(widget: Widget, rule: Rule | None, node_id: NodeId, answers: Sequence[str]) -> Reading:
    exits = _exits(widget, rule)
    x, y = widget.position or (0.0, 0.0)
    node = Node(
        id=node_id,
        kind=rule.kind if rule else "foreign",
        title=widget.name,
        props=_props(widget, rule, answers) if rule else {},
        x=x,
        y=y,
    )
    own = {way.id for way in exits_of(node)}
    extra = dict.fromkeys(name for names in exits for name in names if name not in own)
    origin = Origin(format=FORMAT, type=widget.type, raw=widget.raw, exits=tuple(extra))
    return Reading(widget, rule, msgspec.structs.replace(node, origin=origin), exits)


def _exits(widget: Widget, rule: Rule | None) -> tuple[tuple[ExitId, ...], ...]:
    """The exits of each transition."""
    if rule is TRIGGER:
        return _exits_of_trigger(widget)
    taken: set[str] = set()
    result: list[tuple[ExitId, ...]] = []
    matches = 0
    for transition in widget.transitions:
        if rule is not None and rule.has_cases and transition.event == "match":
            matches += 1
            names: tuple[str, ...] = (f"case:c{matches}",)
        else:
            names = _fresh(rule.exits_of(transition.event) if rule else (), transition, taken)
        taken.update(names)
        result.append(tuple(ExitId(name) for name in names))
    return tuple(result)


def _fresh(wanted: tuple[str, ...], transition: Transition, taken: set[str]) -> tuple[str, ...]:
    """The exits that no transition has yet; when there are none, one by the name of the event."""
    free = tuple(name for name in wanted if name not in taken)
    if free:
        return free
    name, count = transition.event, 1
    while name in taken:
        count += 1
        name = f"{transition.event}_{count}"
    return (name,)


def _exits_of_trigger(widget: Widget) -> tuple[tuple[ExitId, ...], ...]:
    """The way by which calls come in, and by their names the others that lead anywhere."""
    main = _main_entrance(widget)
    taken: set[str] = {"next"}
    result: list[tuple[ExitId, ...]] = []
    for transition in widget.transitions:
        if transition is main:
            result.append((ExitId("next"),))
        elif transition.target:
            names = _fresh((), transition, taken)
            taken.update(names)
            result.append(tuple(ExitId(name) for name in names))
        else:
            result.append(())
    return tuple(result)


def _main_entrance(widget: Widget) -> Transition | None:
    """The entrance of calls; where a flow takes none, the first that leads anywhere."""
    by_event = {each.event: each for each in reversed(widget.transitions)}
    known = [by_event[event] for event in ENTRANCES if event in by_event]
    linked = (each for each in (*known, *widget.transitions) if each.target)
    return next(linked, known[0] if known else None)


def _props(widget: Widget, rule: Rule, answers: Sequence[str]) -> Document:
    props: Document = dict(rule.constants)
    for field in rule.fields:
        value = field.take(widget.properties)
        if value is not UNSET:
            props[field.prop] = value
    if rule.has_cases:
        matches = (each for each in widget.transitions if each.event == "match")
        props["cases"] = [_case(each, at + 1) for at, each in enumerate(matches)]
    if rule.variable:
        name = f"widgets.{widget.name}.{rule.given}" if rule.given else widget.name
        props[rule.variable] = name
    mapping = [row for path in answers if (row := _mapped(widget.name, path)) is not None]
    if rule.kind == "lookup" and mapping:
        props["mapping"] = mapping
    return props


def _case(transition: Transition, number: int) -> Json:
    """The case of a match; of several conditions on one the first counts, the rest is kept."""
    if not transition.conditions:
        return {"id": f"c{number}", "label": "", "operator": "equals", "value": ""}
    first = transition.conditions[0]
    operator = OPERATORS.get(first.type, first.type)
    value = "" if operator in {"blank", "not_blank"} else first.value
    return {"id": f"c{number}", "label": "", "operator": operator, "value": value}


def _mapped(widget: str, path: str) -> Json:
    """Where in the answer of a request a value stands that the flow reads, if it is in there."""
    inside = path.removeprefix(f"widgets.{widget}.")
    head, _, rest = inside.partition(".")
    if head not in {"parsed", "body"}:
        return None
    return {"path": f"$.{rest}" if rest else "$", "variable": name_of(path)}


def _answers(studio: Studio) -> Mapping[str, Sequence[str]]:
    """What the flow reads of each widget's answer, in the order it first does."""
    found: dict[str, dict[str, None]] = {}
    for widget in studio.widgets:
        for text in _texts(widget.raw):
            for path in paths_in(text):
                head, _, rest = path.partition(".")
                owner = rest.partition(".")[0]
                if head == "widgets" and owner != rest:
                    found.setdefault(owner, {})[path] = None
    return {owner: tuple(paths) for owner, paths in found.items()}


def _texts(value: Json) -> Iterator[str]:
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, str):
            if "{" in here:
                yield here
        elif isinstance(here, dict):
            waiting.extend(reversed(list(here.values())))
        elif isinstance(here, list):
            waiting.extend(reversed(here))


def _links(reading: Reading, nodes: Mapping[NodeId, Reading]) -> dict[ExitId, NodeId]:
    links: dict[ExitId, NodeId] = {}
    for transition, exits in zip(reading.widget.transitions, reading.exits, strict=True):
        target = NodeId(transition.target)
        if target in nodes:
            links.update(dict.fromkeys(exits, target))
    return links


def _notes(reading: Reading) -> Iterator[ImportNote]:
    """What of a widget was not understood."""
    widget, rule = reading.widget, reading.rule
    if rule is None:
        yield _note("unknown-step", widget, reading.node.id, type=widget.type)
        return
    if rule is TRIGGER:
        main = _main_entrance(widget)
        if main is not None and main.event != ENTRANCES[0]:
            yield _note("twilio-entrance", widget, reading.node.id, event=main.event)
        return
    known = {"offset", *rule.quiet, *(name for field in rule.fields for name in field.settings)}
    kept = [name for name, value in widget.properties.items() if name not in known and value]
    if kept:
        names = ", ".join(kept)
        yield _note("parameters-kept", widget, reading.node.id, type=widget.type, names=names)
    if lost_words(widget.properties):
        yield _note("twilio-liquid", widget, reading.node.id)
    yield from _strange_conditions(reading)


def _strange_conditions(reading: Reading) -> Iterator[ImportNote]:
    for transition in reading.widget.transitions:
        strange = [each for each in transition.conditions if each.type not in OPERATORS]
        for condition in (*strange, *transition.conditions[1:]):
            words = f"{condition.type} {condition.value}".strip()
            yield _note(
                "condition-kept",
                reading.widget,
                reading.node.id,
                type=reading.widget.type,
                condition=words,
            )


def _lost(reading: Reading, nodes: Mapping[NodeId, Reading]) -> Iterator[ImportNote]:
    """Transitions to widgets that the file does not have."""
    for transition in reading.widget.transitions:
        if transition.target and NodeId(transition.target) not in nodes:
            yield _note(
                "link-to-nothing",
                reading.widget,
                reading.node.id,
                exit=transition.event,
                target=transition.target,
            )


def _note(what: str, widget: Widget, node: NodeId, **params: str | int) -> ImportNote:
    return ImportNote(f"import.{what}", {"place": widget.place, **params}, node)
