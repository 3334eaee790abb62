"""How a call comes into a context: at one extension, or at the one whose number was called."""

from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

from cx_desktop.domain.flow.formats.asterisk.patterns import (
    SPECIAL,
    expression_of,
    is_dialled,
    is_pattern,
    longest,
    name_of,
)
from cx_desktop.domain.flow.formats.asterisk.plan import Found, Plan, Target


class Lead(Enum):
    """What a case of a dispatch leads to."""

    EXTENSION = auto()
    """An extension of this context."""
    PRIORITY = auto()
    """A place in the middle of an extension, which other contexts jump to."""
    CONTEXT = auto()
    """Another context, which this one includes."""


class Entry(NamedTuple):
    """One case of a dispatch: what was called, and where that leads."""

    label: str
    operator: str
    value: str
    lead: Lead
    target: str
    priority: int = 1
    times: str = ""
    """The hours at which an included context counts."""


class Entries(NamedTuple):
    """The cases by which calls come into a context, and where all others go."""

    cases: tuple[Entry, ...]
    otherwise: Found | None

    @property
    def is_direct(self) -> bool:
        """Whether every call comes in at one place."""
        return not self.cases


class Asked(NamedTuple):
    """What other steps want of a context."""

    extensions: frozenset[str]
    """Extensions that are jumped to from elsewhere."""
    places: frozenset[Target]
    """Places in the middle of extensions that are jumped to from elsewhere."""
    is_open: bool
    """Whether the extension is only known at the call."""


NOTHING = Asked(frozenset(), frozenset(), is_open=False)


def entries_of(plan: Plan, section: str, asked: Asked) -> Entries:
    """How calls come into a context."""
    names = plan.in_order(section)
    start = Found(section, "s") if "s" in names else None
    wanted = [name for name in names if _is_entry(name, start is not None, asked)]
    includes = tuple(_includes(plan, section))
    places = tuple(_places(plan, section, asked))
    is_sole = len(wanted) == 1 and not name_of(wanted[0]).is_conditional
    if start is None and is_sole and not includes and not places:
        return Entries((), Found(section, wanted[0]))
    if start is None and not wanted and not includes:
        return Entries(places, _special(plan, section))
    own = tuple(_cases(wanted))
    return Entries((*places, *own, *includes), start or plan.find(section, "i"))


def _special(plan: Plan, section: str) -> Found | None:
    """Where a context begins that has only extensions of the engine's own."""
    names = plan.sections[section].extensions
    return next((Found(section, name) for name in names), None)


def _is_entry(name: str, has_start: bool, asked: Asked) -> bool:  # noqa: FBT001 - one question
    """Whether a call may come in at an extension; beside ``s``, single keys belong to a menu."""
    if name == "s":
        return not has_start
    if not has_start or asked.is_open or name in asked.extensions:
        return True
    called = name_of(name).called
    return not is_dialled(called) or longest(called) > 1


def _cases(names: list[str]) -> Iterator[Entry]:
    """A case for each number; extensions that count only for some callers share one."""
    seen: set[str] = set()
    for name in names:
        called = name_of(name)
        if called.called not in seen and not called.caller.endswith("="):
            seen.add(called.called)
            yield _case(name)


def _case(name: str) -> Entry:
    called = name_of(name).called
    if is_pattern(called):
        return Entry(name, "matches", expression_of(called), Lead.EXTENSION, name)
    return Entry(name if name != called else "", "equals", called, Lead.EXTENSION, name)


def _includes(plan: Plan, section: str, *, only_typed: bool = False) -> Iterator[Entry]:
    for include in plan.includes(section):
        for expression in plan.expressions(include.context, only_typed=only_typed):
            yield Entry(
                include.context,
                "matches",
                expression,
                Lead.CONTEXT,
                include.context,
                times=include.times,
            )


def _places(plan: Plan, section: str, asked: Asked) -> Iterator[Entry]:
    for place in sorted(asked.places):
        step = plan.steps(Found(section, place.extension))[place.priority]
        yield Entry("", "equals", step.name, Lead.PRIORITY, place.extension, place.priority)


def typed(plan: Plan, section: str) -> Entries:
    """What a caller may type in a context that has several digits."""
    names = [
        name
        for name in plan.in_order(section)
        if name not in SPECIAL
        and is_dialled(name_of(name).called)
        and longest(name_of(name).called) > 1
    ]
    cases = (*_cases(names), *_includes(plan, section, only_typed=True))
    return Entries(cases, plan.find(section, "i"))
