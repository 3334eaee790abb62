"""The draft of a prompt, and each live version of it, as a value."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from cx_desktop.domain.patch import Document

Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Audio(Struct, frozen=True, omit_defaults=True):
    """A recorded file, as it is played on the telephone: 8 kHz, mono. The blob is its content."""

    blob: Sha256
    bytes: Annotated[int, Meta(ge=0)]
    seconds: Annotated[float, Meta(ge=0)]
    name: Annotated[str, Meta(max_length=200)] = ""
    """What the file was called when it was brought in."""


class Spoken(Struct, frozen=True, omit_defaults=True):
    """A prompt in one language: the file if there is one, else the text by a synthetic voice."""

    text: Annotated[str, Meta(max_length=10_000)] = ""
    audio: Audio | None = None


class Prompt(Struct, frozen=True, omit_defaults=True):
    """A prompt in each of its languages."""

    languages: dict[str, Spoken] = {}


def prompt_of(document: Document) -> Prompt:
    """Read a prompt's document. Raises ``msgspec.ValidationError`` with the place."""
    return msgspec.convert(document, Prompt)
