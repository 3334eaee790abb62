"""What the processes of a chaos run tell each other, a line of JSON each."""

from typing import TypeAlias

import msgspec
from msgspec import Struct


class Wish(Struct, frozen=True, tag="wish"):
    """An edit that is about to be made: it may be there even if nothing more is heard of it.

    ``node`` is empty for a creation, and the name of a field of the flow for what anybody writes.
    """

    n: int
    flow: str
    node: str
    value: str | None
    """None where a node is taken away."""


class Saved(Struct, frozen=True, tag="saved"):
    """The program called the edit saved."""

    n: int


class Acked(Struct, frozen=True, tag="acked"):
    """The client has heard that the service has these ops."""

    ops: tuple[str, ...]


class Open(Struct, frozen=True, tag="open"):
    """The profile is open, and work begins."""


class Round(Struct, frozen=True, tag="round"):
    """A whole cycle was tried: what kept it from its end, or nothing."""

    problem: str
    is_all_synced: bool
    moved: int
    """How many edits were decided, or waited to be sent, when it began."""


class SentOp(Struct, frozen=True):
    """An op that the client has had, and what it takes it for."""

    op_id: str
    flow: str
    state: str


class Stands(Struct, frozen=True):
    """How many rows a stream has at one end, and their checksum."""

    rows: int
    sum: str


class Report(Struct, frozen=True, tag="report"):
    """Everything that a client has at the end."""

    flows: dict[str, msgspec.Raw]
    ops: tuple[SentOp, ...]
    faults: tuple[str, ...]
    here: dict[str, Stands]
    there: dict[str, Stands]


Told: TypeAlias = Wish | Saved | Acked | Open | Round | Report
