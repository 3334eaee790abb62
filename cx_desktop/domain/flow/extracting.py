"""Some nodes of a flow made a flow of their own, which the first one calls in their place.

A call hears the same afterwards. It comes into the nodes by one of them only; each node outside
that they lead to becomes an outcome, given back by a ``return``. Variables of the call are shared
by all flows; those that belong to the flow alone are handed in and back. Where it could not stay
the same (two ways in, a ``return`` among the nodes, steps that take calls without a link), it is
refused, and said why.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from cx_desktop.domain.flow import edits
from cx_desktop.domain.flow.edits import Changes
from cx_desktop.domain.flow.graph import (
    ExitId,
    Flow,
    Link,
    Node,
    NodeId,
    Note,
    NoteId,
    Slot,
    document_of,
)
from cx_desktop.domain.flow.kind import Family, Unlinked
from cx_desktop.domain.flow.kinds import SETTINGS, exits_of, kind_of
from cx_desktop.domain.flow.linking import Refusal
from cx_desktop.domain.flow.variables import assigned_by, is_predefined, read_by
from cx_desktop.domain.patch import Change, Document, based, coalesce

#: How far the entry of the new flow lies before its nodes, and its returns behind them.
GAP = 304.0
_ROW = 88.0


class Extracted(Struct, frozen=True):
    """The new flow, and what becomes of the one it was taken out of."""

    inner: Flow
    changes: Changes
    call: NodeId
    """The node that calls the new flow."""


class _Cut(Struct, frozen=True):
    """Where the chosen nodes are cut out of their flow."""

    chosen: tuple[NodeId, ...]
    entry: NodeId
    into: tuple[Link, ...]
    """The links from outside that lead to the entry."""
    out: tuple[Link, ...]
    """The links that lead outside."""

    @property
    def targets(self) -> tuple[NodeId, ...]:
        """The nodes outside that they lead to."""
        return tuple(dict.fromkeys(each.target for each in self.out))


def extract(
    flow: Flow,
    nodes: Iterable[NodeId],
    notes: Iterable[NoteId] = (),
    *,
    flow_id: str,
    title: str,
    called: Callable[[Node], str] = lambda node: node.title or node.id,
) -> Extracted | Refusal:
    """Make nodes, and the notes beside them, a flow of its own that has this id.

    ``title`` is what the node that calls it is called; ``called`` what other nodes are called.
    """
    chosen = tuple(dict.fromkeys(each for each in nodes if each in flow.nodes))
    cut = _cut(flow, chosen, called)
    if isinstance(cut, Refusal):
        return cut
    outcomes = _outcomes(flow, cut, called)
    kept_notes = [flow.notes[each] for each in dict.fromkeys(notes) if each in flow.notes]
    inner = _inner(flow, cut, outcomes, kept_notes)
    call = _call(flow, cut, outcomes, flow_id, title)
    return Extracted(inner, _outer(flow, cut, outcomes, call, kept_notes), call.id)


def _cut(flow: Flow, chosen: tuple[NodeId, ...], called: Callable[[Node], str]) -> _Cut | Refusal:
    if not chosen:
        return Refusal("refusal.extract-nothing")
    inside = frozenset(chosen)
    refusal = _unfit(flow, inside, called)
    if refusal is not None:
        return refusal
    links = tuple(flow.each_link())
    into = tuple(each for each in links if each.target in inside and each.node not in inside)
    out = tuple(each for each in links if each.node in inside and each.target not in inside)
    entries = tuple(dict.fromkeys([*(each.target for each in into), *_jumps(flow, inside)]))
    if len(entries) > 1:
        names = ", ".join(f"« {called(flow.nodes[each])} »" for each in entries[:3])
        return Refusal("refusal.extract-entries", {"count": len(entries), "names": names})
    entry = next(iter(entries), None) or _first(flow, chosen)
    if entry is None:
        return Refusal("refusal.extract-no-entry")
    counting = next((flow.nodes[each] for each in chosen if _counts(flow.nodes[each])), None)
    if counting is not None and _comes_back(flow, inside):
        return Refusal("refusal.extract-loop", {"name": called(counting)})
    return _Cut(chosen, entry, into, tuple(each for each in out if each.target in flow.nodes))


def _counts(node: Node) -> bool:
    """Whether a node counts rounds for this flow alone: a flow that is called begins anew."""
    return node.kind == "loop" and not node.props.get("counter")


def _comes_back(flow: Flow, inside: frozenset[NodeId]) -> bool:
    """Whether a call that has left the chosen nodes can come to them again."""
    waiting = [target for each in inside for target in flow.links.get(each, {}).values()]
    seen: set[NodeId] = set()
    while waiting:
        node = waiting.pop()
        if node in inside or node in seen or node not in flow.nodes:
            continue
        seen.add(node)
        jump = flow.nodes[node].props.get("target")
        onward = [*flow.links.get(node, {}).values()]
        onward += [NodeId(jump)] if isinstance(jump, str) else []
        if not inside.isdisjoint(onward):
            return True
        waiting += onward
    return False


def _unfit(flow: Flow, inside: frozenset[NodeId], called: Callable[[Node], str]) -> Refusal | None:
    """Why a call would not hear the same afterwards."""
    for node in (each for key, each in flow.nodes.items() if key in inside):
        if node.kind in ("start", "return"):
            return Refusal(f"refusal.extract-{node.kind}", {"name": called(node)})
        target = node.props.get("target")
        if node.kind == "goto_node" and target not in inside:
            return Refusal("refusal.extract-jump", {"name": called(node)})
    for each in SETTINGS:
        handler = NodeId(str(flow.meta.get(each.name)))
        if each.refers_to != "node" or handler not in flow.nodes:
            continue
        if handler in inside or _takes_from(flow, inside, each.name):
            key = f"refusal.extract-{each.name.replace('_', '-')}"
            return Refusal(key, {"name": called(flow.nodes[handler])})
    return None


def _takes_from(flow: Flow, inside: frozenset[NodeId], setting: str) -> bool:
    """Whether a step that no link leads to takes calls from the chosen nodes."""
    nodes = [flow.nodes[each] for each in inside]
    match setting:
        case "operator":
            return any(kind_of(each).family is Family.INPUT for each in nodes)
        case "on_error":
            return any(map(_fails_unlinked(flow), nodes))
        case _:  # a caller hangs up, and time is over, anywhere
            return True


def _fails_unlinked(flow: Flow) -> Callable[[Node], bool]:
    def fails(node: Node) -> bool:
        if node.kind in ("goto_node", "goto_flow"):
            return True
        ways = (each.id for each in exits_of(node) if each.unlinked is Unlinked.ERROR)
        return any(flow.target(node.id, way) not in flow.nodes for way in ways)

    return fails


def _jumps(flow: Flow, inside: frozenset[NodeId]) -> Iterator[NodeId]:
    """The chosen nodes to which a step outside jumps."""
    for node in flow.nodes.values():
        target = node.props.get("target")
        if node.kind == "goto_node" and node.id not in inside and target in inside:
            yield NodeId(str(target))


def _first(flow: Flow, chosen: tuple[NodeId, ...]) -> NodeId | None:
    """The one chosen node that no other one leads to, where nothing leads there from outside."""
    reached = {each.target for each in flow.each_link() if each.node != each.target}
    first = [each for each in chosen if each not in reached]
    return first[0] if len(first) == 1 else None


def _outcomes(
    flow: Flow, cut: _Cut, called: Callable[[Node], str]
) -> dict[NodeId, tuple[str, str]]:
    """For each node outside, the outcome that leads there, and what it is called."""
    stems = [_UNFIT.sub("_", each)[:40] or "way" for each in cut.targets]
    names = edits.fresh_ids(stems, ())
    return {
        target: (name, called(flow.nodes[target]))
        for target, name in zip(cut.targets, names, strict=True)
    }


_UNFIT = re.compile(r"[^A-Za-z0-9_.-]")


def _inner(
    flow: Flow, cut: _Cut, outcomes: dict[NodeId, tuple[str, str]], notes: list[Note]
) -> Flow:
    nodes = {each: flow.nodes[each] for each in cut.chosen}
    left = min(each.x for each in nodes.values())
    right = max(each.x for each in nodes.values())
    top = min(each.y for each in nodes.values())
    names = edits.fresh_ids(["start", *(f"return_{each}" for each, _ in outcomes.values())], nodes)
    language = flow.nodes[flow.start].props.get("spoken_language") if flow.start else None
    start = Node(
        NodeId(names[0]),
        "start",
        props={"spoken_language": language} if language else {},
        x=left - GAP,
        y=nodes[cut.entry].y,
    )
    returns = {
        target: Node(
            NodeId(name),
            "return",
            title=label,
            props={"outcome": outcome},
            x=right + GAP,
            y=top + row * _ROW,
        )
        for row, (name, (target, (outcome, label))) in enumerate(
            zip(names[1:], outcomes.items(), strict=True)
        )
    }
    links = {start.id: {ExitId("next"): cut.entry}}
    for each in cut.chosen:
        ways = {
            way: returns[target].id if target in returns else target
            for way, target in flow.links.get(each, {}).items()
            if target in flow.nodes
        }
        if ways:
            links[each] = ways
    handlers = {each.name for each in SETTINGS if each.refers_to == "node"}
    return Flow(
        meta={name: value for name, value in flow.meta.items() if name not in handlers},
        nodes={start.id: start, **nodes, **{each.id: each for each in returns.values()}},
        links=links,
        notes={each.id: each for each in notes},
    )


def _call(
    flow: Flow,
    cut: _Cut,
    outcomes: dict[NodeId, tuple[str, str]],
    flow_id: str,
    title: str,
) -> Node:
    """The node that calls the new flow, where its entry was."""
    given, back = _handed(flow, cut)
    props: Document = {"flow": flow_id}
    if outcomes:
        props["outcomes"] = [{"id": name, "label": label} for name, label in outcomes.values()]
    for name, variables in (("inputs", given), ("outputs", back)):
        if variables:
            props[name] = [{"variable": each, "expression": each} for each in variables]
    entry = flow.nodes[cut.entry]
    name = edits.fresh_node_id(flow, "subflow")
    return Node(name, "subflow", title, props, entry.x, entry.y)


def _handed(flow: Flow, cut: _Cut) -> tuple[list[str], list[str]]:
    """The variables of this flow alone that the chosen nodes read, and those that they set.

    A variable that nobody here sets may have been handed to this flow: it is handed on.
    """
    inside = [flow.nodes[each] for each in cut.chosen]
    outside = [node for key, node in flow.nodes.items() if key not in cut.chosen]
    reads = dict.fromkeys(each.name for node in inside for each in read_by(node))
    known = {each.name for node in flow.nodes.values() for each in assigned_by(node)}
    own_there = {name for node in outside for name in _own(node)}
    given = [
        name
        for name in reads
        if _PLAIN.fullmatch(name)
        and not is_predefined(name)
        and (name in own_there or name not in known)
    ]
    read_there = {each.name for node in outside for each in read_by(node)}
    back = dict.fromkeys(name for node in inside for name in _own(node) if name in read_there)
    return given, [name for name in back if _PLAIN.fullmatch(name)]


def _own(node: Node) -> Iterator[str]:
    """The variables that a node sets for this flow alone."""
    if node.props.get("scope") == "flow":
        yield from (each.name for each in assigned_by(node))


_PLAIN = re.compile(r"[^\W\d]\w*")


def _outer(
    flow: Flow,
    cut: _Cut,
    outcomes: dict[NodeId, tuple[str, str]],
    call: Node,
    notes: list[Note],
) -> Changes:
    changes = [*edits.remove(flow, cut.chosen, [each.id for each in notes]), *edits.put_node(call)]
    for each in cut.into:
        changes += edits.link(Slot(each.node, each.exit), call.id)
    for target, (name, _label) in outcomes.items():
        changes += edits.link(Slot(call.id, ExitId(f"case:{name}")), target)
    for node in flow.nodes.values():
        jumps_in = node.kind == "goto_node" and node.props.get("target") == cut.entry
        if jumps_in and node.id not in cut.chosen:
            changes += edits.set_prop(flow, node.id, "target", call.id)
    changes += _last_resort(flow, cut, call, has_outcomes=bool(outcomes))
    return coalesce(based(document_of(flow), changes))


def _last_resort(flow: Flow, cut: _Cut, call: Node, *, has_outcomes: bool) -> Changes:
    """Where the call goes on when the new flow cannot be reached, or gives back what is not known.

    Where something inside failed before, else an end of its own: both exits must lead somewhere.
    """
    ways = [ExitId("error")] if has_outcomes else [ExitId("next"), ExitId("error")]
    failed = next((each.target for each in cut.out if each.exit in ("error", "failed")), None)
    made: list[Change] = []
    if failed is None:
        failed = NodeId(edits.fresh_ids(["hangup"], [*flow.nodes, call.id])[0])
        made += edits.put_node(Node(failed, "hangup", x=call.x + GAP, y=call.y + 2 * _ROW))
    for way in ways:
        made += edits.link(Slot(call.id, way), failed)
    return tuple(made)
