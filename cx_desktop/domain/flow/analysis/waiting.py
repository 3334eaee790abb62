"""Keys that are pressed too early: while a message speaks that nothing can interrupt."""

from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import Findings, found
from cx_desktop.domain.flow.analysis.pace import Pace
from cx_desktop.domain.flow.analysis.scene import Scene
from cx_desktop.domain.flow.graph import NodeId

_LISTENING = frozenset({"menu", "collect"})


def about_lost_digits(scene: Scene) -> Findings:
    """Messages that ask for keys, cannot be interrupted, and lead to a question."""
    for node, step in scene.steps.items():
        if step.drops_digits and _asks_next(scene, node):
            yield found(rules.DIGITS_LOST, node, name="barge_in")


def _asks_next(scene: Scene, node: NodeId) -> bool:
    """Whether a question comes next, with nothing but instant nodes before it."""
    met = {node}
    waiting = [node]
    while waiting:
        for target in scene.onward(waiting.pop()):
            if target in met:
                continue
            met.add(target)
            if scene.steps[target].kind in _LISTENING:
                return True
            if scene.steps[target].pace is Pace.INSTANT:
                waiting.append(target)
    return False
