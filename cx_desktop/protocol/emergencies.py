"""Closing at once: what is asked of the service in an emergency."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

_Ids = Annotated[tuple[str, ...], Meta(max_length=500)]


class EmergencyOrder(Struct, frozen=True):
    """``POST /v1/projects/{id}/emergencies``: close these at once, until then or until reopened."""

    schedules: _Ids = ()
    numbers: _Ids = ()
    message: Annotated[str, Meta(max_length=2_000)] = ""
    """What callers hear; "" for what they hear whenever it is closed."""
    until: Annotated[datetime, Meta(tz=True)] | None = None
    """When it ends by itself; None: when somebody ends it."""
