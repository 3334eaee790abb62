"""Everything a user can ask of the service, each under one stable name."""

from enum import StrEnum


class Verb(StrEnum):
    """One thing that can be allowed or refused; the text is its name on the wire."""

    SESSION_OWN = "session.own"
    """One's own session, second factor and capabilities: anyone who is signed in."""
    SYNC = "sync.use"
    """The sync endpoints; what comes through them is decided by the read verbs."""
    PROJECT_READ = "project.read"
    CONFIG_READ = "config.read"
    """Queues, schedules, prompts and numbers."""
    CONFIG_EDIT = "config.edit"
    """Create queues, schedules and prompts, change their names and their drafts."""
    CONFIG_ARCHIVE = "config.archive"
    CONFIG_PUBLISH = "config.publish"
    """Publish queues, schedules and prompts, and return to an older version of one."""
    EMERGENCY_DECLARE = "emergency.declare"
    """Close schedules and numbers at once, and reopen them."""
    FLOW_READ = "flow.read"
    """Flows with their drafts and revisions."""
    FLOW_EDIT = "flow.edit"
    """Create a flow, change its name and its draft, discard the draft."""
    FLOW_ARCHIVE = "flow.archive"
    FLOW_PUBLISH = "flow.publish"
    """Publish, and return to an older version."""
    NUMBER_ASSIGN = "number.assign"
    RECORDING_READ = "recording.read"
    """What is known of recordings: when, how long, who with whom."""
    RECORDING_LISTEN = "recording.listen"
    """Their sound, to hear it now or to take it along sealed."""
    RECORDING_EXPORT = "recording.export"
    """Their sound as a file that nothing seals."""
    RECORDING_AUDIT = "recording.audit"
    """Who listened to one recording, exported or protected it."""
    RECORDING_HOLD = "recording.hold"
    """Protect one from being deleted early, and release it."""
    RECORDING_POLICY = "recording.policy"
    """What is recorded and how long it is kept."""
    RECORDING_TRANSFER = "recording.transfer"
    """Have recordings sent to a server of the client's own, and say to which."""
    RECORDING_RIGHTS = "recording.rights"
    """Answer a caller who asks for access, correction or deletion."""
    NOTE_WRITE = "note.write"
    """Notes, labels and evaluations of recordings, and worklists."""
    FORM_EDIT = "form.edit"
    """Create evaluation forms, change them and put them away."""
    FORM_PUBLISH = "form.publish"
    """Publish evaluation forms, so that calls are judged by them."""
    AUDIT_READ = "audit.read"
    DEVICE_READ = "device.read"
    """The registered computers of users."""
    DEVICE_REVOKE = "device.revoke"
    """Lock a computer, or shut it out."""
    DEVICE_WIPE = "device.wipe"
    """Order a computer to give up what it holds."""


class StepUpClass(StrEnum):
    """A class of verbs that asks for a fresh verification code."""

    PUBLISH = "publish"
    SEND = "send"
    REVEAL = "reveal"
    EXPORT = "export"
    WIPE = "wipe"
    REVOKE = "revoke"
    FACTOR_RESET = "factor-reset"

    @property
    def is_held(self) -> bool:
        """Whether one code is good for ten minutes, and not for one act only."""
        return self in _HELD


_HELD = frozenset({StepUpClass.PUBLISH, StepUpClass.SEND, StepUpClass.REVEAL})

_LOOKS = frozenset(
    {
        Verb.PROJECT_READ,
        Verb.CONFIG_READ,
        Verb.FLOW_READ,
        Verb.RECORDING_READ,
        Verb.RECORDING_LISTEN,
        Verb.RECORDING_EXPORT,
        Verb.RECORDING_AUDIT,
        Verb.AUDIT_READ,
        Verb.DEVICE_READ,
    }
)
#: What the law asks for in a project that is suspended, too.
_DUTIES = frozenset({Verb.RECORDING_RIGHTS})
_OF_DEVICES = frozenset({Verb.DEVICE_REVOKE, Verb.DEVICE_WIPE})
_PERSONAL = frozenset({Verb.SESSION_OWN, Verb.SYNC})


def changes_project(verb: Verb) -> bool:
    """Whether a verb changes something in a project, and so is refused in one that is suspended."""
    return verb not in _LOOKS | _DUTIES | _PERSONAL | _OF_DEVICES


_STEP_UPS = {
    Verb.FLOW_PUBLISH: StepUpClass.PUBLISH,
    Verb.CONFIG_PUBLISH: StepUpClass.PUBLISH,
    Verb.FORM_PUBLISH: StepUpClass.PUBLISH,
    Verb.EMERGENCY_DECLARE: StepUpClass.PUBLISH,
    Verb.RECORDING_EXPORT: StepUpClass.EXPORT,
    Verb.RECORDING_POLICY: StepUpClass.PUBLISH,
    Verb.RECORDING_TRANSFER: StepUpClass.EXPORT,
    Verb.RECORDING_RIGHTS: StepUpClass.REVEAL,
    Verb.DEVICE_REVOKE: StepUpClass.REVOKE,
    Verb.DEVICE_WIPE: StepUpClass.WIPE,
}


def step_up_of(verb: Verb) -> StepUpClass | None:
    """The fresh code that a verb asks for, if any."""
    return _STEP_UPS.get(verb)


_FEATURES = {
    Verb.FLOW_EDIT: "ivr",
    Verb.FLOW_ARCHIVE: "ivr",
    Verb.FLOW_PUBLISH: "ivr",
    Verb.NUMBER_ASSIGN: "ivr",
    Verb.RECORDING_READ: "recording",
    Verb.RECORDING_LISTEN: "recording",
    Verb.RECORDING_EXPORT: "recording",
    Verb.RECORDING_AUDIT: "recording",
    Verb.RECORDING_HOLD: "recording",
    Verb.RECORDING_POLICY: "recording",
    Verb.RECORDING_TRANSFER: "recording",
    Verb.NOTE_WRITE: "recording",
}


def feature_of(verb: Verb) -> str | None:
    """The feature that a project must have subscribed for a verb, if any."""
    return _FEATURES.get(verb)
