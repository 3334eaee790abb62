"""What a step becomes before it is known where its ways lead: kind, properties and ways."""

from collections.abc import Mapping
from enum import Enum, auto
from typing import NamedTuple

from cx_desktop.domain.flow.formats.asterisk.lines import Step
from cx_desktop.domain.patch import Document


class How(Enum):
    """How a way of a step goes on."""

    ONWARD = auto()
    """At the next priority, if there is one."""
    JUMP = auto()
    """At a place of the dialplan: ``context,extension,priority``."""
    DIALLED = auto()
    """At the extension of this name, here or in an included context, if there is one."""
    TYPED = auto()
    """At the extension whose number the caller typed."""
    INNER = auto()
    """At another node of the same step."""
    PRIORITY = auto()
    """At this priority of the same extension, if there is one."""
    ENDS = auto()
    """Nowhere: the engine hangs up."""


class Where(NamedTuple):
    """Where a way of a step leads."""

    how: How
    target: str = ""


ONWARD = Where(How.ONWARD)
ENDS = Where(How.ENDS)
TYPED = Where(How.TYPED)


def jump(target: str) -> Where:
    """A way to a place of the dialplan, or onward when none is named."""
    return Where(How.JUMP, target) if target.strip() else ONWARD


def dialled(extension: str) -> Where:
    """A way to an extension by its name."""
    return Where(How.DIALLED, extension)


def inner(number: int) -> Where:
    """A way to another node of the same step."""
    return Where(How.INNER, str(number))


class Draft(NamedTuple):
    """A node without id and links; ``others`` are further nodes of the same step."""

    kind: str
    props: Document
    ways: Mapping[str, Where]
    others: tuple["Draft", ...] = ()
    note: str = ""
    """What was not understood, as the end of a catalogue key."""
    takes: int = 0
    """How many of the next steps it says too."""
    jumps: str = ""
    """The place a step jumps to that is nothing but a jump."""
    calls: str = ""
    """The place a sub-routine begins."""
    app: str = ""
    """The application, where the step's own name is that of the one around it."""


def onward(kind: str, props: Document | None = None, *ways: str) -> Draft:
    """A node all of whose ways go on at the next priority."""
    return Draft(kind, props or {}, dict.fromkeys(ways or ("next",), ONWARD))


def shifted(draft: Draft, by: int) -> tuple[Draft, ...]:
    """A draft and its others as further nodes of a step, which has so many before them."""
    return tuple(
        each._replace(ways={way: _shifted(to, by) for way, to in each.ways.items()}, others=())
        for each in (draft, *draft.others)
    )


def _shifted(to: Where, by: int) -> Where:
    return Where(How.INNER, str(int(to.target) + by)) if to.how is How.INNER else to


class Place(NamedTuple):
    """Where a step stands: what its application may look at."""

    section: str
    step: Step
    steps: tuple[Step, ...]
    """Every step of its extension by priority."""
