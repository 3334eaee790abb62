"""Recordings sent to a server of the client's own: what is wanted, what came of it."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from cx_desktop.domain.recordings.exporting import Destination

#: Longer than any server takes.
Password = Annotated[str, Meta(max_length=1024)]


class ExportOrder(Struct, frozen=True):
    """``PUT /v1/projects/{id}/recording-export``."""

    destination: Destination
    password: Password | None = None
    """None leaves what is kept; "" forgets it: over SFTP the service then uses its own key."""
    leaves: Annotated[int, Meta(ge=0)] = 0
    """How many files are left at the former place, for the client alone to remove."""


class ExportView(Struct, frozen=True):
    """Where the recordings of a project are sent, and how that goes."""

    project_id: str
    etag: str
    destination: Destination
    has_password: bool = False
    public_key: str = ""
    """What is to be installed on an SFTP server that shall know the service by its key."""
    next_at: datetime | None = None
    last_at: datetime | None = None
    """When everything was sent for the last time."""
    failures: int = 0
    """Attempts in vain since then."""
    problem: str = ""
    """Why the last one was: ``unreachable``, ``other-identity``, ``sign-in``, ``refused``,
    ``no-room``, ``cut-off``, ``forbidden-address``, or empty."""
    detail: str = ""
    waiting: int = 0
    """Recordings that are not there yet."""
    there: int = 0
    overdue: int = 0
    """Files that should not be there any more (REC-07)."""


class ExportTrial(Struct, frozen=True):
    """``POST …/recording-export/trials``: does it work, and who answers there?"""

    destination: Destination
    password: Password | None = None


class ExportTried(Struct, frozen=True):
    """What came of a trial: a small file was written and removed, or why not."""

    identity: str
    """The host key or certificate that was shown, to be confirmed by a person."""
    is_confirmed: bool
    problem: str = ""
    detail: str = ""


class ExportedFile(Struct, frozen=True):
    """One file of the purge calendar."""

    recording_id: str
    path: str
    size: int
    delete_by: date
    sent_at: datetime | None
    gone_at: datetime | None
    audit_n: int | None
    """The row of the audit that vouches for its end."""


class ExportedFiles(Struct, frozen=True):
    """A page of the calendar, what has to go first in front."""

    files: tuple[ExportedFile, ...]
    has_more: bool
