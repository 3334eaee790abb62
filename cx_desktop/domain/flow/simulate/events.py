"""What happens in a simulated call, in order; each event says how many seconds into the call."""

from typing import TypeAlias

from msgspec import Struct

from cx_desktop.domain.flow.behaviour import By, End, Prompt, Stimulus
from cx_desktop.domain.flow.expressions import Value
from cx_desktop.domain.flow.graph import ExitId, NodeId


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened."""

    at: float
    flow: str
    node: NodeId


class Entered(Event, frozen=True, tag="entered"):
    """The call came to a step."""


class Uttered(Struct, frozen=True):
    """A part of what is said: words with their variables filled in, "" where nobody knows them."""

    text: str
    prompt: str = ""
    """What the world keeps the prompt under that they are from; "" where they are the node's."""


class Said(Event, frozen=True, tag="said"):
    """Something began to be said, which lasts ``seconds`` as a whole."""

    prompt: Prompt
    parts: tuple[Uttered, ...]
    language: str
    """The language of the call at that moment."""
    seconds: float

    @property
    def text(self) -> str:
        """Every word of it that is known."""
        return " ".join(each.text for each in self.parts if each.text)


class Did(Event, frozen=True, tag="did"):
    """What the caller did, or the world answered; digits that are sensitive are masked."""

    stimulus: Stimulus


class Unheard(Event, frozen=True, tag="unheard"):
    """Something was done that means nothing here: a key too early, speech nobody listens to."""

    stimulus: Stimulus


class Faulted(Event, frozen=True, tag="faulted"):
    """A try failed: ``silence`` or ``invalid``; the step asks again, or is left."""

    fault: str
    tries: int


class Assigned(Event, frozen=True, tag="assigned"):
    """A variable was set."""

    variable: str
    value: Value
    is_masked: bool = False


class Troubled(Event, frozen=True, tag="troubled"):
    """Something of the flow itself went wrong; ``key`` and ``params`` say what."""

    key: str
    params: dict[str, str | int]


class Left(Event, frozen=True, tag="left"):
    """The step was left, by an exit or without one; ``by`` is what led the call on."""

    exit: ExitId | None
    by: By


class Came(Event, frozen=True, tag="came"):
    """The call came into another flow, or back from one; ``flow`` is the one it is in now."""

    is_back: bool


class Closed(Event, frozen=True, tag="closed"):
    """An emergency decided, where opening hours or the flow would have."""


class Ended(Event, frozen=True, tag="ended"):
    """The call was over."""

    end: End


AnyEvent: TypeAlias = (
    Entered | Said | Did | Unheard | Faulted | Assigned | Troubled | Left | Came | Closed | Ended
)
