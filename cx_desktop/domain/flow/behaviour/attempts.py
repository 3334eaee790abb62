"""How often a step asks again: silences and invalid answers have a limit each, and one together.

One automaton serves the analysis (how many tries a way out takes) and the simulator (what a try
that failed leads to). Where a try reaches two limits, the common one weighs more, unless all tries
failed alike: with 2 silences, 2 invalid answers and 3 tries in all, the third failure leaves by
``max_tries`` whatever it is; with 3, 3 and 3, three silences are ``no_input``.
"""

from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from cx_desktop.domain.flow.graph import ExitId

NO_INPUT = ExitId("no_input")
INVALID = ExitId("invalid")
MAX_TRIES = ExitId("max_tries")


class Fault(StrEnum):
    """Why a try failed."""

    SILENCE = "silence"
    INVALID = "invalid"


class Tries(Struct, frozen=True):
    """The tries of one visit that have failed."""

    silences: int = 0
    invalids: int = 0

    @property
    def count(self) -> int:
        """How many tries have failed."""
        return self.silences + self.invalids


class Limits(Struct, frozen=True):
    """How many tries may fail before the step is left; ``together`` 0 is no common limit."""

    no_input: int
    invalid: int
    together: int
    can_be_silent: bool = True
    """Whether silence fails a try; it does not where it is kept as a value."""
    can_be_invalid: bool = True


def after(limits: Limits, tries: Tries, fault: Fault) -> Tries | ExitId:
    """What follows a try that failed: another one, or the exit by which the step is left."""
    is_silence = fault is Fault.SILENCE
    now = Tries(tries.silences + is_silence, tries.invalids + (not is_silence))
    if limits.together and now.count >= limits.together and not _is_of_one_sort(limits, now):
        return MAX_TRIES
    if now.silences >= limits.no_input:
        return NO_INPUT
    if now.invalids >= limits.invalid:
        return INVALID
    return now


def _is_of_one_sort(limits: Limits, tries: Tries) -> bool:
    """Whether all tries failed alike, and as often as that sort may."""
    if tries.invalids == 0:
        return tries.silences >= limits.no_input
    return tries.silences == 0 and tries.invalids >= limits.invalid


class Faults(NamedTuple):
    """The failed tries on the ways to one end: a short way, a long one, and between which counts.

    ``least`` and ``most`` bound silences and invalid answers each by itself.
    """

    shortest: tuple[Fault, ...]
    longest: tuple[Fault, ...]
    least: Tries
    most: Tries


def before_success(limits: Limits) -> Faults:
    """The tries that may fail before one succeeds."""
    silences, invalids = _spare(limits)
    room = limits.together - 1 if limits.together else silences + invalids
    most = Tries(min(silences, room), min(invalids, room))
    longest = _sequence(most.silences, min(invalids, room - most.silences))
    return Faults((), longest, Tries(), most)


def before_leaving(limits: Limits, way: ExitId) -> Faults | None:
    """The tries that fail before the step is left by an exit for failures.

    ``None`` when no call can leave so: another limit always comes first.
    """
    match way:
        case "no_input":
            return _by_silence(limits)
        case "invalid":
            return _by_invalid(limits)
        case "max_tries":
            return _by_all(limits)
        case _:
            return None


def _spare(limits: Limits) -> tuple[int, int]:
    """How many silences and invalid answers may be without leaving."""
    silences = limits.no_input - 1 if limits.can_be_silent else 0
    return silences, limits.invalid - 1 if limits.can_be_invalid else 0


def _by_silence(limits: Limits) -> Faults | None:
    count, (_, invalids) = limits.no_input, _spare(limits)
    if limits.together:
        invalids = max(0, min(invalids, limits.together - 1 - count))
    if not limits.can_be_silent or _is_beyond(limits, count):
        return None
    return Faults(
        _sequence(count, 0),
        (*_sequence(count - 1, invalids), Fault.SILENCE),
        Tries(count, 0),
        Tries(count, invalids),
    )


def _by_invalid(limits: Limits) -> Faults | None:
    count, (silences, _) = limits.invalid, _spare(limits)
    if limits.together:
        silences = max(0, min(silences, limits.together - 1 - count))
    if not limits.can_be_invalid or _is_beyond(limits, count):
        return None
    return Faults(
        _sequence(0, count), _sequence(silences, count), Tries(0, count), Tries(silences, count)
    )


def _is_beyond(limits: Limits, count: int) -> bool:
    """Whether the common limit always comes before so many tries."""
    return 0 < limits.together < count


def _by_all(limits: Limits) -> Faults | None:
    """All but the last try stay below both other limits; the last one may be of either sort."""
    count, (silences, invalids) = limits.together, _spare(limits)
    fewest, greatest = max(0, count - 1 - invalids), min(silences, count - 1)
    if count == 0 or fewest > greatest:
        return None
    low = fewest + (not limits.can_be_invalid)
    high = greatest + limits.can_be_silent
    if low == 0 and limits.invalid == count:
        low = 1
    if high == count and limits.no_input == count:
        high = count - 1
    if low > high:
        return None
    script = _sequence(high, count - high)
    if high > silences:
        script = (*script[1:], Fault.SILENCE)
    return Faults(script, script, Tries(low, count - high), Tries(high, count - low))


def _sequence(silences: int, invalids: int) -> tuple[Fault, ...]:
    return (Fault.SILENCE,) * silences + (Fault.INVALID,) * invalids
