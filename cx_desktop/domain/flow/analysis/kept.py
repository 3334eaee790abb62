"""Confidential digits on their way through a flow: where they are kept, or sent."""

from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import Findings, found
from cx_desktop.domain.flow.analysis.scene import Scene


def about_kept_secrets(scene: Scene) -> Findings:
    """Confidential digits, or what is made from them, that are kept or sent."""
    secret = {each.name for step in scene.steps.values() if step.keeps_secret for each in step.sets}
    if not secret:
        return
    for node, step in scene.steps.items():
        for name in step.keeps:
            told = [
                each.name for each in step.reads if each.property == name and each.name in secret
            ]
            if told:
                params = {"names": ", ".join(told)}
                yield found(rules.SENSITIVE_KEPT, node, name=name, params=params)
