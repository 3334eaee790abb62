"""Keys that are pressed too early: while a message speaks that nothing can interrupt."""

from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import Findings, found
from cx_desktop.domain.flow.analysis.scene import Scene
from cx_desktop.domain.flow.analysis.signs import ASKED
from cx_desktop.domain.flow.analysis.steps import Step
from cx_desktop.domain.flow.graph import NodeId


def about_lost_digits(scene: Scene, node: NodeId, step: Step) -> Findings:
    """A message that asks for keys, cannot be interrupted, and leads to a question."""
    if step.drops_digits and any(scene.ahead[each] & ASKED for each in step.onward):
        yield found(rules.DIGITS_LOST, node, name="barge_in")
