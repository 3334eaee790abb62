"""What a device says of recordings that were heard on it, from what it had taken along."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

#: So many are told at once.
MOST_PLAYS = 200


class Play(Struct, frozen=True):
    """One hearing."""

    recording_id: Annotated[str, Meta(min_length=1, max_length=64)]
    at: Annotated[datetime, Meta(tz=True)]
    """By the device's clock, which orders nothing."""


class Plays(Struct, frozen=True):
    """Some of them, told once under one ``Idempotency-Key``."""

    plays: Annotated[tuple[Play, ...], Meta(min_length=1, max_length=MOST_PLAYS)]


class PlaysTaken(Struct, frozen=True):
    """How many were written into the audit."""

    count: int
