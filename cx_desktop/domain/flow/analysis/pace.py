"""How a node takes a caller's time: whether it passes on at once, speaks, asks, or lets wait."""

from collections.abc import Mapping
from enum import StrEnum

from cx_desktop.domain.patch import Document


class Pace(StrEnum):
    """What a call does at a node."""

    INSTANT = "instant"
    """It goes on at once: nothing is heard and nothing is waited for."""
    SPEAKS = "speaks"
    """It goes on when something has been said, or a while is over."""
    ASKS = "asks"
    """It goes on when the caller has answered, or has not."""
    AWAY = "away"
    """Somebody or something else has the call: an agent, a queue, another flow."""


_SPEAKING = frozenset({"play", "wait", "recording"})
_ASKING = frozenset({"menu", "collect", "voicebot", "voicemail", "callback"})
_AWAY = frozenset(
    {
        "transfer_number",
        "transfer_queue",
        "queue_treatment",
        "subflow",
        "goto_flow",
        "outbound_call",
        "foreign",
        "hangup",
        "return",
    }
)
_PACES: Mapping[str, Pace] = (
    dict.fromkeys(_SPEAKING, Pace.SPEAKS)
    | dict.fromkeys(_ASKING, Pace.ASKS)
    | dict.fromkeys(_AWAY, Pace.AWAY)
)

#: Exits by which a caller leaves who does not answer, or not so that it is understood.
SILENT_EXITS = frozenset({"no_input", "invalid", "max_tries", "no_match", "empty", "refused"})


def pace_of(kind: str, props: Document) -> Pace:
    """The pace of a node."""
    if kind == "lookup" and props.get("waiting_prompt"):
        return Pace.SPEAKS
    if kind == "answer" and props.get("delay"):
        return Pace.SPEAKS
    return _PACES.get(kind, Pace.INSTANT)
