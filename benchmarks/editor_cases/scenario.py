"""What all three draw and do. Imports nothing of ours, so that the peer's Python can read it."""

import json
import random
import time
from collections.abc import Callable
from typing import NamedTuple

WIDTH, HEIGHT = 1600, 1000
COLUMN, ROW = 320, 200
EXITS = 3
DRAGS = 60
#: How far each step of a drag goes, in pixels of the screen: at 100 % one step of our grid.
STRIDE = 8
FRAMES = 7


def dragged(count: int) -> tuple[int, int]:
    """The node dragged while the whole flow is seen, and another one dragged at 100 %."""
    return count // 2, count // 3


class Graph(NamedTuple):
    """Nodes by place, and links from an exit (0 to 2) to a node: 1.5 for each node."""

    places: list[tuple[int, int]]
    links: list[tuple[int, int, int]]


def graph(count: int) -> Graph:
    """A grid of nodes with links ahead and to the row below."""
    dice = random.Random(1)  # noqa: S311  (the same graph every time)
    columns = int((count * WIDTH / HEIGHT * ROW / COLUMN) ** 0.5)
    places = [((i % columns) * COLUMN, (i // columns) * ROW) for i in range(count)]
    links = []
    for i in range(count):
        for k in range(1 + i % 2):
            target = min(count - 1, i + (dice.randint(1, 3) if k == 0 else columns))
            if target != i:
                links.append((i, k, target))
    return Graph(places, links)


def memory() -> float:
    """What this process holds now, in MiB."""
    with open("/proc/self/statm", encoding="ascii") as pages:  # noqa: PTH123  (any Python)
        return int(pages.read().split()[1]) * 4096 / 2**20


def timed(work: Callable[[], object]) -> float:
    """How long it takes, in milliseconds."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def report(**measures: object) -> None:
    """Print the measures as one JSON object, for the process that compares."""
    print(json.dumps(measures), flush=True)
