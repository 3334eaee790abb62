"""The way of a studio order: what may become of it, and when it is another one."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from msgspec.structs import replace

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.prompts.prompt import OrderState, Spoken, StudioOrder
from cx_desktop.domain.prompts.words import words_in

#: What may follow; ``None`` is a text that nobody ordered yet.
NEXT: Mapping[OrderState | None, tuple[OrderState, ...]] = MappingProxyType(
    {
        None: (OrderState.ORDERED,),
        OrderState.ORDERED: (OrderState.DELIVERED,),
        OrderState.DELIVERED: (OrderState.ACCEPTED, OrderState.REFUSED),
        OrderState.REFUSED: (OrderState.DELIVERED,),
        OrderState.ACCEPTED: (OrderState.ORDERED,),
    }
)


def ordered(spoken: Spoken, now: datetime, *, voice: str = "", note: str = "") -> StudioOrder:
    """The text as it is now, asked of a studio; refused for a text without a word."""
    if not words_in(spoken.text):
        raise CXError("problem.studio-no-words")
    return StudioOrder(
        text=spoken.text, state=OrderState.ORDERED, at=now, voice=voice.strip(), note=note.strip()
    )


def moved(order: StudioOrder, state: OrderState, now: datetime) -> StudioOrder:
    """The order a step further."""
    if state not in NEXT[order.state]:
        raise ValueError(f"{order.state} is not followed by {state}")
    return replace(order, state=state, at=now)


def is_outdated(spoken: Spoken) -> bool:
    """Whether other words are written now than those that were ordered."""
    return spoken.order is not None and spoken.order.text.split() != spoken.text.split()
