"""Widgets for nodes that no Studio file has said anything of yet.

What Studio has no widget for is asked of a function: it answers by which exit the call goes on.
"""

from collections.abc import Callable, Mapping

from cx_desktop.domain.flow.behaviour.step import Setting, Step
from cx_desktop.domain.flow.formats import ImportNote
from cx_desktop.domain.flow.formats.twilio.asking import collect_states, menu_states
from cx_desktop.domain.flow.formats.twilio.making import (
    Made,
    Namer,
    is_left_out,
    match_of,
    prompt_only,
    state,
    transition,
    trigger,
    widget,
)
from cx_desktop.domain.flow.formats.twilio.rules import rule_for
from cx_desktop.domain.flow.graph import ExitId, Flow, Node
from cx_desktop.domain.flow.kinds import exits_of, kind_of
from cx_desktop.domain.patch import Document, Json

#: What ends a conversation with another number, as Studio says it, and the exit it is.
_DIALLED = (("busy", "busy"), ("no-answer", "no_answer"), ("failed", "failed"))
#: One more than a variable, which may not have a value yet.
_INCREASED = "{{% if {path} %}}{{{{{path} | plus: 1}}}}{{% else %}}1{{% endif %}}"
_FAILURES = ("error", "failed", "http_error")


def fresh_states(flow: Flow, node: Node, namer: Namer) -> Made:
    """The widgets of a node, none for one that Studio does without."""
    if is_left_out(node):
        is_lost = node.kind not in {"answer", "hangup", "goto_node"}
        return Made([], [_note("twilio-left-out", node)] if is_lost else [])
    make = _MAKERS.get(node.kind)
    if make is not None:
        return make(flow, node, namer)
    rule = rule_for(node.kind, node.props)
    if rule is None:
        return _function(flow, node, namer)
    notes: list[ImportNote] = []
    return Made([widget(flow, node, rule, namer, notes)], notes)


def _note(what: str, node: Node) -> ImportNote:
    return ImportNote(f"import.{what}", {"kind": node.kind}, node.id)


def _function(flow: Flow, node: Node, namer: Namer) -> Made:
    """A function of the user's that decides, and a split upon what it says."""
    links = flow.links.get(node.id, {})
    exits = [way.id for way in exits_of(node)]
    targets = {way: namer.target(links.get(way)) for way in exits}
    name = namer.name(node.id)
    failing = next((targets[ExitId(way)] for way in _FAILURES if ExitId(way) in targets), "")
    made = Made([], [_note("twilio-function", node)])
    decided = targets[exits[0]] if len(exits) == 1 else ""
    if len(exits) > 1:
        decided = namer.free(f"{name}_way")
    ways = [transition("success", decided), transition("fail", failing)]
    parameters: list[Json] = [{"key": "kind", "value": node.kind}]
    settings: Document = {"url": "", "parameters": parameters}
    made.states.append(state(node, name, "run-function", ways, settings))
    if len(exits) > 1:
        cases = [(str(way), targets[way]) for way in exits]
        made.states.append(_split(node, decided, f"widgets.{name}.parsed.exit", cases, ""))
    return made


def _split(
    node: Node, name: str, path: str, cases: list[tuple[str, str]], otherwise: str
) -> Document:
    """A split that compares a value with each of these."""
    ways: list[Json] = [transition("noMatch", otherwise)]
    for value, target in cases:
        row: Document = {"operator": "equals", "value": value}
        ways.append(match_of(row, f"`{path}`", target, None))
    return state(node, name, "split-based-on", ways, {"input": f"{{{{{path}}}}}"})


def _start(flow: Flow, node: Node, namer: Namer) -> Made:
    return Made([trigger(flow, node, namer)], [])


def _hangup(_flow: Flow, node: Node, namer: Namer) -> Made:
    """Last words: Studio hangs up where nothing follows."""
    notes: list[ImportNote] = []
    said = prompt_only(node, notes)
    ways = [transition("audioComplete")]
    return Made([state(node, namer.name(node.id), "say-play", ways, {"loop": 1, **said})], notes)


def _loop(flow: Flow, node: Node, namer: Namer) -> Made:
    """A counter, a split upon it, and the counter set back at the end."""
    links = flow.links.get(node.id, {})
    name, step = namer.name(node.id), Step(node, Setting())
    counter = step.text("counter") or f"{name.replace('-', '_')}_rounds"
    check, path = namer.free(f"{name}_check"), f"flow.variables.{counter}"
    done = namer.target(links.get(ExitId("done")))
    count: list[Json] = [{"key": counter, "value": _INCREASED.format(path=path)}]
    states = [state(node, name, "set-variables", [transition("next", check)], {"variables": count})]
    if step.text("reset") != "never":
        back: list[Json] = [{"key": counter, "value": "0"}]
        reset = namer.free(f"{name}_reset")
        ways = [transition("next", done)]
        states.append(state(node, reset, "set-variables", ways, {"variables": back}))
        done = reset
    row: Document = {"operator": "greater", "value": str(step.whole("loops"))}
    over = [
        transition("noMatch", namer.target(links.get(ExitId("again")))),
        match_of(row, f"`{path}`", done, None),
    ]
    states.append(state(node, check, "split-based-on", over, {"input": f"{{{{{path}}}}}"}))
    return Made(states, [])


def _transfer(flow: Flow, node: Node, namer: Namer) -> Made:
    """A call to another number, and a split upon how it ended.

    Studio stays in the call until that is known, whatever the transfer's mode.
    """
    links = flow.links.get(node.id, {})
    rule = rule_for(node.kind, node.props)
    assert rule is not None  # noqa: S101 - the rules have one for this kind
    unsaid: list[ImportNote] = []
    made = widget(flow, node, rule, namer, unsaid)
    notes = [each for each in unsaid if each.key != "import.twilio-exit"]  # the split tells them
    if kind_of(node).filled(node.props)["transfer_mode"] == "blind":
        notes.append(_note("twilio-blind", node))
    name = namer.name(node.id)
    outcome = namer.free(f"{name}_outcome")
    busy = ExitId("busy" if ExitId("busy") in links else "no_answer")
    ways: Mapping[str, ExitId] = {"busy": busy}
    cases = [(said, namer.target(links.get(ways.get(way, ExitId(way))))) for said, way in _DIALLED]
    answered = namer.target(links.get(ExitId("answered")))
    called = [transition("callCompleted", outcome), transition("hangup")]
    split = _split(node, outcome, f"widgets.{name}.DialCallStatus", cases, answered)
    return Made([{**made, "transitions": called}, split], notes)


def _goto_flow(flow: Flow, node: Node, namer: Namer) -> Made:
    """A sub-flow that nothing follows."""
    del flow
    settings: Document = {"flow_sid": str(node.props.get("flow", ""))}
    settings["flow_revision"] = "LatestPublished"
    ways = [transition("completed"), transition("failed")]
    return Made([state(node, namer.name(node.id), "run-subflow", ways, settings)], [])


_MAKERS: Mapping[str, Callable[[Flow, Node, Namer], Made]] = {
    "start": _start,
    "hangup": _hangup,
    "menu": menu_states,
    "collect": collect_states,
    "loop": _loop,
    "transfer_number": _transfer,
    "goto_flow": _goto_flow,
}
