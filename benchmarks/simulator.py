"""A simulated step in a flow of 10,000 nodes, against one in a flow of 100."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from benchmarks.measure import Row, interleaved
from cx_desktop.domain.flow.behaviour import Key
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.simulate import World, advance, begin, waits

STEPS = 1000
_SAID = [{"type": "text", "text": "Pour les ventes, tapez 1, pour le service client, tapez 2."}]
_KINDS = (
    ("play", {"prompt": _SAID, "barge_in": True}, "next"),
    ("menu", {"prompt": _SAID, "keys": ["1", "2"]}, "key_1"),
    ("set_var", {"assignments": [{"variable": "n", "expression": "n + 1"}]}, "next"),
    (
        "switch",
        {"operand": "n", "cases": [{"id": "a", "operator": "less", "value": "0"}]},
        "default",
    ),
    ("lookup", {"url": "https://crm.example"}, "ok"),
    ("log", {"label": "tour {n}"}, "next"),
)


def ring(count: int) -> Flow:
    """A flow that goes round through all its nodes; the start stands last in its document."""
    names = [NodeId(f"n{number}") for number in range(count - 1)]
    nodes = {}
    links = {NodeId("start"): {ExitId("next"): names[0]}}
    for number, name in enumerate(names):
        kind, props, way = _KINDS[number % len(_KINDS)]
        nodes[name] = Node(name, kind, props=dict(props))
        links[name] = {ExitId(way): names[(number + 1) % len(names)]}
    start = Node(NodeId("start"), "start", props={"max_call_duration": 14400})
    return Flow(nodes=nodes | {start.id: start}, links=links)


def _timed(flow: Flow) -> Callable[[], float]:
    """Microseconds a step, in a call that presses 1 wherever it is asked."""
    world = World(flows={"main": flow}, started=datetime(2026, 11, 23, 9, tzinfo=UTC))

    def measure() -> float:
        call = begin("main", world)
        before = time.perf_counter()
        for _ in range(STEPS):
            call = advance(call, Key("1") if waits(call) else None)
        spent = time.perf_counter() - before
        if call.end is not None:
            raise AssertionError(call.end)
        return spent / STEPS * 1_000_000

    return measure


def run() -> list[Row]:
    """The time of one step."""
    ours, theirs = interleaved(_timed(ring(10_000)), _timed(ring(100)), runs=9)
    return [
        Row(
            bench="simulator",
            what="one step of a call, in a flow of 10,000 nodes",
            against="in a flow of 100 nodes",
            unit="µs",
            ours=ours,
            theirs=theirs,
            goal="≤ 1.5×, ≤ 1000 µs",
            met=ours <= 1.5 * theirs and ours <= 1000,
            runs=9,
        )
    ]
