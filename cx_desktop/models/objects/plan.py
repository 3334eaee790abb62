"""What publishing objects together would do: to each of them, and to the flows that use them.

Schedules, queues and numbers are referenced and live: what is published of them is heard at once
in every flow that uses them. Prompts and sub-flows are pinned: a flow goes on with the version it
was published with, until it is published again.
"""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct

from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.flow.summary import NodeName, Summary
from cx_desktop.domain.patch import Document
from cx_desktop.domain.timed import Span, Timed, met_by
from cx_desktop.models.objects.facts import ObjectFacts
from cx_desktop.models.objects.uses import Use
from cx_desktop.models.timing import Timing
from cx_desktop.protocol import PublishedObject

#: Judges a document of one type, as the day stands.
Judge = Callable[[Document, date], tuple[Finding, ...]]
#: The types of which a flow goes on using the version that it was published with.
PINNED = frozenset({"flow", "prompt"})
#: The refusal for tests that have not passed.
TESTS_FAILED = "tests-failed"


class Need(StrEnum):
    """Why an object stands in a plan."""

    ASKED = "asked"
    NEEDED = "needed"
    """What was asked for uses it, and callers hear nothing of it yet."""
    OFFERED = "offered"
    """What was asked for uses it, and its draft is ahead of what callers hear."""
    FOLLOWS = "follows"
    """It uses what was asked for, in the version that it was published with."""


class Repin(Struct, frozen=True):
    """A prompt or a sub-flow of which a flow takes up another version."""

    type: str
    name: str
    old: int
    new: int


class Planned(Struct, frozen=True, kw_only=True):
    """One object that would go live."""

    type: str
    facts: ObjectFacts
    number: int
    """The revision that will be made."""
    live: Document | None
    """What callers hear now, if anything."""
    new: Document
    need: Need = Need.ASKED
    uses: tuple[str, ...] = ()
    """The other objects of the plan that it uses, by id."""
    why_not: str = ""
    """The key of the reason why this user may not publish it; "" when they may."""
    findings: tuple[Finding, ...] = ()
    failed: tuple[str, ...] = ()
    """The tests of a flow that have not passed, by name."""
    repins: tuple[Repin, ...] = ()
    summary: Summary | None = None
    """Of a flow: what differs from what callers hear; from nothing when nothing is live."""
    names: Mapping[str, NodeName] = {}
    """What the nodes of a flow are called, by id."""

    @property
    def id(self) -> str:
        """The object's id."""
        return self.facts.id

    @property
    def is_first(self) -> bool:
        """Whether callers hear nothing of it yet."""
        return self.facts.live_revision is None

    @property
    def changes_nothing(self) -> bool:
        """Whether callers hear it so already."""
        if self.is_first or self.repins:
            return False
        return self.summary.is_empty if self.summary is not None else self.live == self.new


class Touched(Struct, frozen=True):
    """A flow in which the change will be heard."""

    flow: Use
    findings: tuple[Finding, ...] = ()
    through: str = ""
    """The queue by which the flow comes to it; "" when it uses it itself."""
    is_pinned: bool = False
    """Whether it goes on with the version it has until it is published again."""
    failed: tuple[str, ...] = ()
    """Its tests that have not passed, by name."""
    names: Mapping[str, NodeName] = {}
    """What its nodes are called, by id."""


class Plan(Struct, frozen=True):
    """What publishing or returning would do."""

    project_id: str
    objects: tuple[Planned, ...]
    """What was asked for, then what it uses that is ahead of live or was never published."""
    chosen: frozenset[str]
    """Which of them go live, by id."""
    touched: tuple[Touched, ...] = ()
    numbers: tuple[str, ...] = ()
    """The numbers whose callers will meet the change."""
    returns_to: int | None = None
    failed_elsewhere: tuple[str, ...] = ()
    """The tests of other flows for which the service refused it."""
    zone: str = "Europe/Paris"
    """Whose clocks count in the project."""
    timed: tuple[Timed, ...] = ()
    """What is planned in the project."""

    @property
    def asked(self) -> tuple[Planned, ...]:
        """What was asked for."""
        return tuple(each for each in self.objects if each.need is Need.ASKED)

    @property
    def offered(self) -> tuple[Planned, ...]:
        """What may go live with it."""
        return tuple(each for each in self.objects if each.need is not Need.ASKED)

    @property
    def going(self) -> tuple[Planned, ...]:
        """What goes live: all that is chosen, save what callers hear so already."""
        return tuple(
            each
            for each in self.objects
            if each.id in self.chosen and (self.returns_to is not None or not each.changes_nothing)
        )

    @property
    def published(self) -> tuple[PublishedObject, ...]:
        """What goes live, by the versions that were looked at."""
        return tuple(
            PublishedObject(entity=each.type, id=each.id, etag=each.facts.etag)
            for each in self.going
        )

    @property
    def may_return(self) -> bool:
        """Whether something is live of all that goes live, so that it can come back."""
        return all(not each.is_first for each in self.going)

    @property
    def undone(self) -> tuple[Timed, ...]:
        """What is planned and would not happen any more, were this to go live now."""
        going = {each.id for each in self.going}
        return tuple(
            each
            for each in self.timed
            if each.is_pending
            and not each.whatever_is_live
            and any(named.id in going for named in each.objects)
        )

    def met_by(self, timing: Timing) -> Timed | None:
        """What is planned already, and decides over the same objects at the same time."""
        begins = timing.at or timing.returns_at
        if begins is None:
            return None
        ends = timing.returns_at if timing.at is not None else None
        return met_by(Span(frozenset(each.id for each in self.going), begins, ends), self.timed)

    @property
    def name(self) -> str:
        """What was asked for, by name."""
        return ", ".join(each.facts.name for each in self.asked)

    @property
    def number(self) -> int:
        """The revision that will be made of the first object that goes live."""
        return (self.going or self.objects)[0].number

    @property
    def live_number(self) -> int | None:
        """The revision of the first object that callers hear now."""
        return (self.going or self.objects)[0].facts.live_revision

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that refuse it."""
        return tuple(
            finding
            for each in self.objects
            if each.id in self.chosen
            for finding in each.findings
            if finding.severity is Severity.BLOCKING
        )

    @property
    def failed(self) -> tuple[str, ...]:
        """The tests that have not passed; they refuse it unless that is overridden."""
        going = (name for each in self.going for name in each.failed)
        touched = (f"{each.flow.name} — {name}" for each in self.touched for name in each.failed)
        return (*going, *touched, *self.failed_elsewhere)

    @property
    def changes_nothing(self) -> bool:
        """Whether callers hear all of it so already."""
        return not self.going
