"""The encrypted copy of the service on this computer, and the edits not yet sent."""

from cx_desktop.cache.blobs import BlobStore, Place
from cx_desktop.cache.cache import Cache
from cx_desktop.cache.claiming import Batch
from cx_desktop.cache.deciding import Choice, Decided
from cx_desktop.cache.edits import Keep
from cx_desktop.cache.outgoing import Dropped, Outgoing, Plan, Waiting
from cx_desktop.cache.pages import Chunk, Page, StalePage, why_unfit
from cx_desktop.cache.pushing import KeptEdit, Settled
from cx_desktop.cache.ranges import Checked, Repaired
from cx_desktop.cache.recording_list import Listed, RecordingList
from cx_desktop.cache.recording_query import Listing
from cx_desktop.cache.recovery import Recovered, can_create
from cx_desktop.cache.sealing import Arriving
from cx_desktop.cache.sound_rows import Sound
from cx_desktop.cache.sounds import SealedSound, Sounds, SoundState, Tally
from cx_desktop.cache.store import SyncStore
from cx_desktop.cache.transfers import Transfer, Transfers, Way
from cx_desktop.cache.values import (
    Action,
    Arisen,
    Changed,
    Conflict,
    Edit,
    GoneRow,
    KeptPart,
    OpState,
    OutboxRow,
    PageRow,
    PutRow,
    Quarantined,
    Row,
    StreamState,
    Unfit,
    Unsent,
)

__all__ = [
    "Action",
    "Arisen",
    "Arriving",
    "Batch",
    "BlobStore",
    "Cache",
    "Changed",
    "Checked",
    "Choice",
    "Chunk",
    "Conflict",
    "Decided",
    "Dropped",
    "Edit",
    "GoneRow",
    "Keep",
    "KeptEdit",
    "KeptPart",
    "Listed",
    "Listing",
    "OpState",
    "OutboxRow",
    "Outgoing",
    "Page",
    "PageRow",
    "Place",
    "Plan",
    "PutRow",
    "Quarantined",
    "RecordingList",
    "Recovered",
    "Repaired",
    "Row",
    "SealedSound",
    "Settled",
    "Sound",
    "SoundState",
    "Sounds",
    "StalePage",
    "StreamState",
    "SyncStore",
    "Tally",
    "Transfer",
    "Transfers",
    "Unfit",
    "Unsent",
    "Waiting",
    "Way",
    "can_create",
    "why_unfit",
]
