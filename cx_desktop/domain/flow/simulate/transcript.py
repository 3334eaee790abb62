"""A call as people read it: one line for each thing that happened, in words of the catalogue."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from cx_desktop.domain.flow.behaviour import (
    By,
    Digits,
    HangUp,
    Key,
    Measured,
    Outcome,
    Silence,
    Speech,
    Stimulus,
)
from cx_desktop.domain.flow.expressions import as_text
from cx_desktop.domain.flow.graph import ExitId, NodeId
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.domain.flow.simulate.call import Call
from cx_desktop.domain.flow.simulate.events import (
    AnyEvent,
    Assigned,
    Came,
    Closed,
    Did,
    Ended,
    Entered,
    Event,
    Faulted,
    Left,
    Said,
    Troubled,
    Unheard,
)


class Who(StrEnum):
    """Who does or says what a line tells."""

    FLOW = "flow"
    """What the caller hears."""
    CALLER = "caller"
    WORLD = "world"
    """Somebody or something else: an agent, a source, opening hours."""
    NOTE = "note"
    """What nobody on the telephone notices: steps, exits, variables."""


class Line(Struct, frozen=True, kw_only=True):
    """One line of a transcript: ``key`` with ``params``, and ``terms``, params that are keys."""

    at: float
    """Seconds into the call."""
    who: Who
    key: str
    flow: str
    node: NodeId
    params: Mapping[str, str | int] = {}
    terms: Mapping[str, str] = {}


class Words(Protocol):
    """The text of a catalogue key with its placeholders filled."""

    def __call__(self, key: str, /, **params: str | int) -> str:
        """The words."""


def transcript(call: Call) -> tuple[Line, ...]:
    """What has happened in a call, line by line."""
    return tuple(line for event in call.events for line in _lines(call, event))


def spelled(line: Line, words: Words) -> str:
    """A line in words."""
    terms = {name: words(key) for name, key in line.terms.items()}
    return words(line.key, **line.params, **terms)


def _lines(call: Call, event: AnyEvent) -> Iterator[Line]:
    match event:
        case Said():
            yield _said(event)
        case Did():
            yield _done(call, event, event.stimulus)
        case Faulted():
            key = f"call.fault.{event.fault}"
            yield _line(event, Who.NOTE, key, {"tries": event.tries})
        case Assigned():
            value = as_text(event.value)
            yield _line(
                event, Who.NOTE, "call.assigned", {"variable": event.variable, "value": value}
            )
        case Troubled():
            yield _line(event, Who.NOTE, event.key, event.params)
        case Closed():
            yield _line(event, Who.WORLD, "call.emergency")
        case Ended():
            yield _line(event, Who.NOTE, f"call.ended.{event.end}")
        case _:
            yield from _passing(call, event)


def _passing(call: Call, event: Entered | Left | Came | Unheard) -> Iterator[Line]:
    """How the call goes from step to step."""
    match event:
        case Unheard():
            yield _line(event, Who.NOTE, "call.unheard")
        case Entered():
            yield _entered(call, event)
        case Left(exit=None, by=By.ENDING) | Left(exit=None, by=By.JUMP):
            return
        case Left():
            yield _left(call, event)
        case Came():
            key = "call.came-back" if event.is_back else "call.came-into"
            yield _line(event, Who.NOTE, key, {"flow": event.flow})


def _line(
    event: Event,
    who: Who,
    key: str,
    params: Mapping[str, str | int] | None = None,
    terms: Mapping[str, str] | None = None,
) -> Line:
    return Line(
        at=event.at,
        who=who,
        key=key,
        flow=event.flow,
        node=event.node,
        params=params or {},
        terms=terms or {},
    )


def _said(event: Said) -> Line:
    seconds = round(event.seconds)
    if event.text.strip():
        return _line(event, Who.FLOW, "call.said", {"text": event.text, "seconds": seconds})
    return _line(event, Who.FLOW, "call.played", {"seconds": seconds})


def _done(call: Call, event: Event, stimulus: Stimulus) -> Line:
    match stimulus:
        case Key(key=keys) | Digits(keys=keys):
            return _line(event, Who.CALLER, "call.pressed", {"keys": keys})
        case Speech(text=text) if text:
            return _line(event, Who.CALLER, "call.spoke", {"text": text})
        case Speech():
            return _line(event, Who.CALLER, "call.spoke-something")
        case Silence():
            return _line(event, Who.CALLER, "call.silent")
        case HangUp():
            return _line(event, Who.CALLER, "call.hung-up")
        case Measured(value=value):
            return _line(event, Who.WORLD, "call.measured", {"value": value})
        case Outcome(way=way):
            params, terms = _exit(call, event, way)
            return _line(event, Who.WORLD, "call.happened", params, terms)


def _entered(call: Call, event: Event) -> Line:
    node = call.world.flows[event.flow].nodes[event.node]
    if node.title:
        return _line(event, Who.NOTE, "call.entered", {"node": node.title})
    return _line(event, Who.NOTE, "call.entered", terms={"node": f"kind.{node.kind}"})


def _left(call: Call, event: Left) -> Line:
    if event.exit is None:
        return _line(event, Who.NOTE, f"call.by.{event.by}")
    params, terms = _exit(call, event, event.exit)
    key = "call.left" if event.by is By.LINK else f"call.left.{event.by}"
    return _line(event, Who.NOTE, key, params, terms)


def _exit(call: Call, event: Event, way: ExitId) -> tuple[dict[str, str | int], dict[str, str]]:
    """An exit by the label its flow gives it, else by its own name."""
    node = call.world.flows[event.flow].nodes[event.node]
    label = next((each.label for each in exits_of(node) if each.id == way), "")
    if label or way.startswith("case:"):
        return {"exit": label or way.removeprefix("case:")}, {}
    return {}, {"exit": f"exit.{way}"}
