"""What a team is to hear: so many calls per agent and week, drawn at random, the same everywhere.

Each recording has a rank that follows from it and from the worklist alone; of an agent's week the
lowest ranks are drawn. So every computer draws the same calls without asking another one, nobody
can prefer a call, and a call that comes later changes at most one place of its own agent's week.
What was heard already counts first, and goes on counting when its recording is gone.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import Struct


class Candidate(Struct, frozen=True):
    """A recording that may be drawn."""

    recording_id: str
    agent: str
    """By name: an agent may have had several accounts."""
    day: date
    """Where the project is."""
    is_done: bool = False
    """Whether somebody has finished an evaluation of it for this worklist."""
    is_begun: bool = False
    """Whether somebody is at it."""
    is_here: bool = True
    """Whether it can still be heard; what cannot is never drawn anew."""


class Drawn(Struct, frozen=True):
    """A call to hear."""

    recording_id: str
    agent: str
    week: date
    """Its Monday."""
    is_done: bool = False
    is_begun: bool = False


class Progress(Struct, frozen=True):
    """How far a worklist is."""

    done: int
    total: int

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to hear."""
        return self.done >= self.total


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def rank_of(seed: str, recording_id: str) -> bytes:
    """Where a recording stands in the draw of a worklist."""
    return hashlib.sha256(f"{seed}\0{recording_id}".encode()).digest()


def draw(candidates: Iterable[Candidate], *, quota: int, seed: str) -> tuple[Drawn, ...]:
    """The calls to hear, week by week, in an order that mixes agents.

    ``seed`` is the worklist's id. What is done or begun has its place before what is not.
    """
    weeks: dict[tuple[date, str], list[Candidate]] = defaultdict(list)
    for each in {one.recording_id: one for one in candidates}.values():
        if each.is_here or each.is_done:
            weeks[week_of(each.day), each.agent].append(each)
    drawn: list[tuple[date, bytes, Drawn]] = []
    for (week, agent), calls in weeks.items():
        ranked = sorted((_claim(each), rank_of(seed, each.recording_id), each) for each in calls)
        drawn += [
            (week, rank, Drawn(each.recording_id, agent, week, each.is_done, each.is_begun))
            for _, rank, each in ranked[:quota]
        ]
    drawn.sort(key=lambda each: (each[0], each[1], each[2].recording_id))
    return tuple(each for _, _, each in drawn)


def progress(drawn: Iterable[Drawn]) -> Progress:
    """How much of what was drawn is done."""
    done = [each.is_done for each in drawn]
    return Progress(sum(done), len(done))


def next_after(drawn: Iterable[Drawn], recording_id: str = "") -> Drawn | None:
    """The next call to hear after one, or from the beginning: not done, and nobody is at it.

    What somebody else has begun comes only where nothing else is left.
    """
    order = tuple(drawn)
    places = [place for place, each in enumerate(order) if each.recording_id == recording_id]
    first = places[0] + 1 if places else 0
    around = [each for each in (*order[first:], *order[:first]) if not each.is_done]
    around = [each for each in around if each.recording_id != recording_id]
    free = (each for each in around if not each.is_begun)
    return next(free, None) or next(iter(around), None)


def _claim(each: Candidate) -> int:
    return 0 if each.is_done else 1 if each.is_begun else 2
