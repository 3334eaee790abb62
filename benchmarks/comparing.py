"""Two versions of a flow of 5,000 nodes: laid over each other, and told as callers hear them.

The floor is what any comparison has to do: find the atoms in which the two documents differ.
"""

import random
import time
from collections.abc import Callable

from msgspec.structs import replace

from benchmarks.findings import flow_of_every_kind
from benchmarks.measure import Row, interleaved
from cx_desktop.domain.flow.diff import changelog, compare
from cx_desktop.domain.flow.graph import ATOM_DEPTH, Flow, document_of
from cx_desktop.domain.patch import differences

NODES, TOUCHED, REMOVED = 5_000, 200, 50
_COLUMNS, _WIDE, _HIGH = 70, 260.0, 220.0


def run() -> list[Row]:
    """Compare both with the floor."""
    old = _laid_out(flow_of_every_kind(NODES))
    new = _edited(old)
    before, after = document_of(old), document_of(new)

    def floor() -> object:
        return differences(before, after, depth=ATOM_DEPTH)

    works: tuple[tuple[str, Callable[[], object]], ...] = (
        ("lay two versions of 5,000 nodes over each other", lambda: compare(old, new)),
        ("tell what differs in 5,000 nodes as callers hear it", lambda: changelog(old, new)),
    )
    return [_row(what, work, floor) for what, work in works]


def _row(what: str, work: Callable[[], object], floor: Callable[[], object]) -> Row:
    ours, theirs = interleaved(_timed(work), _timed(floor))
    return Row(
        bench="comparing",
        what=what,
        against="the atoms that differ",
        unit="ms",
        ours=ours,
        theirs=theirs,
        goal="–",
        met=True,
        runs=5,
    )


def _timed(work: Callable[[], object]) -> Callable[[], float]:
    def measure() -> float:
        before = time.perf_counter()
        work()
        return (time.perf_counter() - before) * 1000

    return measure


def _laid_out(flow: Flow) -> Flow:
    nodes = {
        key: replace(node, x=place % _COLUMNS * _WIDE, y=place // _COLUMNS * _HIGH)
        for place, (key, node) in enumerate(flow.nodes.items())
    }
    return replace(flow, nodes=nodes)


def _edited(flow: Flow) -> Flow:
    """Some nodes with another title, some elsewhere, some gone."""
    draw = random.Random(1)  # noqa: S311 - the same edits each time, nothing secret
    nodes, names = dict(flow.nodes), list(flow.nodes)
    for key in draw.sample(names, TOUCHED):
        nodes[key] = replace(nodes[key], title="Autre")
    for key in draw.sample(names, TOUCHED):
        nodes[key] = replace(nodes[key], x=nodes[key].x + 20)
    gone = frozenset(draw.sample(names[1:], REMOVED))
    return replace(
        flow,
        nodes={key: node for key, node in nodes.items() if key not in gone},
        links={
            key: {way: target for way, target in ways.items() if target not in gone}
            for key, ways in flow.links.items()
            if key not in gone
        },
    )
