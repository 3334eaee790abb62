"""A node as the rules about ways see it: where calls go from it, what it takes, sets and says.

A step is made from one node, its links and what is known around the flow, never from other nodes:
so it stays as it is until one of these changes.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct

from cx_desktop.domain.finding import Finding
from cx_desktop.domain.flow.analysis.about import Findings, Look
from cx_desktop.domain.flow.analysis.cases import about_cases
from cx_desktop.domain.flow.analysis.confidential import about_secrets
from cx_desktop.domain.flow.analysis.fields import about_fields
from cx_desktop.domain.flow.analysis.objects import about_objects
from cx_desktop.domain.flow.analysis.pace import FAILURES, Pace, pace_of
from cx_desktop.domain.flow.analysis.signs import (
    AROUND,
    ASKED,
    EVERYTHING,
    LEADS,
    MUTE,
    STOPPING,
    STOPS,
)
from cx_desktop.domain.flow.analysis.speech import about_speech, loses_digits
from cx_desktop.domain.flow.analysis.texts import SILENCE, Said, said
from cx_desktop.domain.flow.analysis.transfers import about_numbers
from cx_desktop.domain.flow.graph import ExitId, NodeId
from cx_desktop.domain.flow.kind import Exit, Unlinked
from cx_desktop.domain.flow.variables import Assigned, Read, assigned_by, read_by


class Way(Struct, frozen=True, gc=False):
    """One exit as calls take it: ``target`` is ``None`` where the call ends."""

    exit: ExitId
    target: NodeId | None


class Step(Struct, frozen=True, gc=False):
    """One node, summed up. Two nodes with equal steps cannot be told apart by a rule about ways."""

    kind: str
    ways: tuple[Way, ...]
    onward: tuple[NodeId, ...]
    """The nodes its ways lead to."""
    pace: Pace
    ends: bool
    """Whether a call can properly end here."""
    reads: tuple[Read, ...] = ()
    sets: tuple[Assigned, ...] = ()
    counts: frozenset[str] = frozenset()
    """Variables it makes depend on themselves, or sets to what the flow itself chose."""
    tests: frozenset[str] = frozenset()
    """Variables its way depends on."""
    words: Said = SILENCE
    """What it says to the caller, where that can matter to other nodes."""
    drops_digits: bool = False
    records: str = ""
    """The property by which it starts a recording, if it does."""
    keeps_secret: bool = False
    keeps: tuple[str, ...] = ()
    """Its properties that are kept or sent to somebody."""
    calls: str = ""
    """The sub-flow it runs."""
    gives: int = 0
    """What is ahead of it by itself (``signs.py``)."""
    passes: int = 0
    """What it passes on of what is ahead of the nodes it leads to."""
    is_limited: bool = False
    """Whether it leads on by exits that are no choice for the caller, and pass on less."""
    is_noted: bool = False
    """Whether more than its place can be judged."""

    def passed_by(self, way: ExitId) -> int:
        """What it passes on by one exit."""
        return self.passes & _PASSED_BY.get(way, EVERYTHING)


#: A way is none for the caller who has gone, or for whom something broke.
_PASSED_BY = {
    ExitId("hangup"): EVERYTHING & ~(LEADS | AROUND | STOPS),
    ExitId("error"): EVERYTHING & ~(AROUND | STOPS),
}


class Seen(NamedTuple):
    """A step with what its own rules say."""

    step: Step
    findings: tuple[Finding, ...]


def see(look: Look) -> Seen:
    """Look at one node."""
    return Seen(_step(look), tuple(_own(look)))


def _own(look: Look) -> Findings:
    yield from about_fields(look)
    yield from about_cases(look)
    yield from about_speech(look)
    yield from about_secrets(look)
    yield from about_numbers(look)
    yield from about_objects(look)


def _step(look: Look) -> Step:
    kind, props = look.kind.id, look.props
    words = _words(look)
    ways = tuple(_ways(look))
    pace = pace_of(kind, props)
    ends = _ends(kind, ways)
    reads = read_by(look.node)
    sets = assigned_by(look.node)
    records = _records(look)
    is_mute_end = kind == "hangup" and not words.text and words.is_whole and _is_normal(look)
    drops_digits = kind == "play" and loses_digits(kind, props, words.text)
    targets = {way.target for way in ways}
    return Step(
        kind=kind,
        ways=ways,
        onward=tuple(
            [each for each in dict.fromkeys(way.target for way in ways) if each is not None]
        ),
        pace=pace,
        ends=ends,
        reads=reads,
        sets=sets,
        counts=frozenset([each.name for each in sets]) if kind == "set_var" else _NONE,
        tests=frozenset([each.name for each in reads]) if kind == "switch" else _NONE,
        words=words,
        drops_digits=drops_digits,
        records=records,
        keeps_secret=kind == "collect" and props["sensitive"] is True,
        keeps=_keeps(look),
        calls=str(props["flow"]) if kind == "subflow" else "",
        gives=_gives(look, ends=ends and not records, is_mute=is_mute_end) | (LEADS if ends else 0),
        passes=_passes(pace, is_open=not records, is_only=len(targets) == 1),
        is_limited=any(way.exit in _PASSED_BY and way.target is not None for way in ways),
        is_noted=bool(reads or records or drops_digits) or kind in _NOTED,
    )


def _gives(look: Look, *, ends: bool, is_mute: bool) -> int:
    """What is ahead of a node by itself."""
    kind = look.kind.id
    gives = AROUND if ends else 0
    if is_mute:
        gives |= MUTE
    if kind in _LISTENING:
        gives |= ASKED
    elif kind == "recording" and look.props["action"] in ("stop", "pause"):
        gives |= STOPPING
    return gives


def _passes(pace: Pace, *, is_open: bool, is_only: bool) -> int:
    """What a node passes on of what is ahead of those it leads to."""
    passes = LEADS | STOPS | (AROUND if is_open else 0)
    if pace is Pace.INSTANT:
        passes |= ASKED | (MUTE if is_only else 0)
    return passes


_LISTENING = frozenset({"menu", "collect"})
#: Kinds about which rules about ways have something to ask.
_NOTED = FAILURES.keys() | {"subflow", "return"}
_NONE: frozenset[str] = frozenset()
#: The properties by which kinds speak to the caller.
_TELLING = dict.fromkeys(("play", "menu", "collect", "voicebot", "hangup"), "prompt") | {
    "recording": "notice",
    "callback": "offer_prompt",
    "voicemail": "greeting",
}
_ENDING = frozenset(
    {"hangup", "return", "goto_flow", "transfer_number", "transfer_queue", "queue_treatment"}
)
_KEPT: Mapping[str, tuple[str, ...]] = {
    "log": ("label",),
    "send_sms": ("message",),
    "send_email": ("subject", "message"),
    "lookup": ("url",),
}


def _words(look: Look) -> Said:
    name = _TELLING.get(look.kind.id)
    return said(look.props[name], look.context) if name else SILENCE


def _is_normal(look: Look) -> bool:
    return look.props["cause"] == "normal"


def _records(look: Look) -> str:
    if look.node.kind == "recording" and look.props["action"] == "start":
        return "notice"
    is_recorded = look.node.kind == "transfer_number" and look.props["record"] is True
    return "record" if is_recorded else ""


def _keeps(look: Look) -> tuple[str, ...]:
    if look.node.kind == "set_var" and look.props["scope"] == "persistent":
        return ("assignments",)
    return _KEPT.get(look.node.kind, ())


def _ends(kind: str, ways: tuple[Way, ...]) -> bool:
    if kind in _ENDING or (kind == "foreign" and not ways):
        return True
    return any(way.target is None and way.exit not in _NO_CHOICE for way in ways)


#: Exits that are no way on for the caller: they have gone, or something broke.
_NO_CHOICE = frozenset({"hangup", "error"})


def _ways(look: Look) -> Iterator[Way]:
    for each in look.exits:
        yield Way(each.id, _landing(look, each))
    if look.node.kind == "goto_node":
        target = NodeId(str(look.props["target"]))
        yield Way(ExitId(""), target if target in look.nodes else None)
    operator = look.meta.get("operator")
    has_none = look.node.kind in _ASKING and all(each.id != "key_0" for each in look.exits)
    if has_none and isinstance(operator, str) and operator in look.nodes:
        yield Way(ExitId("operator"), NodeId(operator))


_ASKING = frozenset({"menu", "collect"})


def _landing(look: Look, way: Exit) -> NodeId | None:
    """Where a call goes by an exit: as linked, else as the exit says for that case."""
    target = look.links.get(way.id)
    if target is not None and target in look.nodes:
        return target
    match way.unlinked:
        case Unlinked.NEXT:
            instead = look.links.get(way.instead or look.kind.main_exit or ExitId(""))
            return instead if instead in look.nodes else None
        case Unlinked.ERROR:
            handler = look.meta.get("on_error")
            named = NodeId(handler) if isinstance(handler, str) else None
            return named if named in look.nodes else None
        case _:
            return None
