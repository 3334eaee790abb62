"""What client and service say to each other: the envelopes of API version 1.

Entities themselves travel as verbatim JSON (``Document``); these are the frames around them.
Times are RFC 3339 in UTC, ids UUIDv7 text, versions are strong ETags ``"<epoch>-<version>"``.
Errors are RFC 9457 problems. The rules of sync stand in ``docs/sync.md``.
"""

from cx_desktop.protocol.emergencies import EmergencyOrder
from cx_desktop.protocol.flows import (
    Assignment,
    Publication,
    PublishedObject,
    ReturnTo,
)
from cx_desktop.protocol.problem import (
    PROBLEM_BASE,
    Fault,
    Problem,
)
from cx_desktop.protocol.recordings import RECORDING_COLUMNS, Purpose, Recording, RecordingRow
from cx_desktop.protocol.schema import ACTIONS, GROUPS, SCHEMA, Dialect, Schema
from cx_desktop.protocol.seal import Seal
from cx_desktop.protocol.session import (
    Capabilities,
    Capability,
    Challenge,
    DeviceFacts,
    Enrolment,
    Grant,
    Invitation,
    Lease,
    Person,
    ProjectCapabilities,
    RefreshRequest,
    ServerFacts,
    SignedIn,
    SignInRequest,
    SteppedUp,
    StepUp,
    Tokens,
    User,
    Verification,
)
from cx_desktop.protocol.streams import (
    STREAM_NAME,
    PerProject,
    Stream,
    family_of,
    is_large,
    project_of,
)
from cx_desktop.protocol.sync import (
    Gone,
    Hello,
    Hint,
    Limits,
    Mark,
    Op,
    OpResult,
    OpStatus,
    PageEnd,
    PageHead,
    Push,
    Pushed,
    Put,
    StreamFacts,
    Welcome,
)
from cx_desktop.protocol.timed import TimedMove, TimedObjectOrder, TimedOrder

API = "/v1"

__all__ = [
    "ACTIONS",
    "API",
    "GROUPS",
    "PROBLEM_BASE",
    "RECORDING_COLUMNS",
    "SCHEMA",
    "STREAM_NAME",
    "Assignment",
    "Capabilities",
    "Capability",
    "Challenge",
    "DeviceFacts",
    "Dialect",
    "EmergencyOrder",
    "Enrolment",
    "Fault",
    "Gone",
    "Grant",
    "Hello",
    "Hint",
    "Invitation",
    "Lease",
    "Limits",
    "Mark",
    "Op",
    "OpResult",
    "OpStatus",
    "PageEnd",
    "PageHead",
    "PerProject",
    "Person",
    "Problem",
    "ProjectCapabilities",
    "Publication",
    "PublishedObject",
    "Purpose",
    "Push",
    "Pushed",
    "Put",
    "Recording",
    "RecordingRow",
    "RefreshRequest",
    "ReturnTo",
    "Schema",
    "Seal",
    "ServerFacts",
    "SignInRequest",
    "SignedIn",
    "StepUp",
    "SteppedUp",
    "Stream",
    "StreamFacts",
    "TimedMove",
    "TimedObjectOrder",
    "TimedOrder",
    "Tokens",
    "User",
    "Verification",
    "Welcome",
    "family_of",
    "is_large",
    "project_of",
]
