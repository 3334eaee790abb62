"""Recordings: announced with all eight items on every way to them, and not forced on callers."""

from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import Findings, found
from cx_desktop.domain.flow.analysis.holding import said_items
from cx_desktop.domain.flow.analysis.notices import ITEMS
from cx_desktop.domain.flow.analysis.scene import Scene
from cx_desktop.domain.flow.analysis.signs import FIRST_ITEM, FORCED, STOPS
from cx_desktop.domain.flow.analysis.steps import Step
from cx_desktop.domain.flow.graph import NodeId

_BITS = {item: FIRST_ITEM << number for number, item in enumerate(ITEMS)}
_ALL = sum(_BITS.values())


def about_recording(scene: Scene, node: NodeId, step: Step) -> Findings:
    """The findings of a node that starts a recording."""
    if not step.records or not scene.is_met(node):
        return
    coming = scene.coming[node]
    yield from _about_notice(node, step, coming & _ALL)
    is_forced = coming & FORCED and not scene.ahead[node] & STOPS
    if is_forced and not scene.overview.is_subflow:
        yield found(rules.NO_REFUSAL, node, name=step.records)


def _about_notice(node: NodeId, step: Step, lacking: int) -> Findings:
    """What some way to a recording leaves unsaid."""
    if step.records == "notice":
        if not step.words.text and step.words.is_whole:
            return
        lacking &= ~said_items(step)
    if not lacking:
        return
    if step.records == "record" and lacking & _BITS["existence"]:
        yield found(rules.RECORDED_UNTOLD, node, name="record")
        return
    items = ", ".join(item for item in ITEMS if lacking & _BITS[item])
    yield found(rules.NOTICE_INCOMPLETE, node, name=step.records, params={"items": items})
