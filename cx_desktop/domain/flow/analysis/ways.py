"""The rules about ways: what holds at each node of a flow, and what is to be said of that.

``ways_of`` looks at a whole flow; ``after`` does so where an edit changed something, and keeps the
rest.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from cx_desktop.domain.finding import Finding
from cx_desktop.domain.flow.analysis.holding import find_again, find_everywhere
from cx_desktop.domain.flow.analysis.kept import about_kept_secrets
from cx_desktop.domain.flow.analysis.loops import about_circle, about_recursion
from cx_desktop.domain.flow.analysis.order import Order, Reordering, order_of
from cx_desktop.domain.flow.analysis.overview import counts_for_all, overview_of
from cx_desktop.domain.flow.analysis.pace import Pace
from cx_desktop.domain.flow.analysis.recording import about_recording
from cx_desktop.domain.flow.analysis.scene import Scene
from cx_desktop.domain.flow.analysis.signs import LEADS, MET
from cx_desktop.domain.flow.analysis.steps import Step
from cx_desktop.domain.flow.analysis.structure import about_place, about_silent_end
from cx_desktop.domain.flow.analysis.variables import about_reads
from cx_desktop.domain.flow.analysis.waiting import about_lost_digits
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.flow.references import Context

Said = Mapping[NodeId, tuple[Finding, ...]]
Steps = Mapping[NodeId, Step]
Value = TypeVar("Value")


class Ways(NamedTuple):
    """What the rules about ways say, with what they have found out."""

    scene: Scene
    in_circles: Said
    """What is said of circles, by node."""
    said: Said
    """All that is said, by node."""


def ways_of(steps: Steps, entries: frozenset[NodeId], context: Context) -> Ways:
    """The rules about ways, asked of a whole flow."""
    scene = Scene(
        steps,
        _into(steps),
        entries,
        context,
        order_of(steps, lambda node: steps[node].onward),
        overview_of(steps, context),
        ahead={},
        coming={},
        gains={},
    )
    find_everywhere(scene)
    in_circles: dict[NodeId, tuple[Finding, ...]] = {}
    for circle in scene.order.circles_of(scene.order.circles):
        _look_at_circle(scene, circle, in_circles)
    said: dict[NodeId, tuple[Finding, ...]] = {}
    for node, step in steps.items():
        if step.is_noted or node in in_circles or not _is_at_ease(scene, node):
            findings = tuple(_judged(scene, node, in_circles))
            if findings:
                said[node] = findings
    return Ways(scene, in_circles, said)


def after(
    before: Ways, steps: Steps, changed: frozenset[NodeId], context: Context
) -> tuple[Ways, frozenset[NodeId]]:
    """The rules about ways, asked again where these nodes were changed, have come, or are gone.

    The second are all nodes that were judged again.
    """
    old = before.scene
    if _overlooked(old, steps, changed):
        overview = overview_of(steps, context)
        if overview != old.overview:
            return ways_of(steps, old.entries, context), frozenset(steps)
    there, gone = changed & steps.keys(), changed - steps.keys()
    led = {
        target
        for node in changed
        for each in (old.steps, steps)
        if node in each
        for target in each[node].onward
        if target in steps
    }
    into = _into_again(old, steps, changed)
    order, renewed = _order_again(old, steps, into, changed)
    scene = old._replace(
        steps=steps,
        into=into,
        order=order,
        ahead=_without(old.ahead, gone),
        coming=_without(old.coming, gone),
        gains=_without(old.gains, gone),
    )
    differing = find_again(scene, there, led)
    return _judged_again(before, scene, there | led | differing | renewed, gone)


def _overlooked(old: Scene, steps: Steps, changed: Iterable[NodeId]) -> bool:
    """Whether something may have changed that is said of the flow as a whole."""
    return any(
        counts_for_all(old.steps.get(node, _NOTHING)) != counts_for_all(steps.get(node, _NOTHING))
        for node in changed
    )


_NOTHING = Step(kind="log", ways=(), onward=(), pace=Pace.INSTANT, ends=False)


def _into(steps: Steps) -> dict[NodeId, tuple[NodeId, ...]]:
    into: dict[NodeId, list[NodeId]] = {}
    for node, step in steps.items():
        for target in step.onward:
            into.setdefault(target, []).append(node)
    return {node: tuple(each) for node, each in into.items()}


def _into_again(
    old: Scene, steps: Steps, changed: Iterable[NodeId]
) -> Mapping[NodeId, tuple[NodeId, ...]]:
    into = dict(old.into)
    for node in changed:
        for target in old.steps[node].onward if node in old.steps else ():
            into[target] = tuple(each for each in into[target] if each != node)
        for target in steps[node].onward if node in steps else ():
            into[target] = (*into.get(target, ()), node)
    for node in changed:
        if node not in steps:
            into.pop(node, None)
    return into


def _order_again(
    old: Scene,
    steps: Steps,
    into: Mapping[NodeId, tuple[NodeId, ...]],
    changed: frozenset[NodeId],
) -> tuple[Order, set[NodeId]]:
    """The order after an edit, and the nodes whose circles were drawn anew."""
    moved = [
        node
        for node in changed
        if node not in old.steps
        or node not in steps
        or set(old.steps[node].onward) != set(steps[node].onward)
    ]
    if not moved:
        return old.order, set()
    mended = Reordering(old.order, lambda node: steps[node].onward, lambda node: into.get(node, ()))
    mended.come_and_gone(
        [each for each in moved if each not in old.steps],
        frozenset(each for each in moved if each not in steps),
    )
    for node in moved:
        if node in steps and node in old.steps:
            mended.unlinked(node, set(old.steps[node].onward) - set(steps[node].onward))
    for node in moved:
        if node in steps:
            mended.linked(node)
    return mended.result, mended.renewed & steps.keys()


def _without(values: dict[NodeId, Value], gone: Iterable[NodeId]) -> dict[NodeId, Value]:
    kept = dict(values)
    for node in gone:
        kept.pop(node, None)
    return kept


def _judged_again(
    before: Ways, scene: Scene, dirty: frozenset[NodeId], gone: Iterable[NodeId]
) -> tuple[Ways, frozenset[NodeId]]:
    """What is said where something else holds now, and next to it."""
    beside = {each for node in dirty for each in scene.onward(node)}
    beside |= {each for node in dirty for each in scene.into.get(node, ())}
    in_circles, said = dict(before.in_circles), dict(before.said)
    for node in (*dirty, *gone):
        in_circles.pop(node, None)
    for circle in scene.order.circles_of(dirty):
        _look_at_circle(scene, circle, in_circles)
        beside.update(circle)
    judged = dirty | beside
    for node in judged:
        findings = tuple(_judged(scene, node, in_circles))
        if findings:
            said[node] = findings
        else:
            said.pop(node, None)
    for node in gone:
        said.pop(node, None)
    return Ways(scene, in_circles, said), judged


def _look_at_circle(
    scene: Scene, circle: tuple[NodeId, ...], into: dict[NodeId, tuple[Finding, ...]]
) -> None:
    for node in circle:
        into.pop(node, None)
    for each in about_circle(scene, circle):
        if each.node is not None:
            node = NodeId(each.node)
            into[node] = (*into.get(node, ()), each)


def _is_at_ease(scene: Scene, node: NodeId) -> bool:
    """Whether calls come to a node and get away from it."""
    return bool(scene.coming[node] & MET and scene.ahead[node] & LEADS)


def _judged(scene: Scene, node: NodeId, in_circles: Said) -> Iterator[Finding]:
    """All that is to be said of a node."""
    step = scene.steps[node]
    yield from about_place(scene, node)
    yield from in_circles.get(node, ())
    if step.is_noted:
        for about in _ABOUT_NODES:
            yield from about(scene, node, step)


_ABOUT_NODES = (
    about_recursion,
    about_silent_end,
    about_reads,
    about_recording,
    about_kept_secrets,
    about_lost_digits,
)
