"""The draft of a prompt, and each live version of it, as a value."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from cx_desktop.domain.patch import Document

Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Audio(Struct, frozen=True, omit_defaults=True):
    """A recorded file, as it is played on the telephone: 8 kHz, mono. The blob is its content.

    What was measured when it was brought in comes along, so that rules can judge it without
    hearing it; what is absent was not measured.
    """

    blob: Sha256
    bytes: Annotated[int, Meta(ge=0)]
    seconds: Annotated[float, Meta(ge=0)]
    name: Annotated[str, Meta(max_length=200)] = ""
    """What the file was called when it was brought in."""
    loudness: float | None = None
    """In LUFS (ITU-R BS.1770); absent for a file in which nothing is heard."""
    peak: float | None = None
    """The loudest sample, in decibels below full scale."""
    clipped: Annotated[int, Meta(ge=0)] = 0
    """How often the sound was cut off at full scale where it was recorded."""
    silent_start: Annotated[float, Meta(ge=0)] = 0.0
    """For how many seconds nothing is heard before the first sound."""
    silent_end: Annotated[float, Meta(ge=0)] = 0.0
    is_silent: bool = False
    """Whether nothing at all is heard."""
    text: Annotated[str, Meta(max_length=10_000)] = ""
    """What was to be said when it was brought in."""


class OrderState(StrEnum):
    """How far a studio is with a recording; ``prompts.order.<value>``."""

    ORDERED = "ordered"
    DELIVERED = "delivered"
    REFUSED = "refused"
    """It came, and has to be made again."""
    ACCEPTED = "accepted"


class StudioOrder(Struct, frozen=True, omit_defaults=True):
    """What a studio was asked to record; it is billed by units of thirty words (STU-01)."""

    text: Annotated[str, Meta(min_length=1, max_length=10_000)]
    """The words as they were ordered: what is written later is another order."""
    state: OrderState
    at: datetime
    """When it became so."""
    reference: Annotated[str, Meta(max_length=100)] = ""
    """The studio's number or the one of the purchase order."""
    voice: Annotated[str, Meta(max_length=100)] = ""
    note: Annotated[str, Meta(max_length=2_000)] = ""
    """How it is to be said."""


class Spoken(Struct, frozen=True, omit_defaults=True):
    """A prompt in one language: the file if there is one, else the text by a synthetic voice."""

    text: Annotated[str, Meta(max_length=10_000)] = ""
    audio: Audio | None = None
    order: StudioOrder | None = None

    @property
    def is_synthetic(self) -> bool:
        """Whether a synthetic voice reads it."""
        return self.audio is None and bool(self.text.strip())

    @property
    def is_heard(self) -> bool:
        """Whether a caller hears anything."""
        return self.audio is not None or bool(self.text.strip())


class Music(Struct, frozen=True, omit_defaults=True):
    """That there is music in a prompt, and by what right it is played in public (STU-02)."""

    title: Annotated[str, Meta(max_length=200)] = ""
    sacem: Annotated[str, Meta(max_length=100)] = ""
    """The reference of the declaration to SACEM."""


class Prompt(Struct, frozen=True, omit_defaults=True):
    """A prompt in each of its languages."""

    languages: dict[str, Spoken] = {}
    music: Music | None = None

    @property
    def heard(self) -> frozenset[str]:
        """The languages in which a caller hears something."""
        return frozenset(each for each, spoken in self.languages.items() if spoken.is_heard)

    @property
    def blobs(self) -> frozenset[str]:
        """The contents of its files."""
        return frozenset(each.audio.blob for each in self.languages.values() if each.audio)


def prompt_of(document: Document) -> Prompt:
    """Read a prompt's document. Raises ``msgspec.ValidationError`` with the place."""
    return msgspec.convert(document, Prompt)
