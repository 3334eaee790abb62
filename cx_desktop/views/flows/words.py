"""How flows, their states and their findings are put into words and colours."""

from collections.abc import Callable
from datetime import datetime

from cx_desktop.domain.finding import Severity
from cx_desktop.domain.numbers import spelled
from cx_desktop.models.flow_rows import FlowRow
from cx_desktop.models.language import Language
from cx_desktop.models.objects.facts import ObjectState
from cx_desktop.models.table import Column
from cx_desktop.views.objects.finding_words import (
    ICON_BY_SEVERITY,
    TONE_BY_SEVERITY,
    findings_words,
)
from cx_desktop.views.objects.words import ICON_BY_STATE, TONE_BY_STATE, ago, author_words
from cx_desktop.views.widgets.pill import Pill

#: The columns of the list by position, and how narrow they may become.
NAME, STATE, FINDINGS, NUMBERS, STEPS, CHANGED, SENT = range(7)
LEAST = (200, 110, 90, 130, 64, 130, 60)
HIDDEN = (STEPS,)


def state_words(language: Language, state: ObjectState, live_revision: int | None) -> str:
    """« En service · v12 »."""
    if state in {ObjectState.LIVE, ObjectState.AHEAD} and live_revision is not None:
        return language.text(f"flows.state.{state}", number=live_revision)
    return language.text(f"flows.state.{state}")


def state_pills(language: Language, row: FlowRow) -> tuple[Pill, ...]:
    """How a flow stands."""
    text = state_words(language, row.state, row.live_revision)
    return (Pill(text, TONE_BY_STATE[row.state], ICON_BY_STATE[row.state]),)


def findings_pills(_language: Language, row: FlowRow) -> tuple[Pill, ...]:
    """How many findings there are, a pill for each severity."""
    counts = ((Severity.BLOCKING, row.blocking), (Severity.WARNING, row.warnings))
    return tuple(
        Pill(str(count), TONE_BY_SEVERITY[severity], ICON_BY_SEVERITY[severity])
        for severity, count in counts
        if count
    )


def sent_pills(language: Language, row: FlowRow) -> tuple[Pill, ...]:
    """Whether edits wait to be sent, or for a decision."""
    if row.is_disputed:
        return (Pill(language.text("settle.badge"), "block", "git-merge"),)
    text = language.text("flows.unsent")
    return (Pill(text, "accent", "cloud-arrow-up"),) if row.is_unsent else ()


def sent_words(language: Language, row: FlowRow, key: str = "") -> str:
    """The same in words, or what helps."""
    if row.is_disputed:
        return language.text(f"settle.badge{key}")
    return language.text(f"flows.unsent{key}") if row.is_unsent else ""


def numbers_words(language: Language, row: FlowRow) -> str:
    """« 01 99 00 12 34 et 2 autres »."""
    if not row.numbers:
        return ""
    first, more = spelled(row.numbers[0].e164), len(row.numbers) - 1
    return f"{first} {language.plural('flows.numbers.more', more)}" if more else first


def numbers_to_find(row: FlowRow) -> str:
    """Everything a number can be found by: its label, as it is written, and as it is kept."""
    return " ".join(f"{each.label} {spelled(each.e164)} {each.e164}" for each in row.numbers)


def changed_words(language: Language, row: FlowRow, now: datetime) -> str:
    """« Léa Martin · hier »."""
    if row.updated_at is None:
        return language.text("flows.only-here")
    who = author_words(language, row.updated_by, is_me=row.is_by_me)
    return f"{who} · {ago(language, row.updated_at, now)}"


def columns(language: Language, now: Callable[[], datetime]) -> tuple[Column[FlowRow], ...]:
    """The columns of the list, in the order of the constants above."""
    long_ago = 0.0
    return (
        Column(
            "flows.column.name",
            text=lambda row: row.name,
            sort_key=lambda row: row.name.casefold(),
            tooltip=lambda row: f"{row.name}\n{row.description}".strip(),
        ),
        Column(
            "flows.column.state",
            text=lambda row: state_words(language, row.state, row.live_revision),
            sort_key=lambda row: list(ObjectState).index(row.state),
            tooltip=lambda row: language.text(f"flows.state.{row.state}.help"),
        ),
        Column(
            "flows.column.findings",
            text=lambda row: findings_words(language, row.blocking, row.warnings),
            sort_key=lambda row: row.blocking * 10_000 + row.warnings,
            tooltip=lambda row: findings_words(language, row.blocking, row.warnings),
        ),
        Column(
            "flows.column.numbers",
            text=lambda row: numbers_words(language, row),
            sort_key=lambda row: ", ".join(each.e164 for each in row.numbers),
            tooltip=lambda row: "\n".join(
                " · ".join(filter(None, (each.label, spelled(each.e164), each.e164)))
                for each in row.numbers
            ),
        ),
        Column(
            "flows.column.steps",
            text=lambda row: str(row.steps),
            is_number=True,
            sort_key=lambda row: row.steps,
        ),
        Column(
            "flows.column.changed",
            text=lambda row: changed_words(language, row, now()),
            sort_key=lambda row: row.updated_at.timestamp() if row.updated_at else long_ago,
            tooltip=lambda row: language.day_and_time(row.updated_at) if row.updated_at else "",
        ),
        Column(
            "flows.column.sent",
            text=lambda row: sent_words(language, row),
            sort_key=lambda row: (row.is_disputed, row.is_unsent),
            tooltip=lambda row: sent_words(language, row, ".help"),
        ),
    )
