"""The draft of a queue's settings, and each live version of them, as a value."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from cx_desktop.domain.patch import Document


class Queue(Struct, frozen=True, omit_defaults=True):
    """How a queue receives calls."""

    purpose: Annotated[str, Meta(max_length=2_000)] = ""
    schedule: Annotated[str, Meta(max_length=64)] = ""
    """The id of the schedule of those who answer, "" for always."""
    music: Annotated[str, Meta(max_length=64)] = ""
    """The id of the prompt that is heard while waiting, "" for the provider's music."""
    most_calls: Annotated[int, Meta(ge=0, le=10_000)] = 0
    """How many calls may wait, 0 for any number."""
    longest_wait: Annotated[int, Meta(ge=0, le=7_200)] = 600
    """Seconds after which a call leaves the queue, 0 for never."""
    answer_within: Annotated[int, Meta(ge=1, le=3_600)] = 30
    """Seconds within which a call should be answered."""


def queue_of(document: Document) -> Queue:
    """Read a queue's document. Raises ``msgspec.ValidationError`` with the place."""
    return msgspec.convert(document, Queue)
