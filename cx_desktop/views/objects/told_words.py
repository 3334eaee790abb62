"""What a change means to callers, and what it costs, in words."""

from collections.abc import Iterator
from math import ceil

from cx_desktop.domain.flow.diff import (
    Calls,
    Changelog,
    Differs,
    Leads,
    Met,
    Missed,
    Says,
    Statement,
    in_words,
)
from cx_desktop.domain.prompts.recording import Recording
from cx_desktop.models.language import Language
from cx_desktop.models.objects.telling import MOST_NODES, Told, ToldPlan

_MINUTE = 60


def icon_of(statement: Statement) -> tuple[str, str]:
    """The icon of a statement, and its tone."""
    match statement:
        case Leads():
            return "arrow-bend-up-right", "accent"
        case Says():
            return "chat-text", "accent"
        case Met():
            return "plus-circle", "ok"
        case Missed():
            return "minus-circle", "block"
        case Differs():
            return "sliders-horizontal", "info"


def sentences(language: Language, told: Told) -> Iterator[tuple[Statement, str]]:
    """Every statement with its sentence."""
    for each in told.changelog.statements:
        yield each, in_words(each, language.text, told.context)


def nothing_words(language: Language, changelog: Changelog) -> str:
    """That callers notice nothing, if so."""
    return language.text("change.unnoticed") if changelog.is_empty else ""


def recording_words(language: Language, recording: Recording) -> str:
    """« 42 mots nouveaux, 2 unités de studio »; "" when nothing is new."""
    if not recording.words:
        return ""
    words = language.plural("change.cost.words", recording.words)
    units = language.plural("prompts.units", recording.units)
    return language.text("change.cost.recording", words=words, units=units)


def flow_words(language: Language, told: Told) -> Iterator[str]:
    """What calls into one flow take, or why that is not known."""
    if told.is_too_large:
        yield language.text("change.cost.too-large", count=MOST_NODES)
    else:
        yield from calls_words(language, told.before, told.after)


def calls_words(language: Language, before: Calls | None, after: Calls | None) -> Iterator[str]:
    """How long calls last and how many text messages they send, before and after."""
    if after is None:
        return
    was = before or after
    yield _compared(language, "longest", _lasts(language, was.longest, after.longest))
    if (was.usual, after.usual) != (None, None):
        yield _compared(language, "usual", _lasts(language, was.usual, after.usual))
    if was.messages or after.messages:
        pair = (_count(language, was.messages), _count(language, after.messages))
        yield _compared(language, "messages", pair)


def _compared(language: Language, what: str, pair: tuple[str, str]) -> str:
    old, new = pair
    name = language.text(f"change.cost.{what}")
    if old == new:
        return language.text("change.cost.is", what=name, new=new)
    return language.text("change.cost.becomes", what=name, old=old, new=new)


def _lasts(language: Language, old: float | None, new: float | None) -> tuple[str, str]:
    return _minutes(language, old), _minutes(language, new)


def _minutes(language: Language, seconds: float | None) -> str:
    if seconds is None:
        return language.text("change.cost.unbounded")
    minutes, rest = divmod(ceil(seconds), _MINUTE)
    if not minutes:
        return language.text("change.seconds", count=rest)
    return language.text("change.cost.minutes", minutes=minutes, seconds=f"{rest:02}")


def _count(language: Language, count: int | None) -> str:
    return language.text("change.cost.unbounded") if count is None else str(count)


def cost_words(language: Language, told: Told) -> str:
    """All costs of the change of one flow, in a line."""
    parts = (recording_words(language, told.recording), *flow_words(language, told))
    return " · ".join(filter(None, parts))


def plan_costs(language: Language, told: ToldPlan) -> str:
    """All costs of a publication, in a line; calls are told of the flow that was asked for."""
    asked = next((told.flows[each.id] for each in told.plan.going if each.id in told.flows), None)
    calls = flow_words(language, asked) if asked is not None else ()
    return " · ".join(filter(None, (recording_words(language, told.recording), *calls)))
