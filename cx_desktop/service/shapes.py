"""Read views of what the service keeps verbatim, for the OpenAPI document and for reading parts.

Only the service's own requests and answers that no client type describes stand here; the envelopes
both ends share are in ``protocol``.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from cx_desktop.domain.patch import Change, Document
from cx_desktop.domain.timed import TimedState
from cx_desktop.protocol import STREAM_NAME, Fault, Person

Etag = Annotated[str, Meta(pattern='^"[0-9a-f]+-[0-9]+"$')]
Version = Annotated[int, Meta(ge=1)]


class RecoveryCodes(Struct, frozen=True):
    """Ten recovery codes, shown once."""

    recovery_codes: tuple[str, ...]


class ProjectView(Struct, frozen=True, kw_only=True, tag="project"):
    """A project: one account of the provider."""

    etag: Etag
    id: str
    ver: Version
    name: str
    organisation: str
    features: tuple[str, ...]
    time_zone: str
    state: str


class ObjectView(Struct, frozen=True, kw_only=True):
    """An object with its draft; what is live is told by number."""

    etag: Etag
    id: str
    ver: Version
    project_id: str
    name: str
    description: str
    archived: bool
    draft: Document
    draft_ver: int
    live_revision: int | None
    live_draft_ver: int | None
    updated_at: datetime
    updated_by: Person


class FlowView(ObjectView, frozen=True, kw_only=True, tag="flow"):
    """A flow with its draft."""


class ScheduleView(ObjectView, frozen=True, kw_only=True, tag="schedule"):
    """A schedule with its draft."""


class PromptView(ObjectView, frozen=True, kw_only=True, tag="prompt"):
    """A prompt with its draft."""


class QueueView(ObjectView, frozen=True, kw_only=True, tag="queue"):
    """A queue with the draft of its settings."""


class FormView(ObjectView, frozen=True, kw_only=True, tag="form"):
    """An evaluation form with its draft."""


class RevisionView(Struct, frozen=True, kw_only=True, tag="revision"):
    """What was published once, and never changes."""

    etag: Etag
    id: str
    ver: Version
    project_id: str
    object_type: str
    object_id: str
    number: int
    message: str
    published_at: datetime
    published_by: Person
    document: Document
    pins: dict[str, int]
    sha256: str
    returned_from: int | None


class NumberView(Struct, frozen=True, kw_only=True, tag="number"):
    """A telephone number and the flow that answers it."""

    etag: Etag
    id: str
    ver: Version
    project_id: str
    e164: str
    label: str
    flow_id: str | None


class EmergencyView(Struct, frozen=True, kw_only=True, tag="emergency"):
    """Schedules and numbers that were closed at once, and how that ended."""

    etag: Etag
    id: str
    ver: Version
    project_id: str
    schedules: tuple[str, ...]
    numbers: tuple[str, ...]
    message: str
    until: datetime | None
    began_at: datetime
    began_by: Person
    ended_at: datetime | None
    ended_by: Person | None
    """Who reopened; nobody when its time was over."""


class TimedObjectView(Struct, frozen=True, kw_only=True):
    """One object of a timed publication."""

    entity: str
    id: str
    draft_ver: int
    sha256: str
    live_revision: int | None
    expects: int | None
    returns_to: int | None
    revision: int | None
    came_back: int | None


class FailureView(Struct, frozen=True, kw_only=True):
    """Why a timed publication could not be carried out, as a problem would say it."""

    name: str
    params: dict[str, str | int]
    errors: tuple[Fault, ...]


class TimedView(Struct, frozen=True, kw_only=True, tag="timed_publication"):
    """Versions that go live at a set time, and when what was live before comes back."""

    etag: Etag
    id: str
    ver: Version
    project_id: str
    state: TimedState
    message: str
    objects: tuple[TimedObjectView, ...]
    at: datetime | None
    returns_at: datetime | None
    whatever_is_live: bool
    overrides: tuple[str, ...]
    planned_at: datetime
    planned_by: Person
    went_live_at: datetime | None
    came_back_at: datetime | None
    cancelled_at: datetime | None
    cancelled_by: Person | None
    failed_at: datetime | None
    failure: FailureView | None
    settled_at: datetime | None
    settled_by: Person | None


class ProjectList(Struct, frozen=True):
    """The projects the user may see."""

    projects: tuple[ProjectView, ...]


class FlowList(Struct, frozen=True):
    """The flows of a project."""

    flows: tuple[FlowView, ...]


class EmergencyList(Struct, frozen=True):
    """The emergencies of a project, those that are over too."""

    emergencies: tuple[EmergencyView, ...]


class TimedList(Struct, frozen=True):
    """The timed publications of a project, those that are over too."""

    timed_publications: tuple[TimedView, ...]


class ScheduleList(Struct, frozen=True):
    """The schedules of a project."""

    schedules: tuple[ScheduleView, ...]


class PromptList(Struct, frozen=True):
    """The prompts of a project."""

    prompts: tuple[PromptView, ...]


class QueueList(Struct, frozen=True):
    """The queues of a project."""

    queues: tuple[QueueView, ...]


class FormList(Struct, frozen=True):
    """The evaluation forms of a project."""

    forms: tuple[FormView, ...]


#: The shapes of one object and of many, by type of object.
VIEWS = {
    "flow": FlowView,
    "schedule": ScheduleView,
    "prompt": PromptView,
    "queue": QueueView,
    "form": FormView,
}
LISTS = {
    "flow": FlowList,
    "schedule": ScheduleList,
    "prompt": PromptList,
    "queue": QueueList,
    "form": FormList,
}


class RevisionList(Struct, frozen=True):
    """The revisions of an object, oldest first."""

    revisions: tuple[RevisionView, ...]


class NumberList(Struct, frozen=True):
    """The numbers of a project."""

    numbers: tuple[NumberView, ...]


class Published(Struct, frozen=True):
    """What a publication or a return made: objects as they are now, and their new revisions."""

    objects: tuple[FlowView | ScheduleView | PromptView | QueueView | FormView, ...]
    revisions: tuple[RevisionView, ...]


class NewObject(Struct, frozen=True, kw_only=True):
    """``PUT`` of an object: what to create."""

    project_id: str
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    description: Annotated[str, Meta(max_length=4000)] = ""
    draft: Document = {}


class ObjectPatch(Struct, frozen=True):
    """``PATCH`` of an object: changes with what stood at their places."""

    changes: Annotated[tuple[Change, ...], Meta(min_length=1, max_length=10_000)]


class BlobQuery(Struct, frozen=True):
    """Which project a file is for."""

    project_id: Annotated[str, Meta(min_length=1, max_length=64)]


class BlobView(Struct, frozen=True):
    """A file that the service holds for a project."""

    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    project_id: str
    size: int


StreamName = Annotated[str, Meta(pattern=STREAM_NAME)]


class ChangesQuery(Struct, frozen=True):
    """Which page of a stream."""

    stream: StreamName
    cursor: str = ""
    limit: Annotated[int, Meta(ge=1, le=5000)] = 1000
    schema: Annotated[int, Meta(ge=1)] = 1
    """What the reader speaks: rows have the columns of that schema."""


class SnapshotQuery(Struct, frozen=True):
    """Which stream, and where a broken snapshot goes on."""

    stream: StreamName
    resume: str = ""
    mark: Annotated[int, Meta(ge=0, le=10_000)] = 0
    """How many rows of a large stream to a mark; 0 leaves it to the service."""
    rows: Literal["objects", "arrays"] = "objects"
    """How rows are written; streams whose rows have no columns of their own keep to objects."""
    schema: Annotated[int, Meta(ge=1)] = 1


class DigestQuery(Struct, frozen=True):
    """Which stream, and how many signs of an id make a bucket."""

    stream: StreamName
    depth: Annotated[int, Meta(ge=0, le=4)] = 0


class ChecksumQuery(DigestQuery, frozen=True):
    """The same; of a large stream at depth 4 only ``within`` ranges of two signs."""

    within: Annotated[str, Meta(pattern="^([0-9a-f]{2}(,[0-9a-f]{2}){0,255})?$")] = ""


class SyncState(Struct, frozen=True):
    """``GET /v1/sync/state``: where each stream stands."""

    epoch: str
    high_seq: int
    streams: dict[str, int]


class Fetch(Struct, frozen=True):
    """``POST /v1/sync/fetch``: exact ids."""

    ids: Annotated[tuple[str, ...], Meta(min_length=1, max_length=1000)]


class Fetched(Struct, frozen=True):
    """The entities asked for that exist and may be seen."""

    entities: tuple[Document, ...]
    missing: tuple[str, ...]


class AuditQuery(Struct, frozen=True):
    """Which links of the chain."""

    after: Annotated[int, Meta(ge=0, le=2**53)] = 0
    limit: Annotated[int, Meta(ge=1, le=1000)] = 200


class AuditRow(Struct, frozen=True, kw_only=True):
    """One link of the audit chain."""

    n: int
    at: datetime
    who_id: str
    who_name: str
    verb: str
    entity: str
    entity_id: str
    project_id: str
    before: str
    after: str
    detail: str
    previous: str
    hash: str


class AuditPage(Struct, frozen=True):
    """Some links; ``next`` is the ``after`` of the next page."""

    rows: tuple[AuditRow, ...]
    next: int
    has_more: bool


class AuditHead(Struct, frozen=True):
    """The end of the chain on a day, signed (Ed25519) over ``<day> <n> <hash>``."""

    day: str
    n: int
    hash: str
    signature: str


class AuditHeads(Struct, frozen=True):
    """The signed heads of closed days, oldest first."""

    heads: tuple[AuditHead, ...]
    signing_key: str
