"""A node summed up in a step."""

from collections.abc import Mapping

from cx_desktop.domain.flow.analysis.about import Look
from cx_desktop.domain.flow.analysis.pace import Pace, pace_of
from cx_desktop.domain.flow.analysis.signs import (
    AROUND,
    ASKED,
    LEADS,
    MUTE,
    STOPPING,
    STOPS,
)
from cx_desktop.domain.flow.analysis.speech import loses_digits
from cx_desktop.domain.flow.analysis.steps import LIMITED, Step, Way
from cx_desktop.domain.flow.analysis.texts import SILENCE, Said, said
from cx_desktop.domain.flow.behaviour import FAILURES
from cx_desktop.domain.flow.graph import ExitId, NodeId
from cx_desktop.domain.flow.kind import Exit, Unlinked
from cx_desktop.domain.flow.kinds.shapes import rows
from cx_desktop.domain.flow.variables import assigned_by, read_by
from cx_desktop.domain.patch import Json


def step_of(look: Look) -> Step:
    """The step that stands for a node."""
    kind, props = look.kind.id, look.props
    words = _words(look)
    ways = _ways(look)
    onward: dict[NodeId | None, None] = {}
    is_limited = ends = False
    for way in ways:
        target = way.target
        onward[target] = None
        if way.exit in LIMITED:
            is_limited = is_limited or target is not None
        elif target is None:
            ends = True
    ends = ends or kind in _ENDING or (kind == "foreign" and not ways)
    is_only = len(onward) == 1
    onward.pop(None, None)
    pace = pace_of(kind, props)
    reads, sets = read_by(look.node), assigned_by(look.node)
    records = _records(look)
    drops_digits = kind == "play" and loses_digits(kind, props, words.text)
    return Step(
        kind=kind,
        ways=ways,
        onward=tuple(onward),  # type: ignore[arg-type]
        pace=pace,
        ends=ends,
        reads=reads,
        sets=sets,
        counts=frozenset([each.name for each in sets]) if kind == "set_var" else _NONE,
        tests=frozenset([each.name for each in reads]) if kind == "switch" else _NONE,
        asks_blank=kind == "switch" and _asks_blank(props["cases"]),
        words=words,
        drops_digits=drops_digits,
        records=records,
        keeps_secret=kind == "collect" and props["sensitive"] is True,
        keeps=_keeps(look),
        calls=str(props["flow"]) if kind == "subflow" else "",
        gives=_gives(look, words, ends=ends, is_recorded=bool(records)),
        passes=_passes(pace, is_recorded=bool(records), is_only=is_only and not _writes(look)),
        is_limited=is_limited,
        is_noted=bool(reads or records or drops_digits) or kind in _NOTED,
    )


def _asks_blank(cases: Json) -> bool:
    return any(row.get("operator") in ("blank", "not_blank") for row in rows(cases))


def _gives(look: Look, words: Said, *, ends: bool, is_recorded: bool) -> int:
    """What is ahead of a node by itself."""
    kind = look.kind.id
    gives = 0
    if ends:
        gives = LEADS if is_recorded else LEADS | AROUND
    if kind in _LISTENING:
        gives |= ASKED
    elif kind == "hangup":
        is_mute = not words.text and words.is_whole and look.props["cause"] == "normal"
        gives |= MUTE if is_mute else 0
    elif kind == "recording" and look.props["action"] in ("stop", "pause"):
        gives |= STOPPING
    return gives


def _writes(look: Look) -> bool:
    """Whether it tells the caller something in a text message."""
    return look.kind.id == "send_sms" and str(look.props["recipient"]).strip(" {}") == "caller"


def _passes(pace: Pace, *, is_recorded: bool, is_only: bool) -> int:
    """What a node passes on of what is ahead of those it leads to."""
    passes = LEADS | STOPS | (0 if is_recorded else AROUND)
    if pace is _INSTANT:
        passes |= ASKED | (MUTE if is_only else 0)
    return passes


_INSTANT = Pace.INSTANT
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
    """What a node says; in a language that the rules cannot read it may be anything."""
    name = _TELLING.get(look.kind.id)
    if name is None:
        return SILENCE
    words = said(look.props[name], look.context, look.spoken)
    is_read = not look.spoken or look.spoken.partition("-")[0] in _READ
    return words if is_read or not words.text else words._replace(is_whole=False)


_READ = frozenset({"fr", "en"})


def _records(look: Look) -> str:
    if look.node.kind == "recording" and look.props["action"] == "start":
        return "notice"
    is_recorded = look.node.kind == "transfer_number" and look.props["record"] is True
    return "record" if is_recorded else ""


def _keeps(look: Look) -> tuple[str, ...]:
    if look.node.kind == "set_var" and look.props["scope"] == "persistent":
        return ("assignments",)
    return _KEPT.get(look.node.kind, ())


def _ways(look: Look) -> tuple[Way, ...]:
    links, nodes, kind = look.links, look.nodes, look.kind.id
    ways = []
    for each in look.exits:
        target = links.get(each.id)
        if target is None or target not in nodes:
            target = _unlinked(look, each)
        ways.append(Way(each.id, target))
    if kind in _LISTENING:
        operator = look.meta.get("operator")
        is_there = isinstance(operator, str) and operator in nodes
        if is_there and all(each.id != "key_0" for each in look.exits):
            ways.append(Way(ExitId("operator"), NodeId(str(operator))))
    elif kind == "goto_node":
        aim = NodeId(str(look.props["target"]))
        ways.append(Way(ExitId(""), aim if aim in nodes else None))
    return tuple(ways)


_NEXT, _ERROR = Unlinked.NEXT, Unlinked.ERROR


def _unlinked(look: Look, way: Exit) -> NodeId | None:
    """Where a call goes by an exit without a link."""
    target: object = None
    if way.unlinked is _NEXT:
        target = look.links.get(way.instead or look.kind.main_exit or ExitId(""))
    elif way.unlinked is _ERROR:
        target = look.meta.get("on_error")
    return NodeId(target) if isinstance(target, str) and target in look.nodes else None
