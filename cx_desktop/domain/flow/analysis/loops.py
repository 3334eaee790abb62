"""Loops that nothing ends: without a pause, or with a caller who does not answer."""

from collections.abc import Collection, Iterator, Mapping

from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import Findings, found
from cx_desktop.domain.flow.analysis.circles import circles
from cx_desktop.domain.flow.analysis.pace import SILENT_EXITS, Pace
from cx_desktop.domain.flow.analysis.scene import Scene
from cx_desktop.domain.flow.analysis.steps import Step
from cx_desktop.domain.flow.checks import shown
from cx_desktop.domain.flow.graph import NodeId


def about_circle(scene: Scene, circle: Collection[NodeId]) -> Findings:
    """Busy loops, and questions that are asked again without end, in a circle of the flow.

    A loop that the flow counts, or ends by what it notes itself, is left alone: whether the count
    is right is for the exploration to say.
    """
    ways = _idle_ways(scene, circle)
    for idle in circles(ways, ways.__getitem__):
        left = _uncounted(scene, idle, ways)
        for inner in circles(left, left.__getitem__):
            yield from _about_circle(scene, inner, left)


def _idle_ways(scene: Scene, circle: Collection[NodeId]) -> dict[NodeId, tuple[NodeId, ...]]:
    """Where a call goes whose caller does nothing, as long as nobody else has it."""
    idle = {
        each
        for each in circle
        if scene.is_met(each)
        and not scene.is_held(each)
        and scene.steps[each].pace is not Pace.AWAY
    }
    return {node: tuple(_idle(scene.steps[node], idle)) for node in idle}


def _idle(step: Step, within: set[NodeId]) -> Iterator[NodeId]:
    asks, silent = step.pace is Pace.ASKS, _silent(step)
    for way in step.ways:
        is_taken = way.exit in silent if asks else not _is_bounded(step, way.exit)
        if is_taken and way.target is not None and way.target in within:
            yield way.target


def _silent(step: Step) -> frozenset[str]:
    """By which exits a caller leaves who does not answer, or not so that it is understood.

    Where nothing is offered, whatever they say is an answer.
    """
    offers = any(way.exit.startswith(_ANSWERS) for way in step.ways)
    return SILENT_EXITS if offers else SILENT_EXITS - {"invalid", "no_match"}


_ANSWERS = ("key_", "case:", "ok", "speech", "recorded", "accepted")


def _is_bounded(step: Step, way: str) -> bool:
    return step.kind == "loop" and way == "again"


def _uncounted(
    scene: Scene, circle: Collection[NodeId], ways: Mapping[NodeId, tuple[NodeId, ...]]
) -> dict[NodeId, tuple[NodeId, ...]]:
    """A circle without the nodes that note something by which it is left."""
    tested: set[str] = set()
    for node in circle:
        tested |= scene.steps[node].tests
    left = {each for each in circle if not scene.steps[each].counts & tested}
    return {node: tuple(each for each in ways[node] if each in left) for node in left}


def _about_circle(
    scene: Scene, circle: tuple[NodeId, ...], ways: Mapping[NodeId, tuple[NodeId, ...]]
) -> Findings:
    asking = [each for each in circle if scene.steps[each].pace is Pace.ASKS]
    members = set(circle)
    for node in asking:
        for way in scene.steps[node].ways:
            if way.exit in _silent(scene.steps[node]) and way.target in members:
                yield found(rules.ENDLESS_RETRY, node, way=way.exit)
                break
    if not asking:
        instant = [each for each in circle if scene.steps[each].pace is Pace.INSTANT]
        within = {node: tuple(each for each in ways[node] if each in instant) for node in instant}
        for busy in circles(within, within.__getitem__):
            yield found(rules.BUSY_LOOP, min(busy))


def about_recursion(scene: Scene, node: NodeId, step: Step) -> Findings:
    """A sub-flow that comes back to itself before it is done."""
    if step.calls and step.calls in scene.overview.recurring:
        names = scene.context.flows or {}
        value = shown(names.get(step.calls, step.calls))
        yield found(rules.RECURSION, node, name="flow", params={"value": value})
