"""What happens to a call while it is at a step: what the caller does, and what the world answers.

Scripts of stimuli are written into files (tests, witnesses): each is a tagged value.
"""

from typing import TypeAlias

from msgspec import Struct

from cx_desktop.domain.flow.graph import ExitId
from cx_desktop.domain.patch import Json


class Key(Struct, frozen=True, omit_defaults=True, tag="key", tag_field="did"):
    """The caller presses one key.

    ``after`` counts the seconds from the moment the step begins to listen or speak; ``None`` is as
    soon as the key counts: at once where the prompt may be interrupted, else right after it.
    """

    key: str
    after: float | None = None


class Digits(Struct, frozen=True, omit_defaults=True, tag="digits", tag_field="did"):
    """The caller presses several keys, ``pace`` seconds apart; ``after`` is as for ``Key``."""

    keys: str
    after: float | None = None
    pace: float = 0.0


class Silence(Struct, frozen=True, tag="silence", tag_field="did"):
    """The caller does nothing until the step stops waiting."""


class Speech(Struct, frozen=True, omit_defaults=True, tag="speech", tag_field="did"):
    """The caller says something. ``intent`` is the outcome a voicebot takes it for.

    ``lasts`` is how long they speak; ``None`` is as long as the text takes.
    """

    text: str = ""
    intent: str = ""
    after: float | None = None
    lasts: float | None = None


class HangUp(Struct, frozen=True, omit_defaults=True, tag="hang_up", tag_field="did"):
    """The caller hangs up."""

    after: float | None = None


class Outcome(Struct, frozen=True, omit_defaults=True, tag="outcome", tag_field="did"):
    """What the world did at a step, named by the exit that stands for it.

    A number answers (``answered``), opening hours are ``closed``, a lookup is ``ok`` and has the
    ``body``, an agent takes the call (``queued``, or ``agent`` in a waiting loop), a share of
    ``random`` is drawn. ``seconds`` is how long it took; ``None`` is what is usual.
    """

    way: ExitId
    body: Json = None
    seconds: float | None = None


class Measured(Struct, frozen=True, tag="measured", tag_field="did"):
    """The figure a queue's state is asked for."""

    value: int


Stimulus: TypeAlias = Key | Digits | Silence | Speech | HangUp | Outcome | Measured

#: The stimuli that come from the caller, not from the world.
CALLERS = (Key, Digits, Silence, Speech, HangUp)
