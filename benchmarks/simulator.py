"""A simulated step in a flow of 10,000 nodes and of 100; tests against their bare calls."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from benchmarks.measure import Row, interleaved
from cx_desktop.domain.flow.behaviour import End, HangUp, Key
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, TestId
from cx_desktop.domain.flow.simulate import World, advance, begin, waits
from cx_desktop.domain.flow.testing import (
    Act,
    Ends,
    FlowTest,
    Holds,
    Says,
    Visits,
    play,
    run_all,
    suite_of,
    with_tests,
)

STEPS = 1000
TESTS, TURNS = 20, 5
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


def _tested() -> tuple[Flow, World]:
    """A flow whose tests press 1 for some turns and hang up."""
    script = (*(Act(Key("1")) for _ in range(TURNS)), Act(HangUp()))
    expects = (Visits("n1"), Says("tapez 1"), Holds("n", TURNS), Ends(End.ABANDONED))
    test = FlowTest(script=script, expects=expects)
    flow = with_tests(ring(100), {TestId(f"test_{n}"): test for n in range(TESTS)})
    return flow, World(flows={"main": flow}, started=datetime(2026, 11, 23, 9, tzinfo=UTC))


def _suite() -> Callable[[], float]:
    flow, world = _tested()

    def measure() -> float:
        before = time.perf_counter()
        ran = run_all(flow, "main", world)
        spent = time.perf_counter() - before
        if ran.failed:
            raise AssertionError(ran.failed)
        return spent * 1000

    return measure


def _by_hand() -> Callable[[], float]:
    flow, world = _tested()

    def measure() -> float:
        before = time.perf_counter()
        for test in suite_of(flow).tests.values():
            play("main", world, test.script)
        return (time.perf_counter() - before) * 1000

    return measure


def run() -> list[Row]:
    """The time of one step."""
    ours, theirs = interleaved(_timed(ring(10_000)), _timed(ring(100)), runs=9)
    tests, calls = interleaved(_suite(), _by_hand(), runs=9)
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
        ),
        Row(
            bench="simulator",
            what=f"a suite of {TESTS} tests with what they expect",
            against="the same calls without it",
            unit="ms",
            ours=tests,
            theirs=calls,
            goal="≤ 2×",
            met=tests <= 2 * calls,
            runs=9,
        ),
    ]
