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
    gains = {node: Gain(_said(step), {}) for node, step in scene.steps.items()}
    lacks = missing(scene, gains, _ALL)
    for node in starts:
        yield from _about_notice(node, scene.steps[node], lacks.get(node, 0))
        if not scene.is_subflow and _is_forced(scene, node):
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


def _is_forced(scene: Scene, recorder: NodeId) -> bool:
    """Whether some way leads to a recording without a choice against it, before or after."""
    around = _reaching_end(scene, recorder)
    choices = {node for node, step in scene.steps.items() if _offers(step, around)}
    opaque = {node for node, step in scene.steps.items() if step.kind in _UNHEARD}
    if recorder not in _reached(scene, scene.entries, choices | opaque):
        return False
    stops = {node for node, step in scene.steps.items() if step.stops_recording}
    after = _reached(scene, [recorder], set())
    return not any(
        scene.steps[node].pace is Pace.ASKS and any(each in stops for each in scene.onward(node))
        for node in after
    )


def _offers(step: Step, around: set[NodeId]) -> bool:
    """Whether an answer of the caller leads on without the recording."""
    return step.pace is Pace.ASKS and any(
        way.target in around and way.exit.startswith(("key_", "case:", "ok", "speech"))
        for way in step.ways
    )


def _reaching_end(scene: Scene, recorder: NodeId) -> set[NodeId]:
    """The nodes from which calls can come to an end without passing a recording's start."""
    into: dict[NodeId, list[NodeId]] = {}
    for node, step in scene.steps.items():
        if node != recorder:
            for way in step.ways:
                if way.target is not None and way.exit not in ("hangup", "error"):
                    into.setdefault(way.target, []).append(node)
    around = {node for node, step in scene.steps.items() if step.ends and node != recorder}
    waiting = list(around)
    while waiting:
        for node in into.get(waiting.pop(), ()):
            if node not in around:
                around.add(node)
                waiting.append(node)
    return around


def _reached(scene: Scene, entries: Iterable[NodeId], closed: set[NodeId]) -> set[NodeId]:
    """The nodes that can be come to without passing through closed ones."""
    met = set(entries)
    waiting = list(met)
    while waiting:
        node = waiting.pop()
        if node not in closed:
            for target in scene.onward(node):
                if target not in met:
                    met.add(target)
                    waiting.append(target)
    return met
