"""What flows, schedules, prompts and queues refer to, whichever of them it is.

Documents hold ids. What a document refers to is asked before an object is archived, when it is
published (a flow pins the prompts it plays), and wherever somebody asks "where is this used?".
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from msgspec import Struct

from cx_desktop.domain.flow.graph import flow_of
from cx_desktop.domain.flow.references import references
from cx_desktop.domain.patch import Document
from cx_desktop.domain.queues import queue_of


class Target(Struct, frozen=True):
    """Another object that a document refers to."""

    type: str
    id: str


def refers(object_type: str, document: Document) -> Iterator[Target]:
    """What a draft or a live version refers to; nothing for a type that refers to nothing.

    Raises ``msgspec.ValidationError`` for what is no such document.
    """
    yield from _REFERS.get(object_type, _nothing)(document)


def _of_flow(document: Document) -> Iterator[Target]:
    for each in references(flow_of(document)):
        if each.refers_to != "node":
            yield Target(each.refers_to, each.target)


def _of_queue(document: Document) -> Iterator[Target]:
    queue = queue_of(document)
    for kind, target in (
        ("schedule", queue.schedule),
        ("prompt", queue.music),
        ("prompt", queue.comfort),
        ("prompt", queue.goodbye),
        ("queue", queue.overflow),
    ):
        if target:
            yield Target(kind, target)


def _nothing(_document: Document) -> Iterator[Target]:
    yield from ()


_REFERS: Mapping[str, Callable[[Document], Iterator[Target]]] = MappingProxyType(
    {"flow": _of_flow, "queue": _of_queue}
)
