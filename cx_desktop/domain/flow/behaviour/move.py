"""One way a call can leave a step: what it takes, what it costs, what it leaves behind."""

from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from cx_desktop.domain.flow.behaviour.stimuli import Stimulus
from cx_desktop.domain.flow.graph import ExitId, NodeId
from cx_desktop.domain.patch import Json

#: A prompt as documents hold it: a list of parts (``FieldType.PROMPT``).
Prompt: TypeAlias = Json


class End(StrEnum):
    """How a call is over."""

    PERSON = "person"
    """The caller talked to an agent, or to somebody at another number."""
    GOODBYE = "goodbye"
    """The flow hung up, and had said something to the caller before."""
    HUNG_UP = "hung_up"
    """A step ``hangup`` that itself says nothing: a goodbye, if something was said just before."""
    REFUSED = "refused"
    """The flow refused the call by a tone of the network: busy, rejected, congestion."""
    MESSAGE = "message"
    """The call ended after the caller had left a message or had asked to be called back."""
    DROPPED = "dropped"
    """The call just ended: an exit that leads nowhere, or a hang-up without a word."""
    ABANDONED = "abandoned"
    """The caller hung up before anything was reached."""
    TOO_LONG = "too_long"
    """The longest duration of a call was over."""
    RETURNED = "returned"
    """The flow gave the call back to the flow that had called it."""
    STUCK = "stuck"
    """Too many steps without a pause: the simulator stopped the call."""


class Reached(StrEnum):
    """What a caller called for, once got: it stays true however the call goes on."""

    PERSON = "person"
    MESSAGE = "message"
    CALLBACK = "callback"

    __hash__ = str.__hash__


def how_it_ended(end: End, *, reached: Reached | None, told: bool) -> End:
    """How a call is over, all in all: what its caller got outweighs the way it ended.

    ``told`` is whether something was said since the caller last did something, or something that
    was tried for them failed.
    """
    if end in (End.STUCK, End.TOO_LONG):
        return end
    if reached is not None:
        return End.PERSON if reached is Reached.PERSON else End.MESSAGE
    if end is End.HUNG_UP:
        return End.GOODBYE if told else End.DROPPED
    return end


class Cost(Struct, frozen=True):
    """What a way takes of the caller's time and fingers, and of the project's money."""

    steps: int = 0
    seconds: float = 0.0
    keys: int = 0
    sms: int = 0
    lookups: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.steps + other.steps,
            self.seconds + other.seconds,
            self.keys + other.keys,
            self.sms + other.sms,
            self.lookups + other.lookups,
        )

    def is_within(self, least: "Cost", most: "Cost", *, tolerance: float = 1e-6) -> bool:
        """Whether each part lies between the same parts of two costs."""
        return (
            least.steps <= self.steps <= most.steps
            and least.seconds - tolerance <= self.seconds <= most.seconds + tolerance
            and least.keys <= self.keys <= most.keys
            and least.sms <= self.sms <= most.sms
            and least.lookups <= self.lookups <= most.lookups
        )


class Constant(Struct, frozen=True, tag="constant"):
    """A value that is always the same."""

    value: str | bool


class Formula(Struct, frozen=True, tag="formula"):
    """The value of a formula of our language, at that moment."""

    expression: str


class Given(Struct, frozen=True, omit_defaults=True, tag="given"):
    """A value that comes from outside.

    ``source`` is ``digits`` (what was typed), ``key``, ``speech``, ``lookup`` (``detail`` is the
    path in the answer) or ``returned`` (by a sub-flow; ``detail`` is the formula).
    """

    source: str
    detail: str = ""


class Counted(Struct, frozen=True, tag="counted"):
    """One more than the variable holds; what is no number counts as 0."""


class Sets(Struct, frozen=True, omit_defaults=True):
    """One variable a move sets."""

    variable: str
    what: Constant | Formula | Given | Counted
    scope: str = "call"
    """``call``, ``flow`` (only while in this flow) or ``persistent`` (for the caller's next)."""


class Subject(StrEnum):
    """What the cases of a decision are held against."""

    FORMULA = "formula"
    """The value of ``Chosen.of``, a formula."""
    VARIABLE = "variable"
    """The variable of that name; blank counts as 0 where a number is compared with it."""
    CALLER = "caller"
    """The caller's number."""
    METRIC = "metric"
    """The figure of that name of a queue."""


class Case(Struct, frozen=True):
    """One case of a decision, as documents hold it."""

    operator: str
    value: Json


class Chosen(Struct, frozen=True):
    """A move that data decide: the first of these cases that holds is number ``index``.

    ``index`` ``None`` means that none holds; ``ANONYMOUS`` that the caller shows no number.
    """

    subject: Subject
    of: str
    cases: tuple[Case, ...]
    index: int | None


#: The index of a decision about a caller who shows no number.
ANONYMOUS = -1


class Move(Struct, frozen=True, kw_only=True):
    """One way a call can leave a step."""

    exit: ExitId | None
    """``None``: not by an exit. Then the call ends (``end``), jumps or returns."""
    end: End | None = None
    reached: Reached | None = None
    """What the caller got by this move, whether the call goes on or not."""
    stimuli: tuple[Stimulus, ...] = ()
    """The shortest script by which the step is left so."""
    longest: tuple[Stimulus, ...] = ()
    """The longest one: all tries used, each at its last moment. Corrections are not counted."""
    least: Cost = Cost(steps=1)
    most: Cost = Cost(steps=1)
    """No script costs less than ``least``, nor more than ``most``, in any part."""
    sets: tuple[Sets, ...] = ()
    """The variables it sets, in order."""
    prompts: tuple[Prompt, ...] = ()
    """What is said to the caller, in order, on the shortest script heard to its end."""
    when: Chosen | None = None
    """What must hold for it, where data decide; else the stimuli do."""
    tells: bool | None = None
    """Whether the caller has been told something since they last did something, or something
    failed; ``None``: as before. A hang-up is a goodbye only to one who has."""
    is_certain: bool = True
    """Whether the scripts surely lead this way: not where a pattern of somebody decides."""
    jump: NodeId | None = None
    """The step of this flow it goes on at, without a link."""
    flow: str | None = None
    """The flow it goes on in, for good."""
    outcome: str | None = None
    """The outcome it returns to the calling flow; "" is the usual way."""

    @property
    def key(self) -> tuple[str, str]:
        """What tells the moves of one step apart: the exit, or how the call leaves without one."""
        return (self.exit or "", "" if self.end is None else self.end.value)
