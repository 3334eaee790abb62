"""What is wrong with a queue, or worth knowing: the rules QUE-01 and following.

The words stand in the catalogue: ``finding.<id>`` says what is wrong, ``finding.<id>.hint`` what
to do about it.
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.flow.references import Context, QueueFacts
from cx_desktop.domain.flow.rules import Rule
from cx_desktop.domain.patch import Json
from cx_desktop.domain.queues.queue import Queue, Then, queue_of

NO_OVERFLOW = Rule("QUE-01", Severity.BLOCKING)
IN_CIRCLES = Rule("QUE-02", Severity.BLOCKING)
NO_GOODBYE = Rule("QUE-03", Severity.BLOCKING)
NO_SUCH_OBJECT = Rule("QUE-04", Severity.BLOCKING)
NOT_SUBSCRIBED = Rule("QUE-05", Severity.BLOCKING)
NO_END = Rule("QUE-06", Severity.WARNING)
NEVER_OPEN = Rule("QUE-07", Severity.WARNING)
TARGET_TOO_LATE = Rule("QUE-08", Severity.WARNING)
CALLBACK_TOO_LATE = Rule("QUE-09", Severity.WARNING)
ANNOUNCED_TOO_LATE = Rule("QUE-10", Severity.WARNING)
LABEL_TAKEN = Rule("QUE-11", Severity.WARNING)
SAYS_NOTHING = Rule("QUE-12", Severity.INFORMATION)
NO_MUSIC = Rule("QUE-13", Severity.INFORMATION)
NO_SCHEDULE = Rule("QUE-14", Severity.INFORMATION)

RULES: Mapping[str, Rule] = {
    rule.id: rule
    for rule in (
        *(NO_OVERFLOW, IN_CIRCLES, NO_GOODBYE, NO_SUCH_OBJECT, NOT_SUBSCRIBED),
        *(NO_END, NEVER_OPEN, TARGET_TOO_LATE, CALLBACK_TOO_LATE, ANNOUNCED_TOO_LATE),
        *(LABEL_TAKEN, SAYS_NOTHING, NO_MUSIC, NO_SCHEDULE),
    )
}

QUEUE_FEATURE = "call_centre"
#: Whoever waits longer without a word believes that nobody is there, in seconds.
LONGEST_SILENCE = 120


_NOTHING_KNOWN = Context()


def findings(
    queue: Queue, around: Context = _NOTHING_KNOWN, *, own_id: str = ""
) -> tuple[Finding, ...]:
    """Everything the rules have to say, blocking ones first.

    ``own_id`` tells the queue from the others of its project, where it has an id already.
    ``Finding.node`` is the field in question, ``None`` where it is the queue as a whole.
    """
    found = [
        *_of_features(around),
        *_of_end(queue, around, own_id),
        *_of_references(queue, around),
        *_of_waiting(queue),
        *_of_schedule(queue, around),
        *_of_label(queue, around, own_id),
    ]
    order = list(Severity)
    return tuple(sorted(found, key=lambda each: order.index(each.severity)))


def _found(rule: Rule, where: str | None, /, **params: str | int) -> Finding:
    return Finding(rule=rule.id, severity=rule.severity, node=where, params=params)


def _of_features(around: Context) -> Iterator[Finding]:
    if around.features is not None and QUEUE_FEATURE not in around.features:
        yield _found(NOT_SUBSCRIBED, None, feature=QUEUE_FEATURE)


def _of_end(queue: Queue, around: Context, own_id: str) -> Iterator[Finding]:
    """What becomes of calls that nobody takes."""
    match queue.then:
        case Then.QUEUE if not queue.overflow:
            yield _found(NO_OVERFLOW, "overflow")
        case Then.QUEUE if _runs_in_circles(queue, around, own_id):
            yield _found(IN_CIRCLES, "overflow")
        case Then.GOODBYE if not queue.goodbye:
            yield _found(NO_GOODBYE, "goodbye")
        case _:
            pass
    if not queue.longest_wait:
        yield _found(NO_END, "longest_wait")


def _runs_in_circles(queue: Queue, around: Context, own_id: str) -> bool:
    """Whether a call that is passed on comes back to where it was."""
    queues = around.queue_facts or {}
    seen = {own_id} if own_id else set()
    then = queue.passes_to
    while then and then not in seen:
        seen.add(then)
        then = queues[then].passes_to if then in queues else ""
    return bool(then)


def _of_references(queue: Queue, around: Context) -> Iterator[Finding]:
    wanted = (
        ("schedule", queue.schedule, around.schedules),
        ("music", queue.music, around.prompts),
        ("comfort", queue.comfort, around.prompts),
        ("goodbye", queue.goodbye if queue.then is Then.GOODBYE else "", around.prompts),
        ("overflow", queue.passes_to, around.queues),
    )
    for name, target, known in wanted:
        if target and known is not None and target not in known:
            yield _found(NO_SUCH_OBJECT, name)


def _of_waiting(queue: Queue) -> Iterator[Finding]:
    longest = queue.longest_wait
    if longest and queue.answer_within > longest:
        yield _found(TARGET_TOO_LATE, "answer_within", seconds=longest)
    if longest and queue.callback and queue.callback_after >= longest:
        yield _found(CALLBACK_TOO_LATE, "callback_after", seconds=longest)
    if longest and queue.announces and queue.announce_every >= longest:
        yield _found(ANNOUNCED_TOO_LATE, "announce_every", seconds=longest)
    if not queue.announces and not 0 < longest <= LONGEST_SILENCE:
        yield _found(SAYS_NOTHING, "comfort")
    if not queue.music:
        yield _found(NO_MUSIC, "music")


def _of_schedule(queue: Queue, around: Context) -> Iterator[Finding]:
    if not queue.schedule:
        yield _found(NO_SCHEDULE, "schedule")
        return
    hours = (around.schedule_facts or {}).get(queue.schedule)
    if hours is not None and not hours.opens:
        yield _found(NEVER_OPEN, "schedule")


def _of_label(queue: Queue, around: Context, own_id: str) -> Iterator[Finding]:
    label = queue.label.casefold()
    if not label or not own_id:
        return
    for name, other in (around.queue_facts or {}).items():
        if name != own_id and other.label.casefold() == label:
            yield _found(LABEL_TAKEN, "label", value=queue.label)
            return


def facts_of_queue(queue: Queue, *, is_live: bool = True) -> QueueFacts:
    """What flows and other queues ask of a queue."""
    return QueueFacts(
        label=queue.label,
        schedule=queue.schedule,
        passes_to=queue.passes_to,
        is_live=is_live,
    )


def facts_of_queues(drafts: Iterable[tuple[str, Json, bool]]) -> dict[str, QueueFacts]:
    """The facts of queues, given as id, draft and whether anything of it is live.

    A draft that is none is left out.
    """
    facts: dict[str, QueueFacts] = {}
    for name, draft, is_live in drafts:
        if isinstance(draft, dict):
            try:
                facts[name] = facts_of_queue(queue_of(draft), is_live=is_live)
            except msgspec.ValidationError:
                continue
    return facts
