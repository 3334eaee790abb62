"""Recordings: announced with all eight items on every way to them, and not forced on callers."""

from collections.abc import Iterable

from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import Findings, found
from cx_desktop.domain.flow.analysis.notices import ITEMS, items_in
from cx_desktop.domain.flow.analysis.pace import Pace
from cx_desktop.domain.flow.analysis.scene import Scene
from cx_desktop.domain.flow.analysis.steps import Step
from cx_desktop.domain.flow.analysis.valued import Gain, missing
from cx_desktop.domain.flow.graph import NodeId

_BITS = {item: 1 << number for number, item in enumerate(ITEMS)}
_ALL = (1 << len(ITEMS)) - 1

#: Nodes in which things may be said that are not written here.
_UNHEARD = frozenset({"subflow", "foreign"})


def about_recording(scene: Scene, met: set[NodeId]) -> Findings:
    """The findings of everything that starts a recording."""
    starts = [node for node in scene.steps if node in met and scene.steps[node].records]
    if not starts:
        return
    gains = {node: Gain(said, {}) for node, step in scene.steps.items() if (said := _said(step))}
    lacks = missing(scene, gains, _ALL)
    forced = set() if scene.is_subflow else _forced(scene, set(starts))
    for node in starts:
        yield from _about_notice(node, scene.steps[node], lacks.get(node, 0))
        if node in forced:
            yield found(rules.NO_REFUSAL, node, name=scene.steps[node].records)


def _said(step: Step) -> int:
    """The items that a node tells the caller; all of them where it cannot be known."""
    if step.kind in _UNHEARD or not step.words.is_whole:
        return _ALL
    return sum(_BITS[item] for item in items_in(step.words.text)) if step.words.text else 0


def _about_notice(node: NodeId, step: Step, lacking: int) -> Findings:
    """What some way to a recording leaves unsaid."""
    if step.records == "notice":
        if not step.words.text and step.words.is_whole:
            return
        lacking &= ~_said(step)
    if not lacking:
        return
    if step.records == "record" and lacking & _BITS["existence"]:
        yield found(rules.RECORDED_UNTOLD, node, name="record")
        return
    items = ", ".join(item for item in ITEMS if lacking & _BITS[item])
    yield found(rules.NOTICE_INCOMPLETE, node, name=step.records, params={"items": items})


def _forced(scene: Scene, starts: set[NodeId]) -> set[NodeId]:
    """The recordings to which some way leads without a choice against them, before or after."""
    around = _reaching(scene, (each for each, step in scene.steps.items() if step.ends), starts)
    choices = {node for node, step in scene.steps.items() if _offers(step, around)}
    opaque = {node for node, step in scene.steps.items() if step.kind in _UNHEARD}
    stopping = _reaching(scene, (each for each in scene.steps if _stops(scene, each)), set())
    return (starts & _reached(scene, choices | opaque)) - stopping


def _stops(scene: Scene, node: NodeId) -> bool:
    """Whether an answer of the caller leads to the end of the recording."""
    return scene.steps[node].pace is Pace.ASKS and any(
        scene.steps[each].stops_recording for each in scene.onward(node)
    )


def _offers(step: Step, around: set[NodeId]) -> bool:
    """Whether an answer of the caller leads on without the recording."""
    return step.pace is Pace.ASKS and any(
        way.target in around and way.exit.startswith(("key_", "case:", "ok", "speech"))
        for way in step.ways
    )


def _reaching(scene: Scene, aims: Iterable[NodeId], closed: set[NodeId]) -> set[NodeId]:
    """The nodes from which calls can come to one of these without passing a closed one."""
    into: dict[NodeId, list[NodeId]] = {}
    for node, step in scene.steps.items():
        if node not in closed:
            for way in step.ways:
                if way.target is not None and way.exit not in ("hangup", "error"):
                    into.setdefault(way.target, []).append(node)
    reaching = {each for each in aims if each not in closed}
    waiting = list(reaching)
    while waiting:
        for node in into.get(waiting.pop(), ()):
            if node not in reaching:
                reaching.add(node)
                waiting.append(node)
    return reaching


def _reached(scene: Scene, closed: set[NodeId]) -> set[NodeId]:
    """The nodes that can be come to without passing through closed ones."""
    met = set(scene.entries)
    waiting = list(met)
    while waiting:
        node = waiting.pop()
        if node not in closed:
            for target in scene.onward(node):
                if target not in met:
                    met.add(target)
                    waiting.append(target)
    return met
