"""The analysis of a flow, kept while it is edited: what an edit did not touch is not done again.

Each node is looked at by itself and summed up in a step (``steps.py``); the rules about ways see
steps alone. After an edit only the nodes it changed are looked at, and the rules about ways run
again only when a step has changed.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from cx_desktop.domain.finding import Finding
from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import NO_LINKS, Look, found
from cx_desktop.domain.flow.analysis.kept import about_kept_secrets
from cx_desktop.domain.flow.analysis.loops import about_loops, about_recursion
from cx_desktop.domain.flow.analysis.recording import about_recording
from cx_desktop.domain.flow.analysis.scene import Scene, handlers_of, reached
from cx_desktop.domain.flow.analysis.settings import about_flow, about_orphaned_links, spoken_in
from cx_desktop.domain.flow.analysis.steps import Seen, Step, see
from cx_desktop.domain.flow.analysis.structure import about_no_way_out, about_silent_ends
from cx_desktop.domain.flow.analysis.variables import about_variables
from cx_desktop.domain.flow.analysis.waiting import about_lost_digits
from cx_desktop.domain.flow.graph import Flow, NodeId
from cx_desktop.domain.flow.kinds import exits_of, kind_of
from cx_desktop.domain.flow.references import Context

Said = Mapping[NodeId, tuple[Finding, ...]]


class Analysis(NamedTuple):
    """What the rules say of one flow, with all that makes the next answer cheap."""

    flow: Flow
    context: Context
    steps: Mapping[NodeId, Step]
    own: Said
    """What nodes say for themselves, where they say something."""
    on_ways: Said
    """What the rules about ways say, by node."""
    findings: tuple[Finding, ...]

    def after(self, flow: Flow, context: Context | None = None) -> "Analysis":
        """The analysis of the flow as it is after an edit."""
        context = self.context if context is None else context
        if flow.meta != self.flow.meta or context != self.context:
            return analyse(flow, context)
        return _again(self, flow)


def analyse(flow: Flow, context: Context | None = None) -> Analysis:
    """Look at a whole flow."""
    context = context or Context()
    language = spoken_in(flow)
    seen = {node: _see(flow, context, language, node) for node in flow.nodes}
    steps = {node: each.step for node, each in seen.items()}
    own = {node: each.findings for node, each in seen.items() if each.findings}
    return _summed_up(flow, context, steps, own, _walk(flow, context, steps))


def _again(before: Analysis, flow: Flow) -> Analysis:
    """Look again at what an edit touched."""
    touched = _touched(before.flow, flow)
    if any(_speaks_for_all(each, node) for each in (before.flow, flow) for node in touched):
        return analyse(flow, before.context)
    language = spoken_in(flow) if touched else ""
    seen = {node: _see(flow, before.context, language, node) for node in touched}
    own = {node: said for node, said in before.own.items() if node in flow.nodes}
    for node, each in seen.items():
        own[node] = each.findings
    is_same = before.steps.keys() == flow.nodes.keys() and all(
        before.steps[node] == each.step for node, each in seen.items()
    )
    if is_same:
        return _summed_up(flow, before.context, before.steps, own, before.on_ways)
    steps = {node: seen[node].step if node in seen else before.steps[node] for node in flow.nodes}
    return _summed_up(flow, before.context, steps, own, _walk(flow, before.context, steps))


def _touched(old: Flow, flow: Flow) -> set[NodeId]:
    """The nodes that differ, with those whose targets came, went, or became an entry."""
    touched = {node for node, value in flow.nodes.items() if old.nodes.get(node) is not value}
    moved = {node for node in touched if _kind(old, node) != _kind(flow, node)}
    moved |= old.nodes.keys() - flow.nodes.keys()
    touched |= {node for node, ways in flow.links.items() if old.links.get(node) is not ways}
    touched |= old.links.keys() - flow.links.keys()
    if moved:
        touched |= {
            node for node, ways in flow.links.items() if not moved.isdisjoint(ways.values())
        }
        touched |= {node.id for node in flow.nodes.values() if node.kind == "goto_node"}
    return {node for node in touched if node in flow.nodes}


def _speaks_for_all(flow: Flow, node: NodeId) -> bool:
    """Whether a node says in which language the others speak."""
    return _kind(flow, node) in ("start", "config")


def _kind(flow: Flow, node: NodeId) -> str | None:
    found_there = flow.nodes.get(node)
    return found_there.kind if found_there is not None else None


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


def _walk(flow: Flow, context: Context, steps: Mapping[NodeId, Step]) -> Said:
    """Everything the rules about ways have to say."""
    scene = Scene(steps, flow.start, handlers_of(flow.meta, flow.nodes), context)
    said: dict[NodeId, list[Finding]] = {}
    for each in _about_ways(scene):
        if each.node is not None:
            said.setdefault(NodeId(each.node), []).append(each)
    return {node: tuple(each) for node, each in said.items()}


def _about_ways(scene: Scene) -> Iterator[Finding]:
    met = reached(scene)
    for node in scene.steps:
        if node not in met:
            yield found(rules.UNREACHABLE, node)
    held, on_held = about_no_way_out(scene, met)
    yield from on_held
    yield from about_loops(scene, met - held)
    yield from about_recursion(scene)
    yield from about_silent_ends(scene, met)
    yield from about_variables(scene)
    yield from about_recording(scene, met)
    yield from about_kept_secrets(scene)
    yield from about_lost_digits(scene)


def _summed_up(
    flow: Flow, context: Context, steps: Mapping[NodeId, Step], own: Said, on_ways: Said
) -> Analysis:
    """The findings in order: those of the flow as a whole, then node by node."""
    findings = (
        *about_flow(flow),
        *_by_node(flow.nodes, own, on_ways),
        *about_orphaned_links(flow),
    )
    return Analysis(flow, context, steps, own, on_ways, findings)


def _by_node(nodes: Iterable[NodeId], own: Said, on_ways: Said) -> Iterator[Finding]:
    for node in nodes:
        if node in on_ways:
            first, *rest = on_ways[node]
            if first.rule == rules.UNREACHABLE.id:
                yield first
                yield from own.get(node, ())
            else:
                yield from own.get(node, ())
                yield first
            yield from rest
        elif node in own:
            yield from own[node]
