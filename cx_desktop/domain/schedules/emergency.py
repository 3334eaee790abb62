"""An emergency: schedules and numbers that are closed now, until a time or until reopened."""

from datetime import datetime

import msgspec
from msgspec import Struct

from cx_desktop.domain.patch import Document


class By(Struct, frozen=True, omit_defaults=True):
    """Somebody, as entities name them."""

    id: str
    name: str = ""


class Emergency(Struct, frozen=True, omit_defaults=True):
    """A read view of the entity; the service alone writes it."""

    id: str
    project_id: str = ""
    etag: str = ""
    schedules: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    message: str = ""
    until: datetime | None = None
    began_at: datetime | None = None
    began_by: By | None = None
    ended_at: datetime | None = None
    ended_by: By | None = None
    """Who reopened; nobody when its time was over."""

    def is_in_force(self, now: datetime) -> bool:
        """Whether callers meet it; its end counts before the service has said so."""
        return self.ended_at is None and (self.until is None or now < self.until)


def emergency_of(entity: Document) -> Emergency:
    """Read an emergency entity. Raises ``msgspec.ValidationError`` with the place."""
    return msgspec.convert(entity, Emergency)
