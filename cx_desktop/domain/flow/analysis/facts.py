"""What the rules need to know of the objects around a flow, read from their documents.

Documents come from other programs and versions: what cannot be read is no fact, and nothing is
said about it.
"""

from collections.abc import Iterable, Mapping

import msgspec

from cx_desktop.domain.flow.graph import Flow, flow_of
from cx_desktop.domain.flow.kinds.shapes import rows
from cx_desktop.domain.flow.references import FlowFacts, PromptFacts, ScheduleFacts
from cx_desktop.domain.flow.variables import assigned_by
from cx_desktop.domain.patch import Document, Json

_ALL_DAY = 24 * 60
_DAYS = 7


def facts_of_flow(flow: Flow) -> FlowFacts:
    """What other flows ask of a flow."""
    sets = {each.name for node in flow.nodes.values() for each in assigned_by(node)}
    callers = [node for node in flow.nodes.values() if node.kind == "subflow"]
    given = {
        name
        for node in callers
        for row in rows(node.props.get("inputs"))
        if isinstance(name := row.get("variable"), str)
    }
    called = (node.props.get("flow") for node in callers)
    return FlowFacts(
        is_empty=flow.start is None,
        sets=frozenset(sets | given),
        calls=frozenset(each for each in called if isinstance(each, str)),
    )


def facts_of_flows(drafts: Iterable[tuple[str, Json]]) -> dict[str, FlowFacts]:
    """The facts of flows, given as id and draft; a draft that is none is left out."""
    facts: dict[str, FlowFacts] = {}
    for name, draft in drafts:
        if isinstance(draft, dict):
            try:
                facts[name] = facts_of_flow(flow_of(draft))
            except msgspec.ValidationError:
                continue
    return facts


def facts_of_schedule(draft: Document) -> ScheduleFacts:
    """Whether opening hours open, close, and know public holidays."""
    weekly = draft.get("weekly")
    week = weekly if isinstance(weekly, dict) else {}
    minutes = [_minutes(day) for day in week.values()]
    exceptions = draft.get("exceptions")
    dated = list(exceptions.values()) if isinstance(exceptions, dict) else []
    return ScheduleFacts(
        opens=any(minutes) or any(_hours(each) for each in dated),
        closes=len(minutes) < _DAYS
        or min(minutes) < _ALL_DAY
        or bool(draft.get("public_holidays"))
        or any(not _hours(each) for each in dated),
        knows_holidays=bool(draft.get("public_holidays")) or bool(dated),
    )


def _hours(exceptional: Json) -> bool:
    return isinstance(exceptional, dict) and bool(exceptional.get("hours"))


def _minutes(day: Json) -> int:
    """How many minutes of a day are open; ranges that overlap count twice, which is no harm."""
    ranges = day if isinstance(day, list) else []
    return sum(_clock(each[1]) - _clock(each[0]) for each in ranges if _is_range(each))


def _is_range(each: Json) -> bool:
    return isinstance(each, list) and len(each) == 2


def _clock(hour: Json) -> int:
    hours, _, minutes = str(hour).partition(":")
    return int(hours) * 60 + int(minutes) if hours.isdecimal() and minutes.isdecimal() else 0


def facts_of_prompt(draft: Document, *, is_live: bool = True) -> PromptFacts:
    """The words of a prompt by language; a sound without words has none, and is no empty prompt.

    A file in which nothing is heard is: it is played, whatever the text beside it says.
    """
    languages = draft.get("languages")
    said: Mapping[str, Json] = languages if isinstance(languages, dict) else {}
    heard = {
        language: spoken
        for language, spoken in said.items()
        if isinstance(spoken, dict)
        and (spoken.get("text") or spoken.get("audio"))
        and _sound(spoken).get("is_silent") is not True
    }
    return PromptFacts(
        {
            language: text if isinstance(text := spoken.get("text"), str) else ""
            for language, spoken in heard.items()
        },
        is_live=is_live,
        seconds={
            language: float(seconds)
            for language, spoken in heard.items()
            if isinstance(seconds := _sound(spoken).get("seconds"), int | float)
        },
    )


def _sound(spoken: Document) -> Document:
    audio = spoken.get("audio")
    return audio if isinstance(audio, dict) else {}
