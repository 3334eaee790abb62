"""A flow of Architect as flows of ours: the flow itself, and one for each task that it calls."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cx_desktop.domain.flow.formats import Imported, ImportNote, Unreadable
from cx_desktop.domain.flow.formats.drawing import Drawing, check_depth
from cx_desktop.domain.flow.formats.genesys.drawers import DRAWERS
from cx_desktop.domain.flow.formats.genesys.menus import draw_menu
from cx_desktop.domain.flow.formats.genesys.take import Known, variables
from cx_desktop.domain.flow.formats.genesys.tree import (
    Call,
    Container,
    Scope,
    actions_in,
    bare,
    containers_of,
    outcome_id,
    reference_of,
    target_of,
)
from cx_desktop.domain.flow.formats.genesys.values import fields, language_of, name_of, single, text
from cx_desktop.domain.flow.formats.genesys.walk import Step, Walk
from cx_desktop.domain.flow.formats.incoming import MAX_STEPS
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.patch import Document, Json

FORMAT = "genesys-architect"

#: Tasks that are called and come back, and all that they jump to, are at most so many in one flow.
MOST_CALLED = 400
MOST_EXITS = 2000

#: Flows that begin anew when they come to their end, as long as nobody answers.
_AROUND = frozenset({"inqueuecall"})
_STARTUP = "startUpTaskActions"
_TREE = frozenset({"menus", "tasks", "states", "bots", _STARTUP})


class Source(NamedTuple):
    """One flow of a file: its type, all it says, its containers, and the tasks that are called."""

    kind: str
    body: Document
    containers: Mapping[str, Container]
    calls: Mapping[str, Call]

    @property
    def title(self) -> str:
        """What the file calls it."""
        return text(self.body.get("name"))

    @property
    def defaults(self) -> Document:
        """What its actions do where they do not say it themselves; ``menu`` is that of menus."""
        menu = fields(self.body.get("settingsMenu"))
        return {**fields(self.body.get("settingsActionDefaults")), "menu": menu}


def source_of(document: Json, place: str) -> Source:
    """The flow that a document is. Raises ``Unreadable`` when it is none."""
    kind, body = next(
        ((key, fields(value)) for key, value in fields(document).items() if fields(value)), ("", {})
    )
    if not kind:
        raise Unreadable("problem.import-shape", place=place, expected="{…}")
    containers = {each.reference: each for each in containers_of(body)}
    if len(containers) > MAX_STEPS:
        raise _too_many(len(containers), MAX_STEPS)
    return Source(kind, body, containers, _calls(body, containers))


def _calls(body: Document, containers: Mapping[str, Container]) -> dict[str, Call]:
    """Every task that is called, and what calling it can lead to."""
    called = {
        target_of(action) for kind, action in actions_in(body) if kind == "callTask"
    } & containers.keys()
    if len(called) > MOST_CALLED:
        raise _too_many(len(called), MOST_CALLED)
    leads = {each: _leads(containers[each]) for each in called}
    jumps = {each: _jumps(each, leads) & containers.keys() for each in called}
    total = sum(map(len, jumps.values()))
    if total > MOST_EXITS:
        raise _too_many(total, MOST_EXITS)
    return {
        each: Call(f"task[{each}]", tuple(_outcomes(containers[each])), tuple(sorted(jumps[each])))
        for each in sorted(called)
    }


def _too_many(count: int, limit: int) -> Unreadable:
    return Unreadable("problem.import-too-many-steps", place="tasks", count=count, limit=limit)


def _jumps(task: str, leads: Mapping[str, tuple[set[str], set[str]]]) -> set[str]:
    """The containers that a called task, or one that it calls, jumps to; itself is none."""
    found: set[str] = set()
    seen, waiting = {task}, [task]
    while waiting and len(found) <= MOST_EXITS:
        jumps, calls = leads[waiting.pop()]
        found |= jumps
        more = (calls & leads.keys()) - seen
        seen |= more
        waiting.extend(more)
    return found - {task}


def _outcomes(task: Container) -> Iterator[str]:
    seen = set()
    for kind, action in actions_in(task.body):
        if kind == "endTask":
            value = action.get("outputPath") or action.get("outcome")
            name = outcome_id(name_of(value) or single(value)[0])
            if name and name not in seen and name not in {"lit", "exp", "noValue", "default"}:
                seen.add(name)
                yield name


def _leads(task: Container) -> tuple[set[str], set[str]]:
    """The containers that a task jumps to, and those it calls."""
    jumps: set[str] = set()
    calls: set[str] = set()
    for kind, action in actions_in(task.body):
        reference = target_of(action)
        if reference:
            (calls if kind == "callTask" else jumps).add(reference)
    return jumps - {task.reference}, calls


def imported(source: Source, notes: tuple[ImportNote, ...], named: str) -> Iterator[Imported]:
    """The flow, then each task that it calls."""
    name = source.title or named
    yield _main(source, notes, name)
    for reference, call in source.calls.items():
        yield _task(source, source.containers[reference], call, name)


def _main(source: Source, notes: tuple[ImportNote, ...], name: str) -> Imported:
    drawing = Drawing(FORMAT)
    start = drawing.reserve("start")
    own = {
        reference: each
        for reference, each in source.containers.items()
        if reference not in source.calls or reference in _jumped_to(source)
    }
    entries = {reference: drawing.reserve(each.kind) for reference, each in own.items()}
    walk = Walk(
        drawing,
        DRAWERS,
        entries=entries,
        calls=source.calls,
        outside=frozenset(),
        defaults=source.defaults,
    )
    language = language_of(text(source.body.get("defaultLanguage")))
    meta: Document = {"spoken_language": language} if language else {}
    drawing.draw(start, "start", props=meta)
    drawing.link(start, ("next",), _greeted(source, walk, _first(source, walk, entries)))
    for reference, each in own.items():
        _draw(walk, each, entries[reference], Scope())
    meta = {**meta, **_handler(source, walk, entries), "origin": _origin(source)}
    return Imported(
        flow=drawing.flow(meta),
        format=FORMAT,
        name=name,
        description=text(source.body.get("description")),
        notes=(*notes, *drawing.notes),
        handles=tuple(filter(None, (source.title,))),
    )


def _origin(source: Source) -> Document:
    rest = bare({key: each for key, each in source.body.items() if key not in _TREE})
    check_depth(rest)
    return {"format": FORMAT, "type": source.kind, "rest": rest}


def _jumped_to(source: Source) -> frozenset[str]:
    """The containers that something leads to for good: jumps, the start, the error handler."""
    found = {reference_of(source.body.get("startUpRef"))}
    for kind, action in actions_in(source.body):
        if kind != "callTask":
            found.add(target_of(action))
    return frozenset(found)


def _draw(walk: Walk, container: Container, node: NodeId, scope: Scope) -> None:
    step = Step(container.kind, container.body, node, scope)
    if container.kind == "menu" or "choices" in container.body:
        draw_menu(walk, step)
    else:
        walk.container(step)


def _first(source: Source, walk: Walk, entries: Mapping[str, NodeId]) -> NodeId | None:
    """Where the flow begins: the actions of its start-up task, else what it names."""
    actions = source.body.get(_STARTUP)
    if isinstance(actions, list):
        node = walk.drawing.reserve("task")
        again = node if source.kind.lower() in _AROUND else None
        body: Document = {"actions": actions}
        walk.container(Step(_STARTUP, body, node, Scope(after=again)))
        return node
    wanted = reference_of(source.body.get("startUpRef"))
    if wanted in entries:
        return entries[wanted]
    if entries:
        shown = text(source.body.get("startUpRef"))[:200] or "startUpRef"
        walk.drawing.note("start-missing", id=shown)
    return next(iter(entries.values()), None) if not wanted else None


def _greeted(source: Source, walk: Walk, first: NodeId | None) -> NodeId | None:
    """What comes before the first step: variables of the flow, and the greeting."""
    greeting = walk.said_first(source.body.get("initialGreeting"), first)
    declared = variables(source.body.get("variables"))
    if not declared.props:
        return greeting
    step = Step("variables", {}, walk.drawing.reserve("set_var"))
    walk.draw(step, "set_var", Known(declared.props, declared.lost))
    walk.drawing.link(step.node, ("next",), greeting)
    return step.node


def _handler(source: Source, walk: Walk, entries: Mapping[str, NodeId]) -> Document:
    """The flow's error handler, where it does more than to end the call in silence."""
    settings = fields(source.body.get("settingsErrorHandling"))
    kind, body = single(settings.get("errorHandling"))
    if not kind:
        return {}
    reference = target_of(body) or reference_of(fields(settings.get("errorHandling")).get(kind))
    target = entries.get(reference) if reference else walk.sequence([{kind: body}], Scope())
    target = walk.said_first(settings.get("preHandlingAudio"), target)
    return {"on_error": target} if target else {}


def _task(source: Source, task: Container, call: Call, name: str) -> Imported:
    """A called task: its end gives the call back."""
    drawing = Drawing(FORMAT)
    start, node = drawing.reserve("start"), drawing.reserve("task")
    back = drawing.reserve("return")
    walk = Walk(
        drawing,
        DRAWERS,
        entries={task.reference: node},
        calls=source.calls,
        outside=frozenset(source.containers) - {task.reference},
        defaults=source.defaults,
    )
    drawing.draw(start, "start")
    drawing.link(start, ("next",), node)
    _draw(walk, task, node, Scope(after=back))
    if drawing.is_target(back):
        drawing.draw(back, "return", props={"outcome": "default"})
    title = text(task.body.get("name")) or task.reference
    meta: Document = {"origin": {"format": FORMAT, "type": "task", "rest": {"name": title}}}
    return Imported(
        flow=drawing.flow(meta),
        format=FORMAT,
        name=" · ".join(filter(None, (name, title))),
        notes=tuple(drawing.notes),
        handles=(call.handle,),
    )
