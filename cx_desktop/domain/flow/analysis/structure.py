"""Where calls can come, and where they cannot get away from, or only by being cut off."""

from collections.abc import Iterable

from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import Findings, found
from cx_desktop.domain.flow.analysis.pace import Pace
from cx_desktop.domain.flow.analysis.scene import Scene
from cx_desktop.domain.flow.graph import NodeId


def about_no_way_out(scene: Scene, met: set[NodeId]) -> tuple[set[NodeId], Findings]:
    """The nodes from which no call comes to an end, and the findings at those one enters by."""
    held = met - _leading(scene, met, (each for each in met if scene.steps[each].ends))
    return held, _entered(scene, met, held)


def _entered(scene: Scene, met: set[NodeId], held: set[NodeId]) -> Findings:
    if not held:
        return
    entries = {each for each in scene.entries if each in held}
    for node in met - held:
        entries.update(each for each in scene.onward(node) if each in held)
    for node in scene.steps:
        if node in entries:
            yield found(rules.NO_WAY_OUT, node)


def _leading(scene: Scene, met: set[NodeId], ends: Iterable[NodeId]) -> set[NodeId]:
    """The nodes from which some way leads to one of these; a hang-up of the caller is none."""
    into: dict[NodeId, list[NodeId]] = {}
    for node in met:
        for way in scene.steps[node].ways:
            if way.target is not None and way.exit != "hangup":
                into.setdefault(way.target, []).append(node)
    leading = set(ends)
    waiting = list(leading)
    while waiting:
        for node in into.get(waiting.pop(), ()):
            if node not in leading:
                leading.add(node)
                waiting.append(node)
    return leading


#: By which exits something that was tried for the caller has failed.
_FAILURES = {
    "lookup": frozenset({"http_error", "timeout", "not_found"}),
    "transfer_queue": frozenset({"full", "no_agent", "timeout", "failed"}),
    "transfer_number": frozenset({"no_answer", "busy", "failed"}),
    "callback": frozenset({"invalid_number", "failed"}),
}
#: Required exits that lead nowhere are found anyway.
_OPTIONAL = frozenset({("callback", "failed")})


def about_silent_ends(scene: Scene, met: set[NodeId]) -> Findings:
    """Exits of failures after which the caller hears no word before the line is cut."""
    mute = _mute(scene, met)
    for node in scene.steps:
        step = scene.steps[node]
        failures = _FAILURES.get(step.kind)
        if failures is None or node not in met:
            continue
        for way in step.ways:
            is_cut = way.target in mute or (
                way.target is None and (step.kind, way.exit) in _OPTIONAL
            )
            if way.exit in failures and is_cut:
                yield found(rules.SILENT_END, node, way=way.exit)
                break  # one word about a node is enough


def _mute(scene: Scene, met: set[NodeId]) -> set[NodeId | None]:
    """The nodes from which the only way is a hang-up without a word."""
    mute: set[NodeId | None] = {each for each in met if scene.steps[each].is_mute_end}
    passing = [
        (each, next(iter(targets)))
        for each in met
        if scene.steps[each].pace is Pace.INSTANT
        and len(targets := {way.target for way in scene.steps[each].ways}) == 1
    ]
    has_grown = bool(mute)
    while has_grown:
        more = {node for node, target in passing if target in mute} - mute
        mute |= more
        has_grown = bool(more)
    return mute
