"""What a benchmark reports: medians of interleaved runs, and their ratio to a floor or a peer."""

import gc
import statistics
from collections.abc import Callable, Sequence

from msgspec import Struct


class Row(Struct, frozen=True, omit_defaults=True):
    """One line of the table.

    ``ours`` and ``theirs`` are medians in ``unit`` over ``runs`` runs; ``ratio`` is ours / theirs.
    ``goal`` is the goal's words from ``docs/performance.md``; ``met`` tells whether it holds.
    """

    bench: str
    what: str
    against: str
    unit: str
    ours: float
    theirs: float
    goal: str
    met: bool
    runs: int

    @property
    def ratio(self) -> float:
        """How many times theirs ours is."""
        return self.ours / self.theirs if self.theirs else float("inf")


def interleaved(
    ours: Callable[[], float], theirs: Callable[[], float], *, runs: int = 5
) -> tuple[float, float]:
    """Medians of two measures taken in turn, so that a drift of the machine hits both alike.

    Python's collector rests meanwhile, as it does in the program while somebody works
    (``app/collector.py``); what one measure left is collected before the next one.
    """
    gc.disable()
    try:
        pairs = [(_measured(ours), _measured(theirs)) for _ in range(runs)]
    finally:
        gc.enable()
    return (
        statistics.median(pair[0] for pair in pairs),
        statistics.median(pair[1] for pair in pairs),
    )


def _measured(measure: Callable[[], float]) -> float:
    gc.collect()
    return measure()


def table(rows: Sequence[Row]) -> str:
    """The rows as text, aligned."""
    head = ("bench", "what", "ours", "against", "theirs", "ratio", "goal", "met")
    cells = [
        (
            row.bench,
            row.what,
            f"{row.ours:.3g} {row.unit}",
            row.against,
            f"{row.theirs:.3g} {row.unit}",
            f"{row.ratio:.3g}",
            row.goal,
            "yes" if row.met else "no",
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in [head, *cells]) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in [head, *cells]
    )
