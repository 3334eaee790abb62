"""Tidying a flow and leading its links, against the floor: networkx finding the layers alone."""

import time
from collections.abc import Callable

import networkx as nx

from benchmarks.measure import Row, interleaved
from cx_desktop.domain.flow.graph import Flow
from cx_desktop.domain.flow.layout import route, tidy
from tests.fakes.flows import flow_of_size

#: Nodes, how many runs, and how many times the floor tidying and routing may take.
SIZES = ((100, 7, 150, 60), (1_000, 5, 150, 60), (10_000, 5, 100, 60))


def run() -> list[Row]:
    """The rows of this benchmark."""
    return [row for size in SIZES for row in _rows(*size)]


def _rows(count: int, runs: int, tidy_limit: int, route_limit: int) -> list[Row]:
    flow = flow_of_size(count)
    places = tidy(flow)
    jobs: tuple[tuple[str, Callable[[], object], int], ...] = (
        (f"tidy {count:,} nodes", lambda: tidy(flow), tidy_limit),
        (f"lead the links of {count:,} nodes", lambda: route(flow, places), route_limit),
    )
    rows = []
    for what, job, limit in jobs:
        ours, floor = interleaved(_timed(job), _timed(lambda: _layers(flow)), runs=runs)
        rows.append(
            Row(
                bench="layout",
                what=what,
                against="networkx: layers alone",
                unit="ms",
                ours=ours,
                theirs=floor,
                goal=f"≤ {limit}×",
                met=ours <= limit * floor,
                runs=runs,
            )
        )
    return rows


def _layers(flow: Flow) -> list[list[int]]:
    """The layers of the same flow: loops condensed to one node each, then longest paths."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from((link.node, link.target) for link in flow.each_link())
    return [list(layer) for layer in nx.topological_generations(nx.condensation(graph))]


def _timed(work: Callable[[], object]) -> Callable[[], float]:
    def measure() -> float:
        before = time.perf_counter()
        work()
        return (time.perf_counter() - before) * 1000

    return measure
