"""What is told of devices."""

from datetime import datetime

from msgspec import Struct

from cx_desktop.protocol import Person
from cx_desktop.protocol.directives import Act


class DeviceView(Struct, frozen=True):
    """One registered computer of a user."""

    id: str
    name: str
    user: Person
    created_at: datetime
    revoked_at: datetime | None
    ordered: Act
    """What it is still to do."""
    wiped_at: datetime | None
    """When it said that everything of this user is gone from it."""
    sealed_packages: int
    """How many packages of unsent edits it has handed over."""


class DeviceList(Struct, frozen=True):
    """The computers that are registered."""

    devices: tuple[DeviceView, ...]
