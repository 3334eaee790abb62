"""The world a simulated call meets: who calls, when, and what everything answers.

All of it is given beforehand, so that the same world and the same stimuli are the same call.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from cx_desktop.domain.flow.behaviour import Outcome
from cx_desktop.domain.flow.expressions import Value
from cx_desktop.domain.flow.graph import Flow

#: The state of opening hours at an instant, named by the exit of ``schedule``: open, closed,
#: holiday, exceptional.
Hours: TypeAlias = str | Callable[[datetime], str]


class QueueState(Struct, frozen=True):
    """What a queue looks like to a call that comes to it."""

    staffed: int = 1
    """Agents signed in."""
    available: int = 1
    """Agents free."""
    length: int = 0
    """Calls waiting."""
    oldest: int = 0
    """Seconds the first of them has waited."""
    is_full: bool = False
    answers_after: float | None = 0.0
    """Seconds until an agent takes the call; ``None``: nobody does."""
    hours: str = ""
    """The schedule of the queue."""


class Closure(Struct, frozen=True):
    """An emergency as callers meet it: a schedule or a number is closed, whatever its hours say."""

    since: datetime
    until: datetime | None = None
    """``None``: until somebody reopens."""
    message: str = ""
    """What callers hear of it."""

    def holds(self, instant: datetime) -> bool:
        """Whether a call at this instant meets it."""
        return self.since <= instant and (self.until is None or instant < self.until)


def prompt_key(flow: str, prompt: str) -> str:
    """What a prompt is kept under that one flow plays in a version of its own."""
    return f"{flow}/{prompt}"


class World(Struct, frozen=True, kw_only=True):
    """Everything a call can depend on, besides what its caller does."""

    flows: Mapping[str, Flow]
    """The flows by their ids; the one that begins, and those it leads into."""
    started: datetime
    """When the call comes in, with its time zone."""
    caller: str = ""
    """The caller's number; "" when it is hidden."""
    called: str = ""
    zone: str = "Europe/Paris"
    """The time zone of the flow's clock."""
    schedules: Mapping[str, Hours] = {}
    queues: Mapping[str, QueueState] = {}
    """The queues there are, by id; a queue that is not here is one with a free agent."""
    caller_lists: Mapping[str, tuple[str, ...]] = {}
    """The members of lists of callers, by the list's name."""
    came_before: Mapping[str, float] = {}
    """How many days ago this caller was remembered, by memory key."""
    numbers: Mapping[str, Outcome] = {}
    """What happens when a number is called: answered, busy, no_answer or failed."""
    lookups: Mapping[str, Outcome] = {}
    """What a source answers, by web address, function or query."""
    outcomes: Mapping[str, Outcome] = {}
    """What happens at a step, whatever else this world says: by its id, or ``flow/step``."""
    variables: Mapping[str, Value] = {}
    """What is known before the call: kept from the caller's last one, or given by the channel."""
    lengths: Mapping[str, float] = {}
    """The seconds of prompts, by the prompt's id, or by ``prompt_key``."""
    texts: Mapping[str, Mapping[str, str]] = {}
    """The words of prompts, by the prompt's id, or by ``prompt_key``, and then by language."""
    closures: Mapping[str, tuple[Closure, ...]] = {}
    """Emergencies, by the id of a schedule, or the number called, that they close."""
    seed: int = 1
    turns: int = 0
    """How many calls have come before, for what is taken in turn."""

    def instant(self, elapsed: float) -> datetime:
        """The time on the flow's clock, so many seconds into the call."""
        moment = self.started.timestamp() + elapsed
        return datetime.fromtimestamp(moment, ZoneInfo(self.zone))

    def played(self, flow: str, prompt: str) -> str:
        """What the version of a prompt that a flow plays is kept under."""
        own = prompt_key(flow, prompt)
        return own if own in self.texts or own in self.lengths else prompt

    def lengths_in(self, flow: str) -> Mapping[str, float]:
        """The seconds of prompts by their ids, as one flow plays them."""
        begin = prompt_key(flow, "")
        own = {
            key.removeprefix(begin): each
            for key, each in self.lengths.items()
            if key.startswith(begin)
        }
        return {**self.lengths, **own} if own else self.lengths

    def closure(self, name: str, instant: datetime) -> Closure | None:
        """The emergency that closes a schedule or a number at an instant."""
        return next((each for each in self.closures.get(name, ()) if each.holds(instant)), None)

    def settled(self) -> "World":
        """The same without emergencies: what they close when the call comes in is just closed."""
        closed = {name for name in self.closures if self.closure(name, self.started)}
        hours = {
            name: "closed" if name in closed else each for name, each in self.schedules.items()
        }
        return replace(self, schedules=hours, closures={})
