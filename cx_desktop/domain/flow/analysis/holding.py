"""What holds at each node of a flow: found for all of it, or anew where an edit has touched it."""

from collections.abc import Mapping

from cx_desktop.domain.flow.analysis.notices import ITEMS, items_in
from cx_desktop.domain.flow.analysis.pace import Pace
from cx_desktop.domain.flow.analysis.scene import Gain, Scene
from cx_desktop.domain.flow.analysis.signs import (
    AROUND,
    FIRST_ITEM,
    FORCED,
    STOPPING,
    STOPS,
)
from cx_desktop.domain.flow.analysis.spreading import Spread
from cx_desktop.domain.flow.analysis.steps import Step
from cx_desktop.domain.flow.graph import ExitId, NodeId
from cx_desktop.domain.flow.variables import covers

#: Nodes in which things may be said that are not written here.
_UNHEARD = frozenset({"subflow", "foreign"})
_BITS = {item: FIRST_ITEM << number for number, item in enumerate(ITEMS)}
_ALL_ITEMS = sum(_BITS.values())


def find_everywhere(scene: Scene) -> None:
    """Find what holds at every node."""
    _against(scene).everywhere()
    for node, step in scene.steps.items():
        _note(scene, node, step)
    _along(scene).everywhere()


def find_again(scene: Scene, changed: frozenset[NodeId], led: set[NodeId]) -> set[NodeId]:
    """Find what holds where nodes have changed; the nodes at which something else holds now.

    ``led`` are the nodes that these have led to before, or lead to now.
    """
    others = _against(scene).again(changed)
    choosing = {before for each in others for before in scene.into.get(each, ())}
    dirty = led | changed
    for node in choosing | changed:
        before = scene.gains.get(node)
        _note(scene, node, scene.steps[node])
        if scene.gains.get(node) != before:
            dirty.update(scene.onward(node))
    return others | _along(scene).again(dirty)


def _against(scene: Scene) -> Spread:
    """What is ahead of nodes: found against the links."""
    steps, ahead, into = scene.steps, scene.ahead, scene.into

    def value(node: NodeId) -> int:
        step = steps[node]
        follows = 0
        for target in step.onward:
            follows |= ahead[target]
        if follows & STOPPING and step.pace is Pace.ASKS:
            return step.gives | STOPS | _passed(step, follows, ahead)
        return step.gives | _passed(step, follows, ahead)

    return Spread(scene.order, ahead, value, lambda node: into.get(node, ()), is_forward=False)


def _passed(step: Step, follows: int, ahead: Mapping[NodeId, int]) -> int:
    """What a node passes on of what follows it: less where it is left for lack of anything else."""
    if not step.is_limited:
        return follows & step.passes
    passed = 0
    for way in step.ways:
        if way.target is not None:
            passed |= ahead[way.target] & step.passed_by(way.exit)
    return passed


def _along(scene: Scene) -> Spread:
    """What comes to nodes: found along the links."""
    coming, into, gains, entries = scene.coming, scene.into, scene.gains, scene.entries
    everything = _everything(scene)

    def value(node: NodeId) -> int:
        come = everything if node in entries else 0
        for before in into.get(node, ()):
            come |= _left(scene, before, node) if before in gains else coming[before]
        return come

    return Spread(scene.order, coming, value, scene.onward, is_forward=True)


def _everything(scene: Scene) -> int:
    last = max(scene.overview.judged.values(), default=FIRST_ITEM << (len(ITEMS) - 1))
    return last * 2 - 1


def _left(scene: Scene, node: NodeId, target: NodeId) -> int:
    """What still comes to a node from another one, by whatever exits lead to it."""
    gain = scene.gains[node]
    left = scene.coming[node] & ~gain.always
    if not gain.at:
        return left
    come = 0
    for way in scene.steps[node].ways:
        if way.target == target:
            come |= left & ~gain.at.get(way.exit, 0)
    return come


def _note(scene: Scene, node: NodeId, step: Step) -> None:
    """Note what a node says, sets and offers."""
    always = 0
    at: dict[ExitId, int] = {}
    if step.sets:
        always = _set(step, scene.overview.judged, at)
    if step.tests:
        _tested(step, scene.overview.judged, at)
    if scene.overview.records:
        always |= said_items(step)
        if step.kind in _UNHEARD or _offers(scene, step):
            always |= FORCED
    if always or at:
        scene.gains[node] = Gain(always, at)
    else:
        scene.gains.pop(node, None)


def _set(step: Step, judged: Mapping[str, int], at: dict[ExitId, int]) -> int:
    """The variables that a node sets for sure; others are noted at their exits."""
    always = 0
    is_sure = step.kind == "set_var" and len({way.target for way in step.ways}) == 1
    for each in step.sets:
        bits = _named(each.name, judged)
        if not bits:
            continue
        if each.exits is None or is_sure:
            always |= bits
        else:
            for way in each.exits:
                at[way] = at.get(way, 0) | bits
    return always


def _tested(step: Step, judged: Mapping[str, int], at: dict[ExitId, int]) -> None:
    """Where a case holds for a variable, somebody has thought of what it may be."""
    bits = 0
    for name in step.tests:
        bits |= judged.get(name, 0)
    for way in step.ways:
        if bits and way.exit.startswith("case:"):
            at[way.exit] = at.get(way.exit, 0) | bits


def _named(name: str, judged: Mapping[str, int]) -> int:
    if not name.endswith("*"):
        return judged.get(name, 0)
    return sum(bit for other, bit in judged.items() if covers(name, other))


def said_items(step: Step) -> int:
    """The items of a notice that a node tells; all of them where it cannot be known."""
    if step.kind in _UNHEARD or not step.words.is_whole:
        return _ALL_ITEMS
    return sum(_BITS[item] for item in items_in(step.words.text)) if step.words.text else 0


def _offers(scene: Scene, step: Step) -> bool:
    """Whether an answer of the caller leads on without the recording."""
    return step.pace is Pace.ASKS and any(
        way.target is not None
        and way.exit.startswith(("key_", "case:", "ok", "speech"))
        and scene.ahead[way.target] & AROUND
        for way in step.ways
    )
