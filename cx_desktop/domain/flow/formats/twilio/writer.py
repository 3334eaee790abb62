"""From a flow of ours to the widgets of Studio: what nobody changed is written as it was read.

The file's own words are read again first. Where a node still says what they say, they are written
back untouched; where it does not, just that property, link or place is written into them.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cx_desktop.domain.flow.formats import ImportNote
from cx_desktop.domain.flow.formats.shape import as_list
from cx_desktop.domain.flow.formats.twilio.fresh import fresh_states
from cx_desktop.domain.flow.formats.twilio.making import Namer, match_of
from cx_desktop.domain.flow.formats.twilio.reader import Flowing, Reading
from cx_desktop.domain.flow.formats.twilio.rules import TRIGGER
from cx_desktop.domain.flow.formats.twilio.speaking import Unsayable
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.kinds.shapes import rows
from cx_desktop.domain.patch import Document, Json


class Written(NamedTuple):
    """The states of a flow, and what could not be said in Studio's words."""

    states: list[Json]
    notes: tuple[ImportNote, ...]


def widgets_of(flow: Flow, before: Flowing) -> Written:
    """The widgets of every node, in the order of the nodes."""
    namer = Namer(flow, {key: _name(flow, each) for key, each in before.readings.items()})
    states: list[Json] = []
    notes: list[ImportNote] = []
    for node in flow.nodes.values():
        known = before.readings.get(node.id)
        if known is not None:
            states.append(_known_state(flow, node, known, before, namer, notes))
        elif not _is_only_an_entry(node, before):
            made = fresh_states(flow, node, namer)
            states.extend(made.states)
            notes.extend(made.notes)
    return Written(states, tuple(notes))


def start_of(flow: Flow, before: Flowing, was: str) -> str:
    """The widget by which executions begin."""
    start = flow.start
    if start is None:
        return was
    known = before.readings.get(start)
    if known is not None:
        return was if known.widget.name == was or was not in _names(before) else known.widget.name
    namer = Namer(flow, {key: _name(flow, each) for key, each in before.readings.items()})
    if not _is_only_an_entry(flow.nodes[start], before):
        return namer.name(start)
    target = flow.target(start, ExitId("next"))
    return was if target is None and was not in _names(before) else namer.target(target)


def _names(before: Flowing) -> set[str]:
    return {each.widget.name for each in before.readings.values()}


def _name(flow: Flow, reading: Reading) -> str:
    """The name of a known widget; a double that something leads to needs one of its own."""
    node_id, name = reading.node.id, reading.widget.name
    return node_id if node_id != name and flow.links_into(node_id) else name


def _is_only_an_entry(node: Node, before: Flowing) -> bool:
    """Whether a start of ours stands for what the file says with ``initial_state`` alone."""
    has_trigger = any(each.rule is TRIGGER for each in before.readings.values())
    return node.kind == "start" and bool(before.readings) and not has_trigger


def _known_state(
    flow: Flow,
    node: Node,
    known: Reading,
    before: Flowing,
    namer: Namer,
    notes: list[ImportNote],
) -> Document:
    raw = known.widget.raw
    name = namer.name(node.id)
    changes: Document = {} if name == known.widget.name else {"name": name}
    properties = _properties(node, known, notes)
    if properties != known.widget.properties:
        changes["properties"] = properties
    now, was = flow.links.get(node.id, {}), before.flow.links.get(node.id, {})
    if now != was or any(
        node.props.get(each) != known.node.props.get(each) for each in ("cases", "operand")
    ):
        changes["transitions"] = _Ways(node, known, now, was, namer).written(notes)
    return {**raw, **changes} if changes else raw


def _properties(node: Node, known: Reading, notes: list[ImportNote]) -> Document:
    """The settings, with the properties and the place that changed."""
    settings = known.widget.properties
    for field in known.rule.fields if known.rule else ():
        value = node.props.get(field.prop)
        if value == known.node.props.get(field.prop):
            continue
        try:
            settings = field.put(settings, value)
        except Unsayable:
            notes.append(ImportNote("import.twilio-unsayable", {"name": field.prop}, node.id))
    if (node.x, node.y) != (known.node.x, known.node.y):
        settings = {**settings, "offset": {"x": round(node.x), "y": round(node.y)}}
    return settings


class _Ways:
    """The transitions of a known widget, where they lead now."""

    def __init__(
        self,
        node: Node,
        known: Reading,
        now: Mapping[ExitId, NodeId],
        was: Mapping[ExitId, NodeId],
        namer: Namer,
    ) -> None:
        self._node = node
        self._known = known
        self._now = now
        self._was = was
        self._namer = namer

    def written(self, notes: list[ImportNote]) -> list[Json]:
        """Every transition: known ones with their present targets, then cases in order."""
        raws = as_list(self._known.widget.raw.get("transitions"), "transitions")
        plain: list[Json] = []
        matches: dict[str, Document] = {}
        said: set[ExitId] = set()
        for raw, exits in zip(rows(raws), self._known.exits, strict=True):
            led = self._led(raw, exits)
            if exits and exits[0].startswith("case:"):
                matches[exits[0]] = led
            else:
                plain.append(led)
            first = self._now.get(exits[0]) if exits else None
            said.update(each for each in exits if self._now.get(each) == first)
        plain.extend(self._cases(matches))
        said.update(ExitId(name) for name in matches)
        plain.extend(self._others(said, notes))
        return plain

    def _led(self, raw: Document, exits: tuple[ExitId, ...]) -> Document:
        """A transition to where its first exit leads; unchanged if that did not change."""
        if not exits or self._now.get(exits[0]) == self._was.get(exits[0]):
            return raw
        target = self._namer.target(self._now.get(exits[0]))
        kept = {key: value for key, value in raw.items() if key != "next"}
        return {"next": target, **kept} if target else kept

    def _cases(self, matches: dict[str, Document]) -> Iterator[Document]:
        """The matches of the present cases, in their order."""
        before = {f"case:{row.get('id')}": row for row in rows(self._known.node.props.get("cases"))}
        operand = self._node.props.get("operand")
        same_operand = operand == self._known.node.props.get("operand")
        for row in rows(self._node.props.get("cases")):
            name = f"case:{row.get('id')}"
            raw = matches.get(name)
            if raw is not None and before.get(name) == row and same_operand:
                yield raw
                continue
            target = self._namer.target(self._now.get(ExitId(name)))
            matches[name] = made = match_of(row, operand, target, raw)
            yield made

    def _others(self, said: set[ExitId], notes: list[ImportNote]) -> Iterator[Document]:
        """Transitions of linked exits that the file has none for."""
        rule = self._known.rule
        present = {each.event for each in self._known.widget.transitions}
        for name, target in self._now.items():
            if name in said:
                continue
            event = "incomingCall" if rule is TRIGGER else rule.event_of(name) if rule else None
            if event is None or event in present:
                notes.append(ImportNote("import.twilio-exit", {"exit": name}, self._node.id))
                continue
            present.add(event)
            yield {"next": self._namer.target(target), "event": event}
