"""What may be linked: asked by the editor to grey out, by the service to reject."""

from msgspec import Struct

from cx_desktop.domain.flow.graph import Flow, NodeId, Slot
from cx_desktop.domain.flow.kinds import exits_of


class Refusal(Struct, frozen=True, omit_defaults=True):
    """Why something cannot be done: a catalogue key and what fills its placeholders."""

    key: str
    params: dict[str, str | int] = {}


def can_link(flow: Flow, slot: Slot, target: NodeId) -> Refusal | None:
    """Why an exit cannot lead to a node; ``None`` when it can.

    Only what cannot exist is refused. A link that is merely unwise is drawn, and found by
    ``findings``; an exit that is linked already is linked anew.
    """
    source = flow.nodes.get(slot.node)
    if source is None:
        return Refusal("refusal.no-such-node", {"node": slot.node})
    if all(each.id != slot.exit for each in exits_of(source)):
        return Refusal("refusal.no-such-exit", {"node": slot.node, "exit": slot.exit})
    aim = flow.nodes.get(target)
    if aim is None:
        return Refusal("refusal.no-such-node", {"node": target})
    if aim.kind == "start":
        return Refusal("refusal.into-start", {"node": target})
    return None
