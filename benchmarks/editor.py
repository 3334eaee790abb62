"""P3 and P4: zooming, dragging, building and holding large flows in the editor.

Each configuration runs in a process of its own, in turn, offscreen. NodeGraphQt comes with the
``peers`` group; ``CX_PEERS_PYTHON`` may name another Python that has it.
"""

import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from benchmarks.measure import Row

Reported = TypeVar("Reported")

ROOT = Path(__file__).parent.parent
RUNS = 5
SIZES = (1_000, 5_000)


class Measures(Struct, frozen=True):
    """What one process reports, in milliseconds and MiB."""

    build: float
    memory: float
    fit: tuple[float, ...]
    zoom: tuple[float, ...]
    nodes: int
    links: int
    real: tuple[float, ...] = ()
    drag_fit: tuple[float, ...] = ()
    drag_real: tuple[float, ...] = ()


class WholeMeasures(Struct, frozen=True):
    """What one process reports of the whole editor and its floors, in milliseconds."""

    opened: float
    first_frame: float
    scene_opened: float
    scene_first_frame: float
    undone: float
    scene_undone: float
    listed: float
    plainly_listed: float
    findings: int


def run(runs: int = RUNS) -> list[Row]:
    """Compare with NodeGraphQt, and with the least QGraphicsView can do."""
    rows: list[Row] = []
    for size in SIZES:
        measured = [
            (measure("ours", size), measure("floor", size), measure("peer", size))
            for _ in range(runs)
        ]
        ours, floor, peer = (list(each) for each in zip(*measured, strict=True))
        for same in (floor, peer):
            if (same[0].nodes, same[0].links) != (ours[0].nodes, ours[0].links):
                raise SystemExit("The three did not draw the same graph")
        rows += _compared(size, ours, floor, peer)
    size = SIZES[0]
    return [*rows, *_around(size, [_report("whole", size, WholeMeasures) for _ in range(runs)])]


def measure(case: str, size: int) -> Measures:
    """Run one case in a process of its own."""
    return _report(case, size, Measures)


def _report(case: str, size: int, kind: type[Reported]) -> Reported:
    python = os.environ.get("CX_PEERS_PYTHON", sys.executable) if case == "peer" else sys.executable
    done = subprocess.run(
        [python, "-W", "ignore", "-m", f"benchmarks.editor_cases.{case}", str(size)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "*=false"},
        capture_output=True,
        check=True,
    )
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=kind)


def _compared(
    size: int, ours: list[Measures], floor: list[Measures], peer: list[Measures]
) -> list[Row]:
    def row(what: str, unit: str, values: tuple[float, float], goal: tuple[str, float]) -> Row:
        against = "QGraphicsView" if "floor" in what else "NodeGraphQt"
        ratio = values[0] / values[1]
        name = f"{what}, {size:,} nodes"
        met = ratio <= goal[1]
        return Row("editor", name, against, unit, *values, goal[0], met, len(ours))

    zoom = [
        _middle([statistics.median(each.zoom) for each in case]) for case in (ours, floor, peer)
    ]
    rows = [
        row("P3 zoom frame", "ms", (zoom[0], zoom[2]), ("≤ 1/25", 1 / 25)),
        row("P3 zoom frame, floor", "ms", (zoom[0], zoom[1]), ("≤ 2", 2.0)),
    ]
    for what, drags in (("whole flow seen", "drag_fit"), ("at 100 %", "drag_real")):
        values = tuple(
            _middle([_p95(getattr(each, drags)) for each in case]) for case in (ours, peer)
        )
        rows.append(row(f"P4 drag p95, {what}", "ms", (values[0], values[1]), ("≤ 1/10", 0.1)))
    build = [_middle([each.build for each in case]) for case in (ours, peer)]
    held = [_middle([each.memory for each in case]) for case in (ours, peer)]
    rows.append(row("P4 build", "ms", (build[0], build[1]), ("≤ 1/40", 1 / 40)))
    rows.append(row("P4 memory", "MiB", (held[0], held[1]), ("≤ 1/8", 1 / 8)))
    return rows


def _around(size: int, whole: list[WholeMeasures]) -> list[Row]:
    """What keeps the GUI thread around the canvas, against the least Qt does for the same."""

    def row(what: str, against: str, values: tuple[float, float], most: float) -> Row:
        met = values[0] <= values[1] * most
        goal = f"≤ {most:g}"
        return Row("editor", what, against, "ms", *values, goal, met, len(whole))

    def middle(name: str, *more: str) -> float:
        return _middle([sum(getattr(each, part) for part in (name, *more)) for each in whole])

    opened = middle("opened", "first_frame"), middle("scene_opened", "scene_first_frame")
    undone = middle("undone"), middle("scene_undone")
    listed = middle("listed"), middle("plainly_listed")
    findings = whole[0].findings
    return [
        row(f"open the whole editor, {size:,} nodes", "QGraphicsView", opened, 6.0),
        row(f"undo the move of {size:,} nodes", "QGraphicsView", undone, 6.0),
        row(f"list {findings:,} findings", "QStandardItemModel", listed, 1.0),
    ]


def _p95(values: tuple[float, ...]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def _middle(values: list[float]) -> float:
    return statistics.median(values)
