"""The draft of a queue's settings, and each live version of them, as a value."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from cx_desktop.domain.patch import Document

Id = Annotated[str, Meta(max_length=64)]


class Then(StrEnum):
    """What becomes of a call that has waited too long, or finds the queue full."""

    FLOW = "flow"
    """It goes on in the flow that put it here, by the exit of that name."""
    QUEUE = "queue"
    """It waits on in another queue."""
    GOODBYE = "goodbye"
    """It hears a prompt and ends."""


class Queue(Struct, frozen=True, omit_defaults=True):
    """How a queue receives calls. Whoever answers them comes later: members, skills."""

    purpose: Annotated[str, Meta(max_length=2_000)] = ""
    label: Annotated[str, Meta(max_length=24)] = ""
    """A short code that is in no language: for agents' screens, statistics and files."""
    schedule: Id = ""
    """The id of the schedule of those who answer, "" for always."""
    priority: Annotated[int, Meta(ge=1, le=10)] = 5
    """Whose calls an agent of several queues takes first: 1 is the highest."""
    wrap_up: Annotated[int, Meta(ge=0, le=3_600)] = 0
    """Seconds an agent has after a call before the next one rings."""
    music: Id = ""
    """The id of the prompt that is heard while waiting, "" for the provider's music."""
    comfort: Id = ""
    """The id of the prompt that is said between the music, "" for none."""
    announce_position: bool = False
    announce_wait: bool = False
    announce_every: Annotated[int, Meta(ge=10, le=600)] = 45
    """Seconds between two announcements."""
    most_calls: Annotated[int, Meta(ge=0, le=10_000)] = 0
    """How many calls may wait, 0 for any number."""
    longest_wait: Annotated[int, Meta(ge=0, le=7_200)] = 600
    """Seconds after which a call leaves the queue, 0 for never."""
    then: Then = Then.FLOW
    overflow: Id = ""
    """The id of the queue in which calls wait on, where ``then`` says so."""
    goodbye: Id = ""
    """The id of the prompt with which calls end, where ``then`` says so."""
    callback: bool = False
    """Whether those who wait are offered to be called back instead."""
    callback_after: Annotated[int, Meta(ge=0, le=7_200)] = 120
    """Seconds of waiting after which it is offered."""
    answer_within: Annotated[int, Meta(ge=1, le=3_600)] = 30
    """Seconds within which a call should be answered."""
    answer_share: Annotated[int, Meta(ge=1, le=100)] = 80
    """How many of a hundred calls should be answered within them."""

    @property
    def passes_to(self) -> str:
        """The queue to which calls are passed on, "" for none."""
        return self.overflow if self.then is Then.QUEUE else ""

    @property
    def announces(self) -> bool:
        """Whether those who wait are told anything between the music."""
        return self.announce_position or self.announce_wait or bool(self.comfort)


def queue_of(document: Document) -> Queue:
    """Read a queue's document. Raises ``msgspec.ValidationError`` with the place."""
    return msgspec.convert(document, Queue)


#: A draft in which nobody has decided anything, with all its parts.
NOTHING_DECIDED: Document = {
    name: msgspec.to_builtins(value)
    for name, value in zip(Queue.__struct_fields__, Queue.__struct_defaults__, strict=True)
}
