"""Variables that a node reads before some way has set them, and those nobody sets."""

from collections.abc import Iterable, Mapping

from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import Findings, found
from cx_desktop.domain.flow.analysis.scene import Scene
from cx_desktop.domain.flow.analysis.steps import Step
from cx_desktop.domain.flow.analysis.valued import Gain, missing
from cx_desktop.domain.flow.graph import ExitId, NodeId
from cx_desktop.domain.flow.variables import Assigned, covers, is_predefined

#: Properties in which a blank does harm: it is said or sent to the caller, dialled, or asked for.
_HEARD = frozenset(
    {
        *("prompt", "retry_prompts", "prompts", "waiting_prompt", "offer_prompt", "greeting"),
        *("announce", "notice", "number", "presented_number", "recipient", "url"),
    }
)
_TO_THE_CALLER = frozenset({("send_sms", "message")})


def about_variables(scene: Scene) -> Findings:
    """The findings of what is read."""
    read = {each.name for step in scene.steps.values() for each in step.reads}
    names = [each for each in read if not is_predefined(each)]
    if not names:
        return
    assigned = [each for step in scene.steps.values() for each in step.sets]
    known = {each for each in names if _is_set(each, assigned)}
    judged = sorted(known - _kept(scene) - _counters(scene))
    bits = {name: 1 << number for number, name in enumerate(judged)}
    lacks = missing(scene, _gains(scene, bits), (1 << len(bits)) - 1) if bits else {}
    unknown = _unknown(scene, set(names) - known)
    for node, step in scene.steps.items():
        if step.reads:
            yield from _about_reads(node, step, lacks.get(node, 0), bits)
            yield from _about_unknown(node, step, unknown)


def _is_set(name: str, assigned: Iterable[Assigned]) -> bool:
    """Whether a node of this flow sets a variable by its own name."""
    return any(each.name == name for each in assigned)


def _kept(scene: Scene) -> set[str]:
    """Variables that a caller may bring along from an earlier call."""
    return {
        each.name
        for step in scene.steps.values()
        if step.kind == "set_var" and step.keeps
        for each in step.sets
    }


def _counters(scene: Scene) -> set[str]:
    """Variables that are counted up from nothing: blank is where they begin."""
    return {
        each.name
        for step in scene.steps.values()
        if step.kind == "set_var"
        for each in step.sets
        if any(read.name == each.name for read in step.reads)
    }


def _gains(scene: Scene, bits: Mapping[str, int]) -> dict[NodeId, Gain]:
    return {node: _gain(step, bits) for node, step in scene.steps.items() if step.sets}


def _gain(step: Step, bits: Mapping[str, int]) -> Gain:
    always = 0
    at: dict[ExitId, int] = {}
    is_sure = step.kind == "set_var" and len({way.target for way in step.ways}) == 1
    for each in step.sets:
        facts = _facts(each.name, bits)
        if each.exits is None or is_sure:
            always |= facts
        else:
            for way in each.exits:
                at[way] = at.get(way, 0) | facts
    return Gain(always, at)


def _facts(name: str, bits: Mapping[str, int]) -> int:
    if not name.endswith("*"):
        return bits.get(name, 0)
    return sum(bit for other, bit in bits.items() if covers(name, other))


def _about_reads(node: NodeId, step: Step, lacking: int, bits: Mapping[str, int]) -> Findings:
    """One finding for each property that reads what may not be set yet."""
    lost: dict[str, list[str]] = {}
    for each in step.reads:
        if bits.get(each.name, 0) & lacking:
            lost.setdefault(each.property, []).append(each.name)
    for name, names in lost.items():
        is_heard = name in _HEARD or (step.kind, name) in _TO_THE_CALLER
        rule = rules.UNSET_HEARD if is_heard else rules.UNSET_KEPT
        yield found(rule, node, name=name, params={"names": ", ".join(names)})


def _about_unknown(node: NodeId, step: Step, unknown: set[str]) -> Findings:
    lost: dict[str, list[str]] = {}
    for each in step.reads:
        if each.name in unknown:
            lost.setdefault(each.property, []).append(each.name)
    for name, names in lost.items():
        yield found(rules.NEVER_SET, node, name=name, params={"names": ", ".join(names)})


def _unknown(scene: Scene, names: set[str]) -> set[str]:
    """The names that no flow of the project sets; none where the other flows are not known."""
    facts = scene.context.flow_facts
    if facts is None or not names:
        return set()
    assigned = {each.name for step in scene.steps.values() for each in step.sets}
    for each in facts.values():
        assigned |= each.sets
    return {name for name in names if not any(covers(each, name) for each in assigned)}
