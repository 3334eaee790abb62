"""Scores over time: by week, of everybody or of one agent; and as a table for a spreadsheet."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from statistics import fmean

from msgspec import Struct

from cx_desktop.domain.flow.search import plain
from cx_desktop.domain.recordings.forms import Form
from cx_desktop.domain.recordings.notes import Evaluation, State
from cx_desktop.domain.recordings.worklist import week_of

_WEEK = timedelta(days=7)


class Scored(Struct, frozen=True):
    """A finished evaluation, as far as times and scores go."""

    agent: str
    day: date
    """On which it was finished, where the project is."""
    score: float
    form_id: str = ""
    reviewer: str = ""


class Point(Struct, frozen=True):
    """A week."""

    week: date
    count: int
    mean: float | None
    """None for a week without a score."""
    low: float | None = None
    high: float | None = None


def scored(found: Iterable[Evaluation], day_of: Callable[[datetime], date]) -> Iterator[Scored]:
    """Those that are done and came to a score; calibrations measure reviewers, not agents."""
    for each in found:
        is_counted = each.state is State.DONE and each.calibrates is None and not each.removed
        if is_counted and each.score is not None and each.done_at is not None:
            day = day_of(each.done_at)
            yield Scored(each.agent_name, day, each.score, each.form_id, each.author.name)


def weekly(found: Iterable[Scored], *, until: date, weeks: int) -> tuple[Point, ...]:
    """So many weeks up to the one of a day, the weeks without a score among them."""
    by_week: dict[date, list[float]] = defaultdict(list)
    for each in found:
        by_week[week_of(each.day)].append(each.score)
    last = week_of(until)
    return tuple(
        _point(week, by_week.get(week, []))
        for week in (last - _WEEK * back for back in range(weeks - 1, -1, -1))
    )


def by_agent(found: Iterable[Scored]) -> tuple[tuple[str, int, float], ...]:
    """Each agent with how many evaluations and their mean, in the order of names."""
    scores: dict[str, list[float]] = defaultdict(list)
    for each in found:
        scores[each.agent].append(each.score)
    return tuple(
        (agent, len(some), round(fmean(some), 1))
        for agent, some in sorted(scores.items(), key=lambda each: plain(each[0]))
    )


def rows_of(
    form: Form, found: Iterable[Evaluation], heads: Iterable[str]
) -> Iterator[list[object]]:
    """Evaluations by one form as rows, one column per question after the fixed ones.

    Nothing in them says who called: a recording is told by its id alone.
    """
    asked = form.asked
    yield [*heads, *(question.text for _, question in asked)]
    for each in found:
        answers = each.answers
        yield [
            each.recording_id,
            each.agent_name,
            each.author.name,
            each.done_at.date().isoformat() if each.done_at else "",
            each.form_number,
            each.score,
            each.comment,
            *(_said(answers.get(name)) for name, _ in asked),
        ]


def _said(answer: object) -> str:
    value, comment = getattr(answer, "value", ""), getattr(answer, "comment", "")
    return f"{value} ({comment})" if value and comment else value or comment


def _point(week: date, scores: list[float]) -> Point:
    if not scores:
        return Point(week, 0, None)
    return Point(week, len(scores), round(fmean(scores), 1), min(scores), max(scores))
