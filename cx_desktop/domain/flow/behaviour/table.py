"""The behaviour of each kind of step; the docstrings are printed into the flow reference."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from msgspec.structs import replace

from cx_desktop.domain.flow.behaviour import (
    asking,
    data,
    decision,
    ending,
    entry,
    speaking,
    transfer,
)
from cx_desktop.domain.flow.behaviour.move import Move
from cx_desktop.domain.flow.behaviour.shapes import outcome
from cx_desktop.domain.flow.behaviour.step import Setting, Step
from cx_desktop.domain.flow.graph import Node

Behaviour: TypeAlias = Callable[[Step], Iterator[Move]]

BEHAVIOURS: Mapping[str, Behaviour] = MappingProxyType(
    {
        "start": entry.start,
        "answer": entry.answer,
        "outbound_call": entry.outbound_call,
        "play": speaking.play,
        "wait": speaking.wait,
        "queue_treatment": speaking.queue_treatment,
        "menu": asking.menu,
        "collect": asking.collect,
        "voicebot": asking.voicebot,
        "schedule": decision.schedule,
        "caller": decision.caller,
        "repeat_caller": decision.repeat_caller,
        "switch": decision.switch,
        "queue_status": decision.queue_status,
        "random": decision.random,
        "loop": decision.loop,
        "set_var": data.set_var,
        "lookup": data.lookup,
        "send_sms": data.send_sms,
        "send_email": data.send_email,
        "recording": data.recording,
        "config": data.config,
        "log": data.log,
        "transfer_number": transfer.transfer_number,
        "set_queue": transfer.set_queue,
        "transfer_queue": transfer.transfer_queue,
        "callback": transfer.callback,
        "voicemail": transfer.voicemail,
        "subflow": transfer.subflow,
        "goto_flow": transfer.goto_flow,
        "goto_node": transfer.goto_node,
        "hangup": ending.hangup,
        "return": ending.returned,
        "foreign": ending.foreign,
    }
)


#: The kinds at which a flow stops that goes on after its caller has hung up.
NEEDING_CALLER = frozenset(
    {
        "answer",
        "play",
        "wait",
        "queue_treatment",
        "menu",
        "collect",
        "voicebot",
        "transfer_number",
        "transfer_queue",
        "callback",
        "voicemail",
        "hangup",
    }
)


#: By which exits something that was tried for the caller has failed.
FAILURES: Mapping[str, frozenset[str]] = {
    "lookup": frozenset({"http_error", "timeout", "not_found"}),
    "transfer_queue": frozenset({"full", "no_agent", "timeout", "failed"}),
    "transfer_number": frozenset({"no_answer", "busy", "failed"}),
    "callback": frozenset({"invalid_number", "failed"}),
}


def moves_of(step: Step) -> tuple[Move, ...]:
    """Every way a call can leave a step, those of its kind first.

    Exits that only its origin has may always be taken. What was said before something failed does
    not tell the caller why the call ends.
    """
    extra = (move for way in step.extra_exits for move in outcome(step, way))
    failures = FAILURES.get(step.kind.id, frozenset())
    return (
        *(
            replace(move, tells=False) if move.exit in failures else move
            for move in BEHAVIOURS[step.kind.id](step)
        ),
        *extra,
    )


def moves(node: Node, setting: Setting | None = None) -> tuple[Move, ...]:
    """Every way a call can leave a node. An exit without a move cannot be taken."""
    return moves_of(Step(node, setting or Setting()))
