"""The ways into a context: the switch by which it begins, and the way to other contexts."""

from collections.abc import Mapping
from itertools import groupby

from cx_desktop.domain.flow.formats.asterisk.entries import Entries, Entry, Lead, typed
from cx_desktop.domain.flow.formats.asterisk.patterns import expression_of, name_of
from cx_desktop.domain.flow.formats.asterisk.plan import Found
from cx_desktop.domain.flow.formats.asterisk.reader import Reader
from cx_desktop.domain.flow.formats.asterisk.variables import our_name
from cx_desktop.domain.flow.formats.drawing import Drawing
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.patch import Document, Json


class Doors:
    """Draws what no step of the dialplan says, but Asterisk does: finding an extension."""

    def __init__(
        self,
        reader: Reader,
        section: str,
        drawing: Drawing,
        nodes: Mapping[tuple[str, int], NodeId],
    ) -> None:
        self._reader = reader
        self._plan = reader.plan
        self._section = section
        self._drawing = drawing
        self._nodes = nodes
        self._shared: dict[tuple[str, str], NodeId | None] = {}

    def first(self, extension: str) -> NodeId | None:
        """The node an extension of this context begins with."""
        steps = self._plan.sections[self._section].extensions.get(extension)
        return self._nodes.get((extension, min(steps))) if steps else None

    def found(self, found: Found) -> NodeId | None:
        """The node of an extension, here or in the flow of another context."""
        if found.section == self._section:
            return self.first(found.extension)
        return self.other_flow(found.section)

    def other_flow(self, section: str) -> NodeId:
        """The one node that leads to another context."""
        return self._one(("flow", section), "goto_flow", {"flow": section})

    def _one(self, key: tuple[str, str], kind: str, props: Document) -> NodeId:
        """A node of which a context needs but one."""
        node = self._shared.get(key)
        if node is None:
            node = self._drawing.draw(self._drawing.reserve(kind), kind, props=props)
            self._shared[key] = node
        return node

    def begin(self) -> NodeId | None:
        """Where a call comes in; extensions that ask for another field than the number go first."""
        entrance = self.entrance()
        names = [
            name
            for name in self._plan.sections[self._section].extensions
            if name_of(name).caller.endswith("=")
        ]
        for name in reversed(names):
            entrance = self._asking(our_name(name_of(name).caller[:-1]), name, entrance)
        return entrance

    def entrance(self) -> NodeId | None:
        """Where a call comes in: an extension, or the switch that finds one."""
        entries = self._reader.entries[self._section]
        if entries.is_direct:
            return self.found(entries.otherwise) if entries.otherwise else self._included()
        return self._switch("entrance", entries)

    def _included(self) -> NodeId | None:
        """What a context is that only includes another one, of another file."""
        includes = self._plan.sections[self._section].includes
        return self.other_flow(includes[0].context) if includes else None

    def typed(self) -> NodeId | None:
        """Where the extension is found whose number the caller typed."""
        return self._switch("typed", typed(self._plan, self._section))

    def _switch(self, key: str, entries: Entries) -> NodeId | None:
        """A switch over what was called; hours part it where contexts count only at some."""
        if ("switch", key) not in self._shared:
            self._shared["switch", key] = self._rest(entries.cases, entries.otherwise)
        return self._shared["switch", key]

    def _fill_switch(self, node: NodeId, cases: tuple[Entry, ...], rest: NodeId | None) -> None:
        rows: list[Json] = []
        for number, each in enumerate(cases, 1):
            row = {"id": f"c{number}", "label": each.label, "operator": each.operator}
            rows.append({**row, "value": each.value})
            self._drawing.link(node, (f"case:c{number}",), self._led(each))
        self._drawing.link(node, ("default",), rest)
        self._drawing.draw(node, "switch", props={"operand": "called", "cases": rows})

    def _rest(self, cases: tuple[Entry, ...], otherwise: Found | None) -> NodeId | None:
        """Where a number goes that none of the cases before these took."""
        rest = self.found(otherwise) if otherwise else self._rejected()
        for hours, alike in reversed([(key, (*each,)) for key, each in groupby(cases, _hours)]):
            during = self._drawing.reserve("switch")
            self._fill_switch(during, alike, rest)
            rest = self._during(hours, during, rest) if hours else during
        return rest

    def _during(self, hours: str, during: NodeId, rest: NodeId | None) -> NodeId:
        """A schedule before what counts only at some hours."""
        schedule = self._drawing.reserve("schedule")
        self._drawing.draw(schedule, "schedule", props={"schedule": hours})
        self._drawing.note("asterisk-include-hours", schedule, hours=hours[:120])
        self._drawing.link(schedule, ("open",), during)
        self._drawing.link(schedule, ("closed", "error"), rest)
        return schedule

    def _led(self, entry: Entry) -> NodeId | None:
        match entry.lead:
            case Lead.CONTEXT:
                return self.other_flow(entry.target)
            case Lead.PRIORITY:
                return self._nodes.get((entry.target, entry.priority))
            case Lead.EXTENSION:
                return self._conditional(entry.target)

    def _conditional(self, extension: str) -> NodeId | None:
        """An extension, or the switch over the caller that chooses among those of one name."""
        name = name_of(extension)
        if not name.is_conditional:
            return self.first(extension)
        names = self._plan.alike(self._section, extension)
        is_open = name_of(names[-1]).is_conditional
        return self._by_caller("caller", names, self._rejected() if is_open else None)

    def _by_caller(self, operand: str, names: list[str], otherwise: NodeId | None) -> NodeId | None:
        """The first of a row of switches, one for each extension that asks something."""
        for name in reversed(names):
            otherwise = self._asking(operand, name, otherwise)
        return otherwise

    def _asking(self, operand: str, extension: str, otherwise: NodeId | None) -> NodeId | None:
        """The switch over what an extension asks besides its name."""
        name = name_of(extension)
        if not name.is_conditional:
            return self.first(extension)
        node = self._drawing.reserve("switch")
        wanted = name.called if name.caller.endswith("=") else name.caller
        row: Json = {
            "id": "c1",
            "label": extension,
            "operator": "matches" if wanted else "blank",
            "value": expression_of(wanted),
        }
        self._drawing.draw(node, "switch", props={"operand": operand, "cases": [row]})
        self._drawing.link(node, ("case:c1",), self.first(extension))
        self._drawing.link(node, ("default",), otherwise)
        return node

    def _rejected(self) -> NodeId:
        """What the engine does with a number that nobody has."""
        return self._one(("end", "rejected"), "hangup", {"cause": "rejected"})


def _hours(entry: Entry) -> str:
    return entry.times
