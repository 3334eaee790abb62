"""What client and service say to each other: the envelopes of API version 1.

Entities themselves travel as verbatim JSON (``Document``); these are the frames around them.
Times are RFC 3339 in UTC, ids UUIDv7 text, versions are strong ETags ``"<epoch>-<version>"``.
Errors are RFC 9457 problems. The rules of sync stand in ``docs/sync.md``.
"""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cx_desktop.domain.patch import Change, Document

API = "/v1"
PROBLEM_BASE = "https://cx-desktop.example/problems/"  # type URIs are names, never fetched
SCHEMA = 1


class Stream(StrEnum):
    """A feed of entities of one type, in an order in which no entity precedes what it refers to."""

    PROJECTS = "projects"
    CONFIG = "config"
    """Queues, schedules, prompts and numbers; told apart by their ``type``."""
    FLOWS = "flows"
    REVISIONS = "revisions"


class Problem(Struct, frozen=True, omit_defaults=True):
    """An RFC 9457 problem; ``type`` ends in a stable name, ``params`` fill the client's words."""

    type: str
    title: str
    status: int
    detail: str = ""
    request_id: str = ""
    retryable: bool = False
    retry_after: float | None = None
    errors: tuple["Fault", ...] = ()
    params: dict[str, str | int] = {}

    @property
    def name(self) -> str:
        """The last part of ``type``, such as ``wrong-code`` or ``stale-version``."""
        return self.type.rsplit("/", 1)[-1]


class Fault(Struct, frozen=True, omit_defaults=True):
    """One place of a refused request."""

    pointer: str
    code: str
    message: str = ""


# Session API --------------------------------------------------------------------------------


class ServerFacts(Struct, frozen=True):
    """What a server tells anyone (``GET /v1/server``)."""

    name: str
    version: str
    is_demo: bool
    server_time: datetime
    signing_key: str
    """Ed25519 public key (base64) of leases, directives and audit heads."""


class DeviceFacts(Struct, frozen=True, omit_defaults=True):
    """The computer that signs in; ``id`` is empty the first time."""

    name: str
    public_key: str
    """Ed25519 public key (base64) whose private half lies in the keyring."""
    id: str = ""


class SignInRequest(Struct, frozen=True):
    """``POST /v1/sessions``: the first factor."""

    username: str
    password: str
    device: DeviceFacts


class Enrolment(Struct, frozen=True):
    """A fresh TOTP secret (RFC 6238: SHA-1, 6 digits, 30 s) and its ``otpauth`` URI."""

    secret: str
    uri: str


class Challenge(Struct, frozen=True, omit_defaults=True):
    """The password was right; now the second factor, by ``POST /v1/sessions/{id}/verify``."""

    id: str
    expires_at: datetime
    enrolment: Enrolment | None = None
    """Given when the user has no authenticator yet: the first code verified enrols it."""


class Verification(Struct, frozen=True, omit_defaults=True):
    """The second factor: six digits, or one recovery code."""

    code: str = ""
    recovery_code: str = ""


class Person(Struct, frozen=True):
    """A user as others see them."""

    id: str
    name: str


class Grant(Struct, frozen=True):
    """A role in one project, or in all of the organisation (``project_id`` None)."""

    role: str
    project_id: str | None = None


class User(Struct, frozen=True, omit_defaults=True):
    """The signed-in user, with what they may do."""

    id: str
    username: str
    name: str
    language: str
    organisation: str
    grants: tuple[Grant, ...] = ()
    recovery_codes_left: int = 0


class Tokens(Struct, frozen=True):
    """A 10-minute access token, and the refresh token that may be used once."""

    access_token: str
    expires_at: datetime
    refresh_token: str


class SignedIn(Struct, frozen=True, omit_defaults=True):
    """Both factors held."""

    tokens: Tokens
    user: User
    device_id: str
    lease: str
    """A signed ``Lease``, see ``Signed``."""
    vault_key: str
    """The user's service key (base64, 32 bytes) for the vault's second wrap."""
    recovery_codes: tuple[str, ...] = ()
    """Ten codes, present once: right after enrolment."""


class RefreshRequest(Struct, frozen=True):
    """``POST /v1/sessions/refresh``, signed by the device key over ``refresh_token``."""

    refresh_token: str
    device_id: str
    signature: str


class Lease(Struct, frozen=True):
    """Leave to work offline: the service's signed word, checked on the floor clock."""

    user_id: str
    username: str
    device_id: str
    not_before: datetime
    not_after: datetime
    grants: tuple[Grant, ...]
    policy_version: int


class Invitation(Struct, frozen=True):
    """``POST /v1/invitations``: a one-time token becomes a user with a password."""

    token: str
    username: str
    name: str
    password: str


class StepUp(Struct, frozen=True):
    """``POST /v1/step-up``: a fresh code for one class of verbs, held 10 minutes."""

    code: str
    verb: str


class SteppedUp(Struct, frozen=True):
    """Until when the step-up holds."""

    verb: str
    until: datetime


# Flows --------------------------------------------------------------------------------------


class PublishedObject(Struct, frozen=True):
    """One draft to publish, named by the version that was looked at."""

    entity: str
    id: str
    etag: str


class Publication(Struct, frozen=True):
    """``POST /v1/projects/{id}/publications``: all of these drafts go live together."""

    message: str
    objects: tuple[PublishedObject, ...]


class ReturnTo(Struct, frozen=True):
    """``POST /v1/flows/{id}/return``: an old revision goes live again as a new one."""

    revision: int
    message: str


class Assignment(Struct, frozen=True):
    """``PATCH /v1/numbers/{id}``: which flow answers a number."""

    flow_id: str | None


# Capabilities -------------------------------------------------------------------------------


class Capability(Struct, frozen=True, omit_defaults=True):
    """Whether a verb can be used: yes, read-only, on-request or no, with a reason by key."""

    answer: str
    reason: str = ""


class ProjectCapabilities(Struct, frozen=True):
    """What one project has subscribed, and the state of its contract."""

    project_id: str
    state: str
    """``active``, ``suspended`` or ``traffic-cut``."""
    features: tuple[str, ...]
    verbs: dict[str, Capability]


class Capabilities(Struct, frozen=True):
    """``GET /v1/capabilities``: what this provider, for this user, can do."""

    api: str
    provider: str
    verbs: dict[str, Capability]
    projects: tuple[ProjectCapabilities, ...]


# Sync ---------------------------------------------------------------------------------------


class Schema(Struct, frozen=True):
    """The range of sync schemas that one side speaks."""

    min: int
    max: int


class Hello(Struct, frozen=True, omit_defaults=True):
    """``POST /v1/sync/hello``: who asks, and what they last knew."""

    device_id: str
    app: str
    schema: Schema
    epoch: str = ""
    high_seq: int = 0


class StreamFacts(Struct, frozen=True):
    """One stream as the service sees it for this user."""

    name: str
    rows: int
    access_version: str


class Limits(Struct, frozen=True):
    """How much the service takes and gives at once."""

    page_max: int
    op_max: int
    batch_bytes: int


class Welcome(Struct, frozen=True):
    """The answer to ``Hello``."""

    epoch: str
    schema: int
    server_time: datetime
    high_seq: int
    durable_seq: int
    tombstone_floor_seq: int
    lease: str
    limits: Limits
    streams: tuple[StreamFacts, ...]
    directives: tuple[str, ...] = ()


class PageHead(Struct, frozen=True, tag="head", tag_field="t"):
    """First line of a page (``GET /v1/sync/changes``, NDJSON)."""

    epoch: str
    stream: str
    high_seq: int
    has_more: bool
    server_time: datetime


class Put(Struct, frozen=True, tag="put", tag_field="t"):
    """An entity as it stands."""

    id: str
    ver: int
    seq: int
    data: Document


class Gone(Struct, frozen=True, tag="del", tag_field="t"):
    """A tombstone; ``reason`` is ``deleted``, ``retention`` or ``access``."""

    id: str
    seq: int
    reason: str


class PageEnd(Struct, frozen=True, tag="end", tag_field="t"):
    """Last line: without it, or with another checksum, the page does not exist.

    ``sha256`` is the hex digest over every row line, each with its line feed.
    """

    rows: int
    sha256: str
    next: str
    """The cursor (or resume mark) that this page earns."""


class Mark(Struct, frozen=True, tag="mark", tag_field="t"):
    """Inside a snapshot: what came so far is whole; ``resume`` goes on from here."""

    rows: int
    sha256: str
    resume: str


class OpStatus(StrEnum):
    """What became of a pushed op (``sync.md`` 1.5)."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    MERGED = "merged"
    CONFLICT = "conflict"
    REJECTED = "rejected"
    BLOCKED = "blocked"
    RETRY = "retry"


class Op(Struct, frozen=True, omit_defaults=True):
    """One edit on its way to the service. ``kind`` is ``create`` or ``patch``.

    A ``create`` carries its whole document in ``value``, a ``patch`` its ``changes`` with bases.
    """

    op_id: str
    n: int
    entity: str
    id: str
    kind: str
    at: datetime
    base_ver: int = 0
    changes: tuple[Change, ...] = ()
    value: Document | None = None
    after: str = ""


class Push(Struct, frozen=True):
    """``POST /v1/sync/push``: a batch of ops, each its own transaction."""

    device_id: str
    epoch: str
    schema: int
    acked_upto: int
    ops: tuple[Op, ...]


class OpResult(Struct, frozen=True, omit_defaults=True):
    """The outcome of one op; ``entity`` holds the service's state after merge or conflict."""

    op_id: str
    status: OpStatus
    ver: int = 0
    seq: int = 0
    entity: Document | None = None
    problem: Problem | None = None


class Pushed(Struct, frozen=True):
    """The answer to ``Push``, one result per op, in order."""

    high_seq: int
    durable_seq: int
    server_time: datetime
    results: tuple[OpResult, ...]


class Hint(Struct, frozen=True):
    """A server-sent event: something moved. Never data."""

    epoch: str
    streams: dict[str, int]
