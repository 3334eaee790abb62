"""What is known of a recording, beside its sound."""

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct


class Purpose(StrEnum):
    """Why somebody asks for the sound of a recording; the audit keeps it."""

    LISTEN = "listen"
    """To hear it now."""
    OFFLINE = "offline"
    """To take it along, sealed."""
    EXPORT = "export"
    """As a file that nothing seals; asks for a fresh code."""


class Recording(Struct, frozen=True, tag="recording", kw_only=True):
    """A recorded call (the stream ``recordings:<project>``). Clients only read it."""

    id: str
    project_id: str
    started_at: datetime
    duration: int
    """Seconds."""
    direction: str
    """``in`` or ``out``."""
    queue_id: str | None
    agent_id: str | None
    agent_name: str
    caller: str
    called: str
    flow_id: str | None
    size: int
    """Bytes of the sound."""
    blob: str | None
    """The digest of the sound; none where it is not on the service any more (REC-06)."""
    delete_by: date
    """The day from which it may not be there (REC-01)."""
    ver: int
    held: bool = False
    """Whether it is protected from being deleted early; never beyond the longest retention."""


class RecordingRow(Struct, frozen=True, array_like=True):
    """The same as a row of a snapshot (``rows=arrays``); its project is the stream's."""

    id: str
    ver: int
    seq: int
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
    held: bool = False


#: The columns of such a row, as the head of a snapshot names them.
RECORDING_COLUMNS: tuple[str, ...] = RecordingRow.__struct_fields__
