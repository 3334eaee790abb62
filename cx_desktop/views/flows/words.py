"""How flows, their states and their findings are put into words and colours."""

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QDate

from cx_desktop.domain.finding import Finding, Severity, in_words
from cx_desktop.domain.numbers import spelled
from cx_desktop.models.flow_rows import FlowRow
from cx_desktop.models.language import Language
from cx_desktop.models.objects.facts import ObjectState
from cx_desktop.models.table import Column
from cx_desktop.views.widgets.pill import Pill

TONE_BY_STATE = {
    ObjectState.LIVE: "ok",
    ObjectState.AHEAD: "warn",
    ObjectState.NEVER: "info",
    ObjectState.ARCHIVED: "",
}
ICON_BY_STATE = {
    ObjectState.LIVE: "broadcast",
    ObjectState.AHEAD: "pencil-simple",
    ObjectState.NEVER: "circle-dashed",
    ObjectState.ARCHIVED: "archive",
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

#: From then on, « il y a … » counts weeks, and later says the day.
_DAYS_OF_WEEKS, _DAYS_OF_MONTHS = 14, 60

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
    """Whether edits wait to be sent."""
    return (
        (Pill(language.text("flows.unsent"), "accent", "cloud-arrow-up"),) if row.is_unsent else ()
    )


def numbers_words(language: Language, row: FlowRow) -> str:
    """« 01 99 00 12 34 et 2 autres »."""
    if not row.numbers:
        return ""
    first, more = spelled(row.numbers[0].e164), len(row.numbers) - 1
    return f"{first} {language.plural('flows.numbers.more', more)}" if more else first


def numbers_to_find(row: FlowRow) -> str:
    """Everything a number can be found by: its label, as it is written, and as it is kept."""
    return " ".join(f"{each.label} {spelled(each.e164)} {each.e164}" for each in row.numbers)


def findings_words(language: Language, blocking: int, warnings: int) -> str:
    """« 1 bloquante · 2 avertissements », or that there are none."""
    parts = []
    if blocking:
        parts.append(language.plural("flows.findings.blocking", blocking))
    if warnings:
        parts.append(language.plural("flows.findings.warnings", warnings))
    return " · ".join(parts) or language.text("flows.findings.none")


def finding_words(language: Language, finding: Finding) -> str:
    """What a rule has to say, after the field or the exit it says it of."""
    said = _said(language, finding)
    if finding.property is not None:
        where = language.text(f"prop.{finding.property}")
    elif finding.exit is not None:
        where = language.text("flows.exit", exit=exit_words(language, finding.exit))
    else:
        return said
    return language.text("flows.summary.line", name=where, what=said)


def _said(language: Language, finding: Finding) -> str:
    """What a rule has to say; of the service's own rules and values this device knows little."""
    key = f"finding.{finding.rule}"
    if not language.catalogue.has(key):
        return language.text("flows.findings.unknown-rule", rule=finding.rule)
    if finding.params or "{" not in language.text(key):
        return in_words(finding, language.text)
    return language.text(f"{key}.hint")


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
    return f"{who} · {ago(language, row.updated_at, now)}"


def ago(language: Language, moment: datetime, now: datetime) -> str:
    """How long ago: à l’instant, il y a 5 min, hier, il y a 3 semaines; in the end the day."""
    past = now - moment
    days = (now.astimezone().date() - moment.astimezone().date()).days
    if past < timedelta(minutes=1):
        return language.text("flows.ago.now")
    if past < timedelta(hours=1):
        return language.plural("flows.ago.minutes", past // timedelta(minutes=1))
    if days == 0:
        return language.plural("flows.ago.hours", past // timedelta(hours=1))
    if days == 1:
        return language.text("common.yesterday")
    if days < _DAYS_OF_WEEKS:
        return language.plural("flows.ago.days", days)
    if days < _DAYS_OF_MONTHS:
        return language.plural("flows.ago.weeks", days // 7)
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
            text=lambda row: language.text("flows.unsent") if row.is_unsent else "",
            sort_key=lambda row: row.is_unsent,
            tooltip=lambda row: language.text("flows.unsent.help") if row.is_unsent else "",
        ),
    )
