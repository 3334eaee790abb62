"""When a call has to come in so that opening hours stand as its way needs them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from cx_desktop.domain.flow.analysis.moving import Passage
from cx_desktop.domain.flow.analysis.places import Place
from cx_desktop.domain.flow.behaviour import Constant, Step
from cx_desktop.domain.flow.simulate.world import World

#: The variable that holds the queue.
_QUEUE = "queue"

#: So far ahead every hour is tried, and then some of each day: a year has every public holiday.
_HOURLY = timedelta(days=8)
_DAYS = 400
_SOME = (timedelta(hours=10), timedelta(hours=3), timedelta(hours=15), timedelta(hours=20))


class Asked(NamedTuple):
    """A node at which opening hours decide."""

    number: int
    """Which passage of the way leaves it."""
    schedule: str
    state: str
    """How the schedule has to stand."""


def asked_on(
    way: Sequence[tuple[Place, Passage]], step_at: Callable[[Place], Step], world: World
) -> tuple[Asked, ...]:
    """Where a way asks opening hours that are known as a calendar."""
    return tuple(_asked(way, step_at, world))


def _asked(
    way: Sequence[tuple[Place, Passage]], step_at: Callable[[Place], Step], world: World
) -> Iterator[Asked]:
    queue = ""
    for number, (place, passage) in enumerate(way):
        step = step_at(place)
        if step.kind.id == "schedule" and not step.text("test_instant"):
            known = world.queues.get(queue)
            is_of_queue = step.text("schedule_from") == "queue"
            name = (known.hours if known else "") if is_of_queue else step.text("schedule")
            if passage.move.exit not in (None, "error") and callable(world.schedules.get(name)):
                yield Asked(number, name, str(passage.move.exit))
        for sets in passage.move.sets:
            if sets.variable == _QUEUE:
                queue = str(sets.what.value) if isinstance(sets.what, Constant) else ""


class Calendars:
    """What schedules say of instants, each asked once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._states: dict[tuple[str, datetime], str] = {}

    def when(self, asked: Sequence[Asked]) -> datetime | None:
        """The first instant, from the world's own, at which all stand as they have to."""
        wanted: Mapping[str, set[str]] = {each.schedule: set() for each in asked}
        for each in asked:
            wanted[each.schedule].add(each.state)
        return next(
            (
                instant
                for instant in _instants(self._world.started)
                if all({self._state(name, instant)} == states for name, states in wanted.items())
            ),
            None,
        )

    def _state(self, name: str, instant: datetime) -> str:
        known = self._states.get((name, instant))
        if known is None:
            hours = self._world.schedules[name]
            known = hours if isinstance(hours, str) else hours(instant)
            self._states[name, instant] = known
        return known


def _instants(start: datetime) -> Iterator[datetime]:
    yield start
    first = start.replace(minute=0, second=0, microsecond=0)
    for hour in range(1, int(_HOURLY.total_seconds() // 3600)):
        yield first + timedelta(hours=hour)
    midnight = first.replace(hour=0)
    for day in range(1, _DAYS):
        for some in _SOME:
            yield midnight + timedelta(days=day) + some
