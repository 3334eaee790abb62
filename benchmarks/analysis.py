"""The analysis at 10,000 nodes: all of it, after one edit, one link; and every call there can be.

The flow is made of the demo's flows, one behind the other, as large flows are: mostly forward, with
loops of a few nodes. Reachability by networkx is the peer: it builds its graph and walks it. Edits
are drawn at random all over the flow; what is shown is the middle one of them.
"""

import random
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import networkx
from msgspec.structs import replace

from benchmarks.measure import Row, interleaved
from cx_desktop.domain.flow.analysis import Analysis, analyse
from cx_desktop.domain.flow.analysis.exploration import explore
from cx_desktop.domain.flow.formats import cx
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, Slot
from cx_desktop.domain.flow.linking import can_link
from cx_desktop.domain.flow.references import Context
from cx_desktop.settings import resources

NODES = 10_000
#: Checks of one link are too short to be measured one by one.
CHECKS = 1000
#: So many edits of each sort are drawn.
EDITS = 25
#: What the project of the demo has subscribed.
FEATURES = frozenset({"ivr", "call_centre", "tts", "recording", "studio", "sms", "web_callback"})


def demo_flows() -> list[Flow]:
    """The flows of the demo, in French."""
    folder = Path(resources()) / "demo" / "flows" / "fr"
    return [cx.read(path.read_bytes()).flow for path in sorted(folder.glob("*.yaml"))]


def chained(count: int) -> Flow:
    """So many nodes: copies of the demo's flows, each leading into the next one."""
    patterns = demo_flows()
    nodes: dict[NodeId, Node] = {NodeId("start"): Node(NodeId("start"), "start")}
    links: dict[NodeId, dict[ExitId, NodeId]] = {}
    before = (NodeId("start"), ExitId("next"))
    number = 0
    while len(nodes) < count:
        pattern = patterns[number % len(patterns)]
        named = {name: NodeId(f"{name}_{number}") for name in pattern.nodes if name != "start"}
        for name, fresh in named.items():
            node = pattern.nodes[name]
            kind = "hangup" if node.kind == "goto_flow" else node.kind
            props = {} if node.kind == "goto_flow" else node.props
            nodes[fresh] = replace(node, id=fresh, kind=kind, props=props)
            ways = pattern.links.get(name, {})
            links[fresh] = {way: named[to] for way, to in ways.items() if to in named}
        first = named[pattern.links[NodeId("start")][ExitId("next")]]
        links.setdefault(before[0], {})[before[1]] = first
        before = _last(nodes, links, named)
        number += 1
    return Flow({"spoken_language": "fr-FR"}, nodes, links)


def _last(
    nodes: dict[NodeId, Node],
    links: dict[NodeId, dict[ExitId, NodeId]],
    named: dict[NodeId, NodeId],
) -> tuple[NodeId, ExitId]:
    """Where a copy is left: its last ending becomes a step that goes on."""
    ending = [each for each in named.values() if nodes[each].kind in ("hangup", "return")]
    last = ending[-1] if ending else list(named.values())[-1]
    nodes[last] = Node(last, "log", props={"label": "suite"})
    links[last] = {}
    return last, ExitId("next")


def _timed(work: Callable[[], object]) -> Callable[[], float]:
    def measure() -> float:
        before = time.process_time()
        work()
        return (time.process_time() - before) * 1000

    return measure


def _reachable(flow: Flow) -> set[str]:
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(flow.nodes)
    graph.add_edges_from((link.node, link.target) for link in flow.each_link())
    return set(networkx.descendants(graph, "start"))


def _row(what: str, against: str, times: tuple[float, float], goal: str, *, met: bool) -> Row:
    ours, theirs = times
    return Row(
        bench="analysis",
        what=what,
        against=against,
        unit="ms",
        ours=ours,
        theirs=theirs,
        goal=goal,
        met=met,
        runs=5,
    )


def _retitled(flow: Flow, draw: random.Random) -> Flow:
    node = flow.nodes[draw.choice(list(flow.nodes))]
    return replace(flow, nodes=flow.nodes | {node.id: replace(node, title="Accueil")})


def _relinked(flow: Flow, draw: random.Random) -> Flow:
    """One exit leads to another node near by, as when somebody drags a link."""
    names = list(flow.nodes)
    source = draw.choice([each for each in names if flow.links.get(each)])
    near = names.index(source) + draw.randint(-20, 20)
    ways = dict(flow.links[source])
    ways[draw.choice(list(ways))] = names[min(max(near, 1), len(names) - 1)]
    return replace(flow, links=flow.links | {source: ways})


def _unlinked(flow: Flow, draw: random.Random) -> Flow:
    source = draw.choice([each for each in flow.links if flow.links[each]])
    ways = dict(flow.links[source])
    del ways[draw.choice(list(ways))]
    return replace(flow, links=flow.links | {source: ways})


def _removed(flow: Flow, draw: random.Random) -> Flow:
    """One node less, with the links from it and to it."""
    gone = draw.choice([each for each in flow.nodes if each != "start"])
    nodes = {name: node for name, node in flow.nodes.items() if name != gone}
    links = {
        name: ways if gone not in ways.values() else {w: t for w, t in ways.items() if t != gone}
        for name, ways in flow.links.items()
        if name != gone
    }
    return replace(flow, nodes=nodes, links=links)


_EDITS: tuple[tuple[str, Callable[[Flow, random.Random], Flow]], ...] = (
    ("a title changed", _retitled),
    ("a link changed", _relinked),
    ("a link removed", _unlinked),
    ("a node removed", _removed),
)


def _after(before: Analysis, edited: Sequence[Flow]) -> Callable[[], float]:
    """The time that the middle one of some edits takes."""

    def measure() -> float:
        return statistics.median(_timed(lambda flow=each: before.after(flow))() for each in edited)  # type: ignore[misc]

    return measure


def _checked(before: Analysis, edited: Sequence[Flow]) -> None:
    """That what is found after an edit is what a fresh look finds."""
    for each in edited[:3]:
        if before.after(each).findings != analyse(each, before.context).findings:
            raise AssertionError("an edit was not followed")


def run() -> list[Row]:
    """P5 and P6."""
    flow = chained(NODES)
    context = Context(FEATURES)
    before = analyse(flow, context)
    draw = random.Random(1)  # noqa: S311 - the same edits each time, nothing secret
    full = _timed(lambda: analyse(flow, context))
    source = next(each for each in list(flow.links)[NODES // 2 :] if len(flow.links[each]) > 1)
    slot, target = Slot(source, next(iter(flow.links[source]))), list(flow.nodes)[NODES // 2]

    def checks() -> None:
        for _ in range(CHECKS):
            can_link(flow, slot, target)

    rows = []
    times = interleaved(full, _timed(lambda: _reachable(flow)))
    goal = "≤ 3 × networkx"
    rows.append(
        _row("every finding", "networkx reachability", times, goal, met=times[0] <= 3 * times[1])
    )
    for what, edit in _EDITS:
        edited = [edit(flow, draw) for _ in range(EDITS)]
        _checked(before, edited)
        times = interleaved(_after(before, edited), full)
        rows.append(_row(what, "every finding", times, "≤ 1/50", met=times[0] <= times[1] / 50))
    ours, theirs = interleaved(_timed(checks), full)
    link = (ours / CHECKS, theirs)
    rows.append(
        _row("may this be linked", "every finding", link, "≤ 1/1000", met=link[0] <= theirs / 1000)
    )
    small, large = {"main": chained(NODES // 10)}, {"main": flow}
    ours, theirs = interleaved(
        _timed(lambda: explore(large, "main")), _timed(lambda: explore(small, "main"))
    )
    rows.append(
        _row(
            "every call of 10,000 nodes",
            "every call of 1,000 nodes",
            (ours, theirs),
            "≤ 12 × (linear)",
            met=ours <= 12 * theirs,
        )
    )
    return rows
