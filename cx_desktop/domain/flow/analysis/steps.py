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
from cx_desktop.domain.flow.analysis.pace import Pace, pace_of
from cx_desktop.domain.flow.analysis.speech import about_speech, loses_digits
from cx_desktop.domain.flow.analysis.texts import SILENCE, Said, said
from cx_desktop.domain.flow.analysis.transfers import about_numbers
from cx_desktop.domain.flow.graph import ExitId, NodeId
from cx_desktop.domain.flow.kind import Exit, Unlinked
from cx_desktop.domain.flow.variables import Assigned, Read, assigned_by, read_by


class Way(NamedTuple):
    """One exit as calls take it: ``target`` is ``None`` where the call ends."""

    exit: ExitId
    target: NodeId | None


class Step(Struct, frozen=True, gc=False):
    """One node, summed up. Two nodes with equal steps cannot be told apart by a rule about ways."""

    kind: str
    ways: tuple[Way, ...]
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
    is_mute_end: bool = False
    drops_digits: bool = False
    records: str = ""
    """The property by which it starts a recording, if it does."""
    stops_recording: bool = False
    keeps_secret: bool = False
    keeps: tuple[str, ...] = ()
    """Its properties that are kept or sent to somebody."""
    calls: str = ""
    """The sub-flow it runs."""


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
    kind, props = look.node.kind, look.props
    words = said(props["prompt"], look.context) if kind in _SPEAKING else SILENCE
    reads = read_by(look.node)
    sets = assigned_by(look.node)
    ways = tuple(_ways(look))
    return Step(
        kind=look.kind.id,
        ways=ways,
        pace=pace_of(look.kind.id, props),
        ends=_ends(look.kind.id, ways),
        reads=reads,
        sets=sets,
        counts=frozenset(each.name for each in sets) if kind == "set_var" else _NONE,
        tests=frozenset(each.name for each in reads) if kind == "switch" else _NONE,
        words=_words(look) if kind in _TELLING else words,
        is_mute_end=kind == "hangup" and not words.text and words.is_whole and _is_normal(look),
        drops_digits=loses_digits(kind, props, words.text) if kind == "play" else False,
        records=_records(look),
        stops_recording=kind == "recording" and props["action"] in ("stop", "pause"),
        keeps_secret=kind == "collect" and props["sensitive"] is True,
        keeps=_keeps(look),
        calls=str(props["flow"]) if kind == "subflow" else "",
    )


_NONE: frozenset[str] = frozenset()
_SPEAKING = frozenset({"play", "menu", "collect", "voicebot", "hangup"})
_TELLING = frozenset({"recording", "callback", "voicemail"})
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
    name = {"recording": "notice", "callback": "offer_prompt", "voicemail": "greeting"}
    return said(look.props[name[look.node.kind]], look.context)


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
