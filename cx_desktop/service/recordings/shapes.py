"""What the endpoints of recordings take and give, beside the protocol's own shapes."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from cx_desktop.domain.recordings.packs import Packs
from cx_desktop.domain.recordings.policy import Notice
from cx_desktop.domain.recordings.retention import Retention
from cx_desktop.protocol import Person
from cx_desktop.service.shapes import AuditRow, Etag

Version = Annotated[int, Meta(ge=0)]


class PolicyView(Struct, frozen=True, kw_only=True, tag="recording_policy"):
    """The recording policy of a project; version 0 where nobody has written one."""

    etag: Etag
    id: str
    ver: Version
    project_id: str
    is_on: bool
    rate: int
    end_date: date | None
    scope: tuple[str, ...]
    queues: tuple[str, ...]
    purpose: str
    notice: Notice
    retention: Retention
    pause: str
    packs: Packs
    is_overage_allowed: bool
    updated_at: datetime | None
    updated_by: Person | None


class RecordingView(Struct, frozen=True, kw_only=True, tag="recording"):
    """A recording as it is now."""

    etag: Etag
    id: str
    ver: Version
    project_id: str
    started_at: datetime
    duration: int
    direction: str
    queue_id: str | None
    agent_id: str | None
    agent_name: str
    caller: str
    called: str
    flow_id: str | None
    size: int
    blob: str | None
    delete_by: date
    held: bool


class Deletion(Struct, frozen=True):
    """When and why a recording was deleted, and what vouches for it."""

    at: datetime
    delete_by: date
    reason: str
    """``retention`` or ``rights``."""
    row: AuditRow
    """The row of the audit that vouches for it: ``after`` is the digest of the list."""
    among: int
    """How many recordings were deleted with it; their list gives the digest."""
    is_proven: bool
    """Whether the list gives the digest, and the row follows from what stands in it."""


class RecordingAudit(Struct, frozen=True):
    """Everything that was done with one recording, oldest first."""

    recording_id: str
    rows: tuple[AuditRow, ...]
    deletion: Deletion | None
