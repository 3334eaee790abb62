"""Confidential digits on their way through a flow: where they are kept, or sent."""

from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import Findings, found
from cx_desktop.domain.flow.analysis.scene import Scene
from cx_desktop.domain.flow.analysis.steps import Step
from cx_desktop.domain.flow.graph import NodeId


def about_kept_secrets(scene: Scene, node: NodeId, step: Step) -> Findings:
    """Confidential digits, or what is made from them, that a node keeps or sends."""
    secret = scene.overview.secret
    if not secret:
        return
    for name in step.keeps:
        told = [each.name for each in step.reads if each.property == name and each.name in secret]
        if told:
            yield found(rules.SENSITIVE_KEPT, node, name=name, params={"names": ", ".join(told)})
