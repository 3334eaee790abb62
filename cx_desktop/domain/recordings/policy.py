"""What a project records, for how long, and who is told: its recording policy.

A policy is kept as JSON (type ``recording_policy``, one per project) and changed as a whole. The
rules are those of article 4.2: recording is occasional and random, never of everybody and never
for ever; whoever is recorded has been told.
"""

import uuid
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType

import msgspec
from msgspec import Struct

from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.flow.rules import Rule
from cx_desktop.domain.patch import Document
from cx_desktop.domain.recordings.packs import Packs
from cx_desktop.domain.recordings.retention import LONGEST_MONTHS, Retention

MONTHS = Rule("REC-01", Severity.BLOCKING)
RAISED = Rule("REC-01-RAISED", Severity.BLOCKING)
EVERY_CALL = Rule("REC-02", Severity.BLOCKING)
NO_END = Rule("REC-02-END", Severity.BLOCKING)
END_IS_OVER = Rule("REC-02-OVER", Severity.BLOCKING)
MANY_CALLS = Rule("REC-02-MANY", Severity.WARNING)
NOTICE = Rule("REC-03", Severity.BLOCKING)
NOTICE_OUT = Rule("REC-03-OUT", Severity.BLOCKING)
STAFF = Rule("REC-03-STAFF", Severity.WARNING)
SCOPE = Rule("REC-04", Severity.BLOCKING)
NO_SCOPE = Rule("REC-04-NONE", Severity.BLOCKING)
DUE_NOW = Rule("REC-08", Severity.WARNING)
NO_PAUSE = Rule("REC-09", Severity.WARNING)

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.id: rule
        for rule in (
            *(MONTHS, RAISED, EVERY_CALL, NO_END, END_IS_OVER, MANY_CALLS, NOTICE, NOTICE_OUT),
            *(STAFF, SCOPE, NO_SCOPE, DUE_NOW, NO_PAUSE),
        )
    }
)
#: Rules that hold for a policy that records nothing, too.
_ALWAYS = frozenset({MONTHS.id, RAISED.id})

#: What whoever is recorded has been told (article 4.2): eight items.
ITEMS = (
    "existence",
    "controller",
    "purpose",
    "retention",
    "recipients",
    "right_access",
    "right_rectification",
    "right_objection",
)
MOST_PERCENT = 100
#: More than this of all calls is not occasional any more.
_MANY = 50
_NAMESPACE = uuid.UUID("0f2f0b0e-7e1c-5c0e-8d55-6c7a3c7f8f4e")


class Scope(StrEnum):
    """Which calls may be recorded at all (REC-04)."""

    IVR_TRANSFER = "ivr_transfer"
    """Calls that a flow transferred, from the transfer on."""
    AGENT_IN = "agent_in"
    AGENT_OUT = "agent_out"


class Pause(StrEnum):
    """How recording stops while somebody says what nobody may keep (REC-09)."""

    NONE = "none"
    AGENT = "agent"
    """The agent presses a button."""
    AUTOMATIC = "automatic"
    """The telephone system stops while card data is asked for."""


class Notice(Struct, frozen=True, kw_only=True):
    """What whoever is recorded is told."""

    items: tuple[str, ...] = ()
    """Those of ``ITEMS`` that are told."""
    prompt_id: str | None = None
    """The message that callers hear."""
    outbound_prompt_id: str | None = None
    """What those hear whom an agent calls; none where the agent says it."""
    is_said_by_agents: bool = False
    """Whether agents tell it to those whom they call."""
    staff_told_on: date | None = None
    """The day on which the staff was told."""


class Policy(Struct, frozen=True, kw_only=True):
    """The recording policy of a project."""

    is_on: bool = False
    rate: int = 10
    """How many calls of a hundred are recorded, drawn at random."""
    end_date: date | None = None
    """The last day on which calls are recorded."""
    scope: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    """Only the calls of these queues; none named: of all."""
    purpose: str = ""
    notice: Notice = Notice()
    retention: Retention = Retention()
    pause: str = Pause.NONE
    packs: Packs = Packs(1, 1)
    is_overage_allowed: bool = False


def policy_of(data: Document) -> Policy:
    """The policy that an entity holds, as far as this program understands it."""
    return msgspec.convert(data, Policy)


def policy_id(project_id: str) -> str:
    """The id of a project's policy: it has one, whoever writes it first."""
    return str(uuid.uuid5(_NAMESPACE, project_id))


def findings(policy: Policy, today: date, *, was: Policy | None = None) -> tuple[Finding, ...]:
    """Everything the rules have to say, blocking ones first.

    ``was`` is the policy that this one takes the place of: retention is lowered, never raised.
    ``Finding.property`` is the field in question.
    """
    found = [
        *_of_months(policy.retention),
        *(_of_raising(policy.retention, was.retention) if was is not None else ()),
        *_of_rate(policy),
        *_of_end(policy, today),
        *_of_notice(policy),
        *_of_scope(policy),
        *_of_pause(policy),
    ]
    order = list(Severity)
    return tuple(sorted(found, key=lambda each: order.index(each.severity)))


def refusals(policy: Policy, today: date, *, was: Policy | None = None) -> tuple[Finding, ...]:
    """The findings that forbid a policy: what is switched off may be unfinished."""
    return tuple(
        each
        for each in findings(policy, today, was=was)
        if each.severity is Severity.BLOCKING and (policy.is_on or each.rule in _ALWAYS)
    )


def missing_items(items: tuple[str, ...]) -> tuple[str, ...]:
    """The items that a notice leaves out (REC-03)."""
    return tuple(each for each in ITEMS if each not in items)


def _found(rule: Rule, where: str, /, **params: str | int) -> Finding:
    return Finding(rule=rule.id, severity=rule.severity, property=where, params=params)


def _is_allowed(months: int) -> bool:
    return 1 <= months <= LONGEST_MONTHS


def _of_months(retention: Retention) -> Iterator[Finding]:
    if not _is_allowed(retention.months):
        yield _found(MONTHS, "retention.months", months=retention.months)
    for queue_id, months in retention.queues.items():
        if not _is_allowed(months):
            yield _found(MONTHS, f"retention.queues.{queue_id}", months=months)


def _of_raising(now: Retention, was: Retention) -> Iterator[Finding]:
    if now.months > was.months:
        yield _found(RAISED, "retention.months", months=now.months, was=was.months)
    for queue_id in sorted({*now.queues, *was.queues}):
        before, after = was.months_of(queue_id), now.months_of(queue_id)
        if before < after and before < was.months:
            yield _found(RAISED, f"retention.queues.{queue_id}", months=after, was=before)


def _of_rate(policy: Policy) -> Iterator[Finding]:
    if not 0 <= policy.rate < MOST_PERCENT:
        yield _found(EVERY_CALL, "rate", rate=policy.rate)
    elif policy.rate > _MANY:
        yield _found(MANY_CALLS, "rate", rate=policy.rate)


def _of_end(policy: Policy, today: date) -> Iterator[Finding]:
    if policy.end_date is None:
        yield _found(NO_END, "end_date")
    elif policy.end_date < today:
        yield _found(END_IS_OVER, "end_date", day=policy.end_date.isoformat())


def _of_notice(policy: Policy) -> Iterator[Finding]:
    missing = missing_items(policy.notice.items)
    if missing:
        yield _found(NOTICE, "notice.items", items=", ".join(missing), count=len(missing))
    notice = policy.notice
    is_told = notice.is_said_by_agents or notice.outbound_prompt_id is not None
    if Scope.AGENT_OUT in policy.scope and not is_told:
        yield _found(NOTICE_OUT, "notice.outbound_prompt_id")
    if notice.staff_told_on is None:
        yield _found(STAFF, "notice.staff_told_on")


def _of_scope(policy: Policy) -> Iterator[Finding]:
    if not policy.scope:
        yield _found(NO_SCOPE, "scope")
    for each in policy.scope:
        if each not in tuple(Scope):
            yield _found(SCOPE, "scope", scope=each)


def _of_pause(policy: Policy) -> Iterator[Finding]:
    if policy.pause not in (Pause.AGENT, Pause.AUTOMATIC):
        yield _found(NO_PAUSE, "pause")
