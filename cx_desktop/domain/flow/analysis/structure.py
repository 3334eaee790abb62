"""Where calls can come, and where they cannot get away from, or only by being cut off."""

from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import Findings, found
from cx_desktop.domain.flow.analysis.scene import Scene
from cx_desktop.domain.flow.analysis.signs import MUTE
from cx_desktop.domain.flow.analysis.steps import Step
from cx_desktop.domain.flow.behaviour import FAILURES
from cx_desktop.domain.flow.graph import NodeId


def about_place(scene: Scene, node: NodeId) -> Findings:
    """Whether calls come to a node at all, and whether they enter by it what nothing ends."""
    if not scene.is_met(node):
        yield found(rules.UNREACHABLE, node)
    elif scene.is_held(node) and _is_entered(scene, node):
        yield found(rules.NO_WAY_OUT, node)


def _is_entered(scene: Scene, node: NodeId) -> bool:
    """Whether calls come to a node from where they could still have ended."""
    return node in scene.entries or any(
        scene.is_met(each) and not scene.is_held(each) for each in scene.into.get(node, ())
    )


#: Required exits that lead nowhere are found anyway.
_OPTIONAL = frozenset({("callback", "failed")})


#: What these do is not heard: where they fail and succeed alike, nothing is lost for the caller.
_QUIET = frozenset({"lookup"})


def about_silent_end(scene: Scene, node: NodeId, step: Step) -> Findings:
    """The first exit of a failure after which the caller hears no word before the line is cut."""
    failures = FAILURES.get(step.kind)
    if failures is None or not scene.is_met(node):
        return
    usual = step.ways[0].target if step.kind in _QUIET else None
    for way in step.ways:
        if usual is not None and way.target == usual:
            continue  # the call ends so in any case
        if way.exit in failures and _is_cut(scene, step.kind, way.exit, way.target):
            yield found(rules.SILENT_END, node, way=way.exit)
            return  # one word about a node is enough


def _is_cut(scene: Scene, kind: str, way: str, target: NodeId | None) -> bool:
    if target is None:
        return (kind, way) in _OPTIONAL
    return bool(scene.ahead[target] & MUTE)
