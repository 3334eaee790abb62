"""A node as the rules about ways see it: where calls go from it, what it takes, sets and says.

A step is made from one node, its links and what is known around the flow, never from other nodes:
so it stays as it is until one of these changes.
"""

from msgspec import Struct

from cx_desktop.domain.flow.analysis.pace import Pace
from cx_desktop.domain.flow.analysis.signs import AROUND, EVERYTHING, LEADS, STOPS
from cx_desktop.domain.flow.analysis.texts import SILENCE, Said
from cx_desktop.domain.flow.graph import ExitId, NodeId
from cx_desktop.domain.flow.variables import Assigned, Read


class Way(Struct, frozen=True, gc=False):
    """One exit as calls take it: ``target`` is ``None`` where the call ends."""

    exit: ExitId
    target: NodeId | None


class Step(Struct, frozen=True, gc=False):
    """One node, summed up. Two nodes with equal steps cannot be told apart by a rule about ways."""

    kind: str
    ways: tuple[Way, ...]
    onward: tuple[NodeId, ...]
    """The nodes its ways lead to."""
    pace: Pace
    ends: bool
    """Whether a call can properly end here."""
    reads: tuple[Read, ...] = ()
    sets: tuple[Assigned, ...] = ()
    counts: frozenset[str] = frozenset()
    """Variables it makes depend on themselves, or sets to what the flow itself chose."""
    tests: frozenset[str] = frozenset()
    """Variables its way depends on."""
    asks_blank: bool = False
    """Whether it asks if what it reads is blank: then it may be."""
    words: Said = SILENCE
    """What it says to the caller, where that can matter to other nodes."""
    drops_digits: bool = False
    records: str = ""
    """The property by which it starts a recording, if it does."""
    keeps_secret: bool = False
    keeps: tuple[str, ...] = ()
    """Its properties that are kept or sent to somebody."""
    calls: str = ""
    """The sub-flow it runs."""
    gives: int = 0
    """What is ahead of it by itself (``signs.py``)."""
    passes: int = 0
    """What it passes on of what is ahead of the nodes it leads to."""
    is_limited: bool = False
    """Whether it leads on by exits that are no choice for the caller, and pass on less."""
    is_noted: bool = False
    """Whether more than its place can be judged."""

    def passed_by(self, way: ExitId) -> int:
        """What it passes on by one exit."""
        return self.passes & LIMITED.get(way, EVERYTHING)


#: What is passed on by exits that are no choice: the caller has gone, or something broke.
LIMITED = {
    ExitId("hangup"): EVERYTHING & ~(LEADS | AROUND | STOPS),
    ExitId("error"): EVERYTHING & ~(AROUND | STOPS),
}
