"""What flows, schedules, prompts and queues refer to, whichever of them it is.

Documents hold ids. What a document refers to is asked before an object is archived, when it is
published (a flow pins the prompts it plays), and wherever somebody asks "where is this used?".
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from msgspec import Struct

from cx_desktop.domain.flow.graph import document_of, flow_of
from cx_desktop.domain.flow.references import references
from cx_desktop.domain.flow.references import renamed as renamed_flow
from cx_desktop.domain.patch import Document
from cx_desktop.domain.queues import queue_of


class Target(Struct, frozen=True):
    """Another object that a document refers to."""

    type: str
    id: str


#: The fields of a queue that hold an id, and of which type of object.
QUEUE_REFERENCES: Mapping[str, str] = MappingProxyType(
    {
        "schedule": "schedule",
        "music": "prompt",
        "comfort": "prompt",
        "goodbye": "prompt",
        "overflow": "queue",
    }
)


def refers(object_type: str, document: Document) -> Iterator[Target]:
    """What a draft or a live version refers to; nothing for a type that refers to nothing.

    Raises ``msgspec.ValidationError`` for what is no such document.
    """
    yield from _REFERS.get(object_type, _nothing)(document)


def renamed(object_type: str, document: Document, rename: Callable[[str, str], str]) -> Document:
    """A document with every reference to another object passed through ``rename(type, target)``."""
    if object_type == "flow":
        return document_of(renamed_flow(flow_of(document), rename))
    if object_type != "queue":
        return document
    return document | {
        field: rename(kind, target)
        for field, kind in QUEUE_REFERENCES.items()
        if isinstance(target := document.get(field), str) and target
    }


def _of_flow(document: Document) -> Iterator[Target]:
    for each in references(flow_of(document)):
        if each.refers_to != "node":
            yield Target(each.refers_to, each.target)


def _of_queue(document: Document) -> Iterator[Target]:
    queue = queue_of(document)
    for field, kind in QUEUE_REFERENCES.items():
        target = getattr(queue, field)
        if target:
            yield Target(kind, target)


def _nothing(_document: Document) -> Iterator[Target]:
    yield from ()


_REFERS: Mapping[str, Callable[[Document], Iterator[Target]]] = MappingProxyType(
    {"flow": _of_flow, "queue": _of_queue}
)
