"""Drawing a context: a node for each step, and links for its ways."""

from cx_desktop.domain.flow.expressions import render
from cx_desktop.domain.flow.expressions.tree import Text
from cx_desktop.domain.flow.formats import ImportNote
from cx_desktop.domain.flow.formats.asterisk.arguments import pieces
from cx_desktop.domain.flow.formats.asterisk.doors import Doors
from cx_desktop.domain.flow.formats.asterisk.draft import Draft, How, Where
from cx_desktop.domain.flow.formats.asterisk.lines import Step
from cx_desktop.domain.flow.formats.asterisk.patterns import is_pattern
from cx_desktop.domain.flow.formats.asterisk.plan import Found, Target
from cx_desktop.domain.flow.formats.asterisk.reader import Drafted, Place, Reader
from cx_desktop.domain.flow.formats.drawing import Drawing
from cx_desktop.domain.flow.graph import Flow, NodeId
from cx_desktop.domain.patch import Document, Json

FORMAT = "asterisk"


class Context:
    """One context in the making."""

    def __init__(self, reader: Reader, section: str) -> None:
        self._reader = reader
        self._plan = reader.plan
        self._section = section
        self._drawing = Drawing(FORMAT)
        self._nodes: dict[tuple[str, int], NodeId] = {}
        self._shared: dict[tuple[str, str], NodeId] = {}
        self._doors = Doors(reader, section, self._drawing, self._nodes)
        self._names: dict[str, str] = {}

    @property
    def notes(self) -> list[ImportNote]:
        """What there is to tell."""
        return self._drawing.notes

    def flow(self) -> Flow:
        """The context as a flow."""
        start = self._drawing.draw(self._drawing.reserve("start"), "start")
        drawn = [(each, self._draw(each)) for each in self._reader.drafted[self._section]]
        for drafted, ids in drawn:
            for draft, node in zip((drafted.draft, *drafted.draft.others), ids, strict=True):
                self._lead(drafted, draft, node, ids)
        self._drawing.link(start, ("next",), self._doors.begin())
        self._tell()
        return self._drawing.flow(self._meta())

    def _tell(self) -> None:
        """What the context says that a flow cannot."""
        section = self._plan.sections[self._section]
        for include in section.includes:
            if include.context not in self._plan.sections:
                name = include.context[:80]
                self._drawing.note("asterisk-include-lost", line=include.line, context=name)
        for step in section.doubles:
            self._drawing.note("asterisk-double", line=step.line, place=step.name[:80])

    def _meta(self) -> Document:
        origin: Document = {"format": FORMAT, "context": self._section}
        if self._names:
            origin["variables"] = {
                ours: theirs for ours, theirs in sorted(self._names.items()) if ours != theirs
            }
        if self._plan.sections[self._section].rest:
            origin["rest"] = [*self._plan.sections[self._section].rest]
        meta: Document = {"origin": origin}
        for setting, name in (("on_hangup", "h"), ("on_error", "e"), ("on_max_duration", "T")):
            handler = self._doors.first(name)
            if handler is not None:
                meta[setting] = handler
        return meta

    def _draw(self, drafted: Drafted) -> tuple[NodeId, ...]:
        """The nodes of a step; the first of them stands for it."""
        ids = []
        step = drafted.step
        for number, draft in enumerate((drafted.draft, *drafted.draft.others)):
            kind, props = self._kind(drafted, draft)
            node = self._drawing.reserve(kind)
            is_told = not number or kind == "foreign"
            origin = (draft.app or step.app, _raw(drafted)) if is_told else None
            title = _title(step) if not number else ""
            self._drawing.draw(node, kind, title=title, props=props, origin=origin)
            ids.append(node)
        for each in (step, *drafted.taken):
            self._nodes.setdefault((each.extension, each.priority), ids[0])
        return tuple(ids)

    def _kind(self, drafted: Drafted, draft: Draft) -> tuple[str, Document]:
        """A node's kind and properties, now that it is known who may jump where."""
        self._names.update(drafted.scope.names)
        if draft.calls:
            return draft.kind, {**draft.props, **self._sub_routine(drafted, draft.calls)}
        if not draft.jumps:
            return draft.kind, draft.props
        step = drafted.step
        place = self._reader.place(self._section, step.extension, draft.jumps, drafted.scope)
        setting = self._setting(drafted, place)
        if setting is not None:
            return "set_var", {"assignments": [{"variable": "called", "expression": setting}]}
        landing = self._reader.landing(self._section, step.extension, place)
        section = landing.target.section if landing else self._open_section(place)
        if section is None or section == self._section:
            return "goto_node", {}
        return "goto_flow", {"flow": section}

    def _open_section(self, place: Place) -> str | None:
        """The context of a jump whose extension only the call or another file knows."""
        is_elsewhere = place.section not in self._plan.sections
        return place.section if is_elsewhere or place.extension is None else None

    def _sub_routine(self, drafted: Drafted, calls: str) -> Document:
        step = drafted.step
        place = self._reader.place(self._section, step.extension, calls, drafted.scope)
        setting = self._setting(drafted, place)
        landing = self._reader.landing(self._section, step.extension, place)
        flow = landing.target.section if landing else place.section or place.written[0]
        if setting is None:
            return {"flow": flow}
        called: Json = {"variable": "called", "expression": setting}
        return {"flow": flow, "inputs": [called, *_rows(drafted.draft.props.get("inputs"))]}

    def _setting(self, drafted: Drafted, place: Place) -> str | None:
        """What ``called`` must be before a jump, if the place it goes to asks for it."""
        step = drafted.step
        landing = self._reader.landing(self._section, step.extension, place)
        is_call = any(each.calls for each in (drafted.draft, *drafted.draft.others))
        if landing is None:
            is_same = place.written[1] in ("${EXTEN}", "", "s")
            is_open = self._open_section(place) is not None and not is_same
            return render(drafted.scope.text(place.written[1])) if is_open else None
        target = landing.target
        if target.section == self._section and not is_call:
            is_same = not place.written[1] or place.written[1] == "${EXTEN}"
            is_asked = is_pattern(target.extension) and not is_same
            return render(Text(landing.number)) if is_asked else None
        entries = self._reader.entries[target.section]
        if entries.is_direct:
            return None
        return render(Text(self._called(target, landing.number)))

    def _called(self, target: Target, number: str) -> str:
        """What another context is to be called by, for a call to come in at a place of it."""
        steps = self._plan.steps(Found(target.section, target.extension))
        is_first = target.priority == min(steps)
        return number if is_first else steps[target.priority].name

    def _lead(self, drafted: Drafted, draft: Draft, node: NodeId, ids: tuple[NodeId, ...]) -> None:
        """Link every way of a node."""
        if draft.note:
            self._note(drafted, draft, node)
        for way, to in draft.ways.items():
            self._drawing.link(node, (way,), self._target(drafted, to, ids, node))
        if draft.jumps:
            self._jump(drafted, draft.jumps, node)

    def _note(self, drafted: Drafted, draft: Draft, node: NodeId) -> None:
        step = drafted.step
        if draft.note == "app":
            self._drawing.note("asterisk-app", node, line=step.line, app=draft.app[:80])
        else:
            schedule = str(draft.props.get("schedule", ""))[:120]
            self._drawing.note("asterisk-hours", node, line=step.line, hours=schedule)

    def _target(
        self, drafted: Drafted, to: Where, ids: tuple[NodeId, ...], node: NodeId
    ) -> NodeId | None:
        step = drafted.step
        match to.how:
            case How.INNER:
                return ids[int(to.target)]
            case How.ONWARD:
                last = (step, *drafted.taken)[-1]
                return self._nodes.get((step.extension, last.priority + 1))
            case How.PRIORITY:
                return self._nodes.get((step.extension, int(to.target)))
            case How.DIALLED:
                return self._dialled(to.target)
            case How.TYPED:
                return self._doors.typed()
            case How.JUMP:
                return self._jumped(drafted, to.target, node)
            case _:
                return None

    def _dialled(self, number: str) -> NodeId | None:
        found = self._plan.find(self._section, number)
        return None if found is None else self._doors.found(found)

    def _jumped(self, drafted: Drafted, jump: str, node: NodeId) -> NodeId | None:
        """Where a way that jumps leads: there, or to a node that sets what is called first."""
        place = self._reader.place(self._section, drafted.step.extension, jump, drafted.scope)
        setting = self._setting(drafted, place)
        if setting is None:
            return self._landed(drafted, place, node)
        key = (jump, setting)
        if key not in self._shared:
            before = self._drawing.reserve("set_var")
            assignment: Json = {"variable": "called", "expression": setting}
            self._drawing.draw(before, "set_var", props={"assignments": [assignment]})
            self._shared[key] = before
            self._drawing.link(before, ("next",), self._landed(drafted, place, node))
        return self._shared[key]

    def _landed(self, drafted: Drafted, place: Place, node: NodeId) -> NodeId | None:
        extension = drafted.step.extension
        landing = self._reader.landing(self._section, extension, place)
        if landing is not None:
            target = landing.target
            if target.section != self._section:
                return self._doors.other_flow(target.section)
            return self._nodes.get((target.extension, target.priority))
        section = self._open_section(place)
        if section is None:
            return self._unknown(drafted, place, node)
        if section not in self._plan.sections:
            self._drawing.note("asterisk-context-lost", context=section[:80])
        return (
            self._doors.entrance() if section == self._section else self._doors.other_flow(section)
        )

    def _unknown(self, drafted: Drafted, place: Place, node: NodeId) -> NodeId | None:
        """A jump to what the file does not have, or to what is only known at the call."""
        words = ",".join(each for each in place.written if each)[:120]
        what = "asterisk-jump-open" if pieces_in(words) else "asterisk-jump-lost"
        self._drawing.note(what, node, line=drafted.step.line, target=words)
        if place.section is None:
            return self._doors.other_flow(place.written[0])
        return self._dialled("i") if place.written[1] else None

    def _jump(self, drafted: Drafted, jump: str, node: NodeId) -> None:
        """Lead a step on that is nothing but a jump."""
        place = self._reader.place(self._section, drafted.step.extension, jump, drafted.scope)
        kind, _ = self._kind(drafted, drafted.draft._replace(jumps=jump))
        if kind == "goto_flow":
            return
        target = self._landed(drafted, place, node)
        if kind == "goto_node" and target is not None:
            step = drafted.step
            origin = (step.app, _raw(drafted))
            props: Document = {"target": target}
            self._drawing.draw(node, kind, title=_title(step), props=props, origin=origin)
        else:
            self._drawing.link(node, ("next",), target)


def pieces_in(text: str) -> bool:
    """Whether a text has a variable in it."""
    return any(not each.is_plain for each in pieces(text))


def _rows(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _title(step: Step) -> str:
    """What a step is called on the canvas: its label, or its extension where one begins."""
    return step.label or (step.extension if step.priority == 1 else "")


def _raw(drafted: Drafted) -> Json:
    """The lines of a step, word for word."""
    return [
        {"line": each.line, "extension": each.extension, "text": each.text}
        for each in (drafted.step, *drafted.taken)
    ]
