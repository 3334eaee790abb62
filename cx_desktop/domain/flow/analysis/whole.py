"""The analysis of a flow, kept while it is edited: what an edit did not touch is not done again.

Each node is looked at by itself and summed up in a step (``steps.py``); the rules about ways see
steps alone (``ways.py``). After an edit only the nodes it changed are looked at, and the rules
about ways run again only where a step has changed, or something else holds because of that.
"""

from collections.abc import Iterable, Mapping
from itertools import chain, compress
from operator import eq, is_not
from typing import NamedTuple, TypeVar

from cx_desktop.domain.finding import Finding
from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import NO_LINKS, Look
from cx_desktop.domain.flow.analysis.scene import entries_of
from cx_desktop.domain.flow.analysis.seeing import Seen, see
from cx_desktop.domain.flow.analysis.settings import about_flow, about_orphaned_links, spoken_in
from cx_desktop.domain.flow.analysis.steps import Step
from cx_desktop.domain.flow.analysis.ways import Said, Ways, after, ways_of
from cx_desktop.domain.flow.graph import Flow, NodeId
from cx_desktop.domain.flow.kinds import exits_of, kind_of
from cx_desktop.domain.flow.references import Context

Value = TypeVar("Value")


class Analysis(NamedTuple):
    """What the rules say of one flow, with all that makes the next answer cheap."""

    flow: Flow
    context: Context
    language: str
    """In which the flow speaks."""
    steps: Mapping[NodeId, Step]
    own: Said
    """What nodes say for themselves, where they say something."""
    ways: Ways
    """What the rules about ways say."""
    said: Said
    """All that is said, by node."""
    of_flow: tuple[Finding, ...]
    """What is said of the flow as a whole."""
    orphans: tuple[Finding, ...]
    """What is said of links without a node."""
    findings: tuple[Finding, ...]

    def after(self, flow: Flow, context: Context | None = None) -> "Analysis":
        """The analysis of the flow as it is after an edit."""
        context = self.context if context is None else context
        is_same = flow.meta == self.flow.meta and (
            context is self.context or context == self.context
        )
        return (is_same and _again(self, flow)) or analyse(flow, context)


def analyse(flow: Flow, context: Context | None = None) -> Analysis:
    """Look at a whole flow."""
    context = context or Context()
    language = spoken_in(flow)
    steps: dict[NodeId, Step] = {}
    own: dict[NodeId, tuple[Finding, ...]] = {}
    for node in flow.nodes:
        steps[node], said = _see(flow, context, language, node)
        if said:
            own[node] = said
    ways = ways_of(steps, entries_of(flow.meta, flow.nodes, flow.start), context)
    said_of = {node: _joined(own, ways.said, node) for node in own.keys() | ways.said.keys()}
    of_flow, orphans = tuple(about_flow(flow)), tuple(about_orphaned_links(flow))
    findings = _in_order(flow, of_flow, said_of, orphans)
    return Analysis(flow, context, language, steps, own, ways, said_of, of_flow, orphans, findings)


def _again(before: Analysis, flow: Flow) -> Analysis | None:
    """Look again at what an edit touched; ``None`` where that is everything."""
    edit = _edit(before.flow, flow)
    if _concerns_all(before, flow, edit):
        return None
    context, language = before.context, before.language
    seen = {node: _see(flow, context, language, node) for node in edit.touched}
    steps, ways, judged = before.steps, before.ways, frozenset[NodeId]()
    changed = edit.gone | {node for node, each in seen.items() if steps.get(node) != each.step}
    if changed:
        steps = _with(steps, {node: each.step for node, each in seen.items()}, edit.gone)
        ways, judged = after(ways, steps, changed, context)
    own = _with(before.own, {node: each.findings for node, each in seen.items()}, edit.gone)
    fresh = {node: _joined(own, ways.said, node) for node in edit.touched | judged}
    said = _with(before.said, fresh, edit.gone)
    of_flow, orphans = before.of_flow, before.orphans
    if edit.moved or edit.is_loose:
        of_flow, orphans = tuple(about_flow(flow)), tuple(about_orphaned_links(flow))
    findings = _in_order(flow, of_flow, said, orphans)
    return Analysis(flow, context, language, steps, own, ways, said, of_flow, orphans, findings)


class _Edit(NamedTuple):
    """What an edit means for the nodes of a flow."""

    touched: frozenset[NodeId]
    """The nodes that have to be looked at again."""
    gone: frozenset[NodeId]
    moved: frozenset[NodeId]
    """Those that came, went, or are of another kind: it matters to who leads to them."""
    is_loose: bool
    """Whether links changed that belong to no node."""


def _edit(old: Flow, flow: Flow) -> _Edit:
    """What differs between two flows that share most of their nodes and links."""
    changed = _changed(old.nodes, flow.nodes)
    moved = {node for node in changed if _kind(old, node) != _kind(flow, node)}
    touched = changed | _changed(old.links, flow.links)
    if moved:
        touched |= {
            node for node, ways in flow.links.items() if not moved.isdisjoint(ways.values())
        }
        touched |= {node.id for node in flow.nodes.values() if node.kind == "goto_node"}
    there = frozenset(node for node in touched if node in flow.nodes)
    gone = frozenset(node for node in moved if node not in flow.nodes)
    return _Edit(there, gone, frozenset(moved), is_loose=len(there) < len(touched))


def _changed(old: Mapping[NodeId, Value], new: Mapping[NodeId, Value]) -> set[NodeId]:
    """The keys under which two mappings do not hold the same thing."""
    if len(old) == len(new) and all(map(eq, old, new)):
        return set(compress(new, map(is_not, old.values(), new.values())))
    changed = {node for node, value in new.items() if old.get(node) is not value}
    return changed | (old.keys() - new.keys())


def _kind(flow: Flow, node: NodeId) -> str | None:
    there = flow.nodes.get(node)
    return there.kind if there is not None else None


def _concerns_all(before: Analysis, flow: Flow, edit: _Edit) -> bool:
    """Whether an edit changes where calls come in, or in which language the flow speaks."""
    entries = before.ways.scene.entries
    if edit.moved and (
        not edit.moved.isdisjoint(entries)
        or entries != entries_of(flow.meta, flow.nodes, flow.start)
    ):
        return True
    is_spoken = any(
        _kind(each, node) in ("start", "config")
        for each in (before.flow, flow)
        for node in edit.touched | edit.gone
    )
    return is_spoken and spoken_in(flow) != before.language


def _see(flow: Flow, context: Context, language: str, node_id: NodeId) -> Seen:
    node = flow.nodes[node_id]
    kind = kind_of(node)
    return see(
        Look(
            node,
            kind,
            kind.filled(node.props),
            exits_of(node),
            flow.links.get(node_id, NO_LINKS),
            flow.nodes,
            flow.meta,
            context,
            language,
        )
    )


def _with(
    before: Mapping[NodeId, Value], fresh: Mapping[NodeId, Value], gone: Iterable[NodeId]
) -> dict[NodeId, Value]:
    """These values with some others; what is nothing is left out."""
    after = dict(before)
    for node, value in fresh.items():
        if value:
            after[node] = value
        else:
            after.pop(node, None)
    for node in gone:
        after.pop(node, None)
    return after


def _joined(own: Said, on_ways: Said, node: NodeId) -> tuple[Finding, ...]:
    """All that is said of a node: that no call comes to it first, what it says itself next."""
    said = on_ways.get(node, ())
    if said and said[0].rule == rules.UNREACHABLE.id:
        return (said[0], *own.get(node, ()), *said[1:])
    return (*own.get(node, ()), *said)


def _in_order(
    flow: Flow,
    of_flow: tuple[Finding, ...],
    said: Said,
    orphans: tuple[Finding, ...],
) -> tuple[Finding, ...]:
    """The findings of the flow as a whole, then node by node, then of links without a node."""
    speaking = map(said.__getitem__, filter(said.__contains__, flow.nodes))
    return (*of_flow, *chain.from_iterable(speaking), *orphans)
