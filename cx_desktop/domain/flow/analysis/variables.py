"""Variables that a node reads before some way has set them, and those nobody sets."""

from collections.abc import Callable, Iterable

from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import Findings, found
from cx_desktop.domain.flow.analysis.scene import Scene
from cx_desktop.domain.flow.analysis.steps import Step
from cx_desktop.domain.flow.graph import NodeId

#: Properties in which a blank does harm: it is said or sent to the caller, dialled, or asked for.
_HEARD = frozenset(
    {
        *("prompt", "retry_prompts", "prompts", "waiting_prompt", "offer_prompt", "greeting"),
        *("announce", "notice", "number", "presented_number", "recipient", "url"),
    }
)
_TO_THE_CALLER = frozenset({("send_sms", "message")})


def about_reads(scene: Scene, node: NodeId, step: Step) -> Findings:
    """The findings of what a node reads: one for each property."""
    if not step.reads:
        return
    judged = scene.overview.judged
    lacking = 0 if step.asks_blank else scene.coming[node]
    for name, names in _by_property(step, lambda each: bool(judged.get(each, 0) & lacking)):
        is_heard = name in _HEARD or (step.kind, name) in _TO_THE_CALLER
        rule = rules.UNSET_HEARD if is_heard else rules.UNSET_KEPT
        yield found(rule, node, name=name, params={"names": ", ".join(names)})
    for name, names in _by_property(step, scene.overview.unknown.__contains__):
        yield found(rules.NEVER_SET, node, name=name, params={"names": ", ".join(names)})


def _by_property(step: Step, is_lost: Callable[[str], bool]) -> Iterable[tuple[str, list[str]]]:
    """The variables that are lost in each property."""
    lost: dict[str, list[str]] = {}
    for each in step.reads:
        if is_lost(each.name):
            lost.setdefault(each.property, []).append(each.name)
    return lost.items()
