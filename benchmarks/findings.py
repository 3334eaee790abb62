"""The rules on a flow of 10,000 nodes, and its file, against reading the same flow's JSON."""

import random
import time
from collections.abc import Callable

import msgspec

from benchmarks.measure import Row, interleaved
from cx_desktop.domain.flow.findings import Context, findings
from cx_desktop.domain.flow.formats import cx
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, document_of, flow_of
from cx_desktop.domain.flow.kind import FieldType, Kind, Property
from cx_desktop.domain.flow.kinds import KINDS, exits_of
from cx_desktop.domain.patch import Document, Json

NODES = 10_000
_KINDS = [kind for kind in KINDS.values() if kind.id not in {"start", "foreign"}]


def flow_of_every_kind(count: int) -> Flow:
    """A linked flow with every property spelled out; the same each time."""
    draw = random.Random(1)  # noqa: S311 - the same flow each time, nothing secret
    nodes = {NodeId("start"): Node(NodeId("start"), "start")}
    for number in range(count - 1):
        kind = draw.choice(_KINDS)
        name = NodeId(f"n{number}")
        nodes[name] = Node(name, kind.id, f"Étape {number}", _props(kind), float(number))
    names = list(nodes)
    links: dict[NodeId, dict[ExitId, NodeId]] = {
        node.id: {each.id: draw.choice(names) for each in exits_of(node)} for node in nodes.values()
    }
    return Flow(nodes=nodes, links=links)


def _props(kind: Kind) -> Document:
    return {each.name: _value(each) for each in kind.properties}


def _value(declared: Property) -> Json:
    match declared.type:
        case FieldType.PROMPT:
            return [{"type": "text", "text": "Bonjour {nom}, bienvenue à la Maison Lumen."}]
        case FieldType.CASES:
            row = {"label": "Paris", "operator": declared.choices[0], "value": "75"}
            return [row | {"id": f"c{number}"} for number in range(4)]
        case _:
            return declared.default


def _timed(work: Callable[[], object]) -> Callable[[], float]:
    def measure() -> float:
        before = time.perf_counter()
        work()
        return (time.perf_counter() - before) * 1000

    return measure


def run() -> list[Row]:
    """Findings, and our file format both ways."""
    flow = flow_of_every_kind(NODES)
    context = Context(frozenset({"ivr"}), {}, {}, {}, {})
    data = msgspec.json.encode(document_of(flow))
    text = cx.write(flow)
    jobs: tuple[tuple[str, Callable[[], object], float], ...] = (
        ("every rule on 10,000 nodes", lambda: findings(flow, context), 1000),
        ("read our file of 10,000 nodes", lambda: cx.read(text), 5000),
        ("write our file of 10,000 nodes", lambda: cx.write(flow), 5000),
    )
    rows = []
    for what, job, limit in jobs:
        ours, theirs = interleaved(_timed(job), _timed(lambda: flow_of(msgspec.json.decode(data))))
        rows.append(
            Row(
                bench="findings",
                what=what,
                against="reading the same flow's JSON",
                unit="ms",
                ours=ours,
                theirs=theirs,
                goal=f"≤ {limit / 1000:g} s",
                met=ours <= limit,
                runs=5,
            )
        )
    return rows
