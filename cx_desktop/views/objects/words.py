"""How objects with a draft and their states are put into words and colours."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from PySide6.QtCore import QDate

from cx_desktop.models.language import Language
from cx_desktop.models.objects.facts import ObjectFacts, ObjectState
from cx_desktop.models.objects.uses import Use
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

#: From then on, « il y a … » counts weeks, and later says the day.
_DAYS_OF_WEEKS, _DAYS_OF_MONTHS = 14, 60
_MOST_NAMES = 3


class Shown(Protocol):
    """A row of a list of schedules, prompts or queues, whatever their drafts are."""

    @property
    def id(self) -> str:
        """The object's id."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def description(self) -> str:
        """What somebody wrote about it."""

    @property
    def is_archived(self) -> bool:
        """Whether it is put away."""

    @property
    def state(self) -> ObjectState:
        """How it stands."""

    @property
    def facts(self) -> ObjectFacts:
        """The object without its draft."""

    @property
    def uses(self) -> tuple[Use, ...]:
        """Who needs it."""

    @property
    def is_unsent(self) -> bool:
        """Whether edits wait to be sent."""

    @property
    def is_disputed(self) -> bool:
        """Whether somebody wrote at the same places, and nobody has chosen yet."""


Row = TypeVar("Row", bound=Shown)


def state_words(language: Language, state: ObjectState, live_revision: int | None) -> str:
    """« En service · v12 »."""
    return language.text(f"objects.state.{state}", number=live_revision or 0)


def state_pills(language: Language, row: Shown) -> tuple[Pill, ...]:
    """How an object stands."""
    text = state_words(language, row.state, row.facts.live_revision)
    return (Pill(text, TONE_BY_STATE[row.state], ICON_BY_STATE[row.state]),)


def sent_pills(language: Language, row: Shown) -> tuple[Pill, ...]:
    """Whether edits wait to be sent, or for a decision."""
    if row.is_disputed:
        return (Pill(language.text("settle.badge"), "block", "git-merge"),)
    text = language.text("flows.unsent")
    return (Pill(text, "accent", "cloud-arrow-up"),) if row.is_unsent else ()


def sent_words(language: Language, row: Shown, key: str = "") -> str:
    """The same in words, or what helps."""
    if row.is_disputed:
        return language.text(f"settle.badge{key}")
    return language.text(f"flows.unsent{key}") if row.is_unsent else ""


def use_words(language: Language, uses: Sequence[Use]) -> str:
    """« SVI « Accueil », file « Ventes » et 2 autres »."""
    named = [
        language.text(f"objects.use.{each.type}", name=each.name) for each in uses[:_MOST_NAMES]
    ]
    more = len(uses) - len(named)
    if more:
        named.append(language.plural("objects.use.more", more))
    return ", ".join(named)


def author_words(language: Language, name: str, *, is_me: bool) -> str:
    """Who it was: a name, or you."""
    return language.text("flows.you") if is_me or not name else name


def changed_words(language: Language, facts: ObjectFacts, now: datetime, me: str) -> str:
    """« Léa Martin · hier »."""
    if facts.updated_at is None:
        return language.text("flows.only-here")
    by = facts.updated_by
    is_me = by is not None and by.id == me
    who = author_words(language, by.name if by is not None else "", is_me=is_me)
    return f"{who} · {ago(language, facts.updated_at, now)}"


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


class Columns:
    """The columns that every list of objects has; a page puts its own between them."""

    def __init__(self, language: Language, now: Callable[[], datetime], me: str) -> None:
        self._language = language
        self._now = now
        self._me = me

    def name(self) -> Column[Row]:
        """What it is called."""
        return Column(
            "objects.column.name",
            text=lambda row: row.name,
            sort_key=lambda row: row.name.casefold(),
            tooltip=lambda row: f"{row.name}\n{row.description}".strip(),
        )

    def state(self) -> Column[Row]:
        """How it stands; shown as a pill by ``state_pills``."""
        language = self._language
        return Column(
            "objects.column.state",
            text=lambda row: state_words(language, row.state, row.facts.live_revision),
            sort_key=lambda row: list(ObjectState).index(row.state),
            tooltip=lambda row: language.text(f"objects.state.{row.state}.help"),
        )

    def uses(self) -> Column[Row]:
        """Where it is used."""
        language = self._language
        return Column(
            "objects.column.uses",
            text=lambda row: use_words(language, row.uses),
            sort_key=lambda row: len(row.uses),
            tooltip=lambda row: "\n".join(
                language.text(f"objects.use.{each.type}", name=each.name) for each in row.uses
            ),
        )

    def changed(self) -> Column[Row]:
        """Who changed it last, and when."""
        language = self._language
        return Column(
            "objects.column.changed",
            text=lambda row: changed_words(language, row.facts, self._now(), self._me),
            sort_key=lambda row: _instant(row.facts.updated_at),
            tooltip=lambda row: (
                language.day_and_time(row.facts.updated_at) if row.facts.updated_at else ""
            ),
        )

    def sent(self) -> Column[Row]:
        """Whether edits wait to be sent; shown as a pill by ``sent_pills``."""
        language = self._language
        return Column(
            "objects.column.sent",
            text=lambda row: sent_words(language, row),
            sort_key=lambda row: (row.is_disputed, row.is_unsent),
        )


def _instant(moment: datetime | None) -> float:
    return moment.timestamp() if moment is not None else 0.0
