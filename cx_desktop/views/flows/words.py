"""How flows, their states and their findings are put into words and colours."""

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QDate

from cx_desktop.domain.finding import Finding, Severity, in_words
from cx_desktop.models.flow_entity import FlowState
from cx_desktop.models.flow_rows import FlowRow
from cx_desktop.models.language import Language
from cx_desktop.models.table import Column

TONE_BY_STATE = {
    FlowState.LIVE: "ok",
    FlowState.AHEAD: "warn",
    FlowState.NEVER: "info",
    FlowState.ARCHIVED: "",
}
ICON_BY_STATE = {
    FlowState.LIVE: "broadcast",
    FlowState.AHEAD: "pencil-simple",
    FlowState.NEVER: "circle-dashed",
    FlowState.ARCHIVED: "archive",
}
TONE_BY_SEVERITY = {
    Severity.BLOCKING: "block",
    Severity.WARNING: "warn",
    Severity.INFORMATION: "info",
}
ICON_BY_SEVERITY = {
    Severity.BLOCKING: "warning-octagon",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "info",
}

#: The columns of the list by position.
NAME, STATE, FINDINGS, NUMBERS, STEPS, CHANGED, SENT = range(7)
WIDTHS = (0, 206, 136, 146, 70, 216, 96)
HIDDEN = (STEPS,)


def state_words(language: Language, state: FlowState, live_revision: int | None) -> str:
    """« En service · v12 »."""
    if state in {FlowState.LIVE, FlowState.AHEAD} and live_revision is not None:
        return language.text(f"flows.state.{state}", number=live_revision)
    return language.text(f"flows.state.{state}")


def findings_words(language: Language, blocking: int, warnings: int) -> str:
    """« 1 bloquante · 2 avertissements »; nothing when there is nothing to say."""
    parts = []
    if blocking:
        parts.append(language.plural("flows.findings.blocking", blocking))
    if warnings:
        parts.append(language.plural("flows.findings.warnings", warnings))
    return " · ".join(parts)


def finding_words(language: Language, finding: Finding) -> str:
    """What a rule has to say, after the field or the exit it says it of."""
    said = in_words(finding, language.text)
    if finding.property is not None:
        where = language.text(f"prop.{finding.property}")
    elif finding.exit is not None:
        where = language.text("flows.exit", exit=exit_words(language, finding.exit))
    else:
        return said
    return language.text("flows.summary.line", name=where, what=said)


def exit_words(language: Language, way: str) -> str:
    """The name of an exit that may not be in the flow any more."""
    if way.startswith("key_"):
        return way.removeprefix("key_")
    key = f"exit.{way}"
    return language.text(key) if language.catalogue.has(key) else way.removeprefix("case:")


def author_words(language: Language, name: str, *, is_me: bool) -> str:
    """Who it was: a name, or you."""
    return language.text("flows.you") if is_me or not name else name


def changed_words(language: Language, row: FlowRow, now: datetime) -> str:
    """« Léa Martin · hier »."""
    if row.updated_at is None:
        return language.text("flows.only-here")
    who = author_words(language, row.updated_by, is_me=row.is_by_me)
    return f"{who} · {short_since(language, row.updated_at, now)}"


def short_since(language: Language, moment: datetime, now: datetime) -> str:
    """As near as a reader needs it, and short enough for a column: 14 h 02, hier, 3 oct. 2026."""
    if now - moment < timedelta(days=6):
        return language.since(moment, now)
    day = moment.astimezone()
    return language.locale.toString(QDate(day.year, day.month, day.day), "d MMM yyyy")


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
            sort_key=lambda row: list(FlowState).index(row.state),
            tooltip=lambda row: language.text(f"flows.state.{row.state}.help"),
        ),
        Column(
            "flows.column.findings",
            text=lambda row: findings_words(language, row.blocking, row.warnings),
            sort_key=lambda row: row.blocking * 10_000 + row.warnings,
        ),
        Column(
            "flows.column.numbers",
            text=lambda row: ", ".join(row.numbers),
            sort_key=lambda row: len(row.numbers),
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
            text=lambda row: language.text("flows.unsent") if row.is_unsent else "",
            sort_key=lambda row: row.is_unsent,
            tooltip=lambda row: language.text("flows.unsent.help") if row.is_unsent else "",
        ),
    )


def findings_tone(row: FlowRow) -> str:
    """The colour of the worst finding of a flow."""
    return "block" if row.blocking else "warn"


def findings_icon(row: FlowRow) -> str:
    """The icon of the worst finding of a flow."""
    return ICON_BY_SEVERITY[Severity.BLOCKING if row.blocking else Severity.WARNING]
