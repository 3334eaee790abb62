"""Kinds that hand the call to somebody, or to another flow."""

from cx_desktop.domain.flow.kind import Family, FieldType, Kind, Property, Unlinked
from cx_desktop.domain.flow.kinds.decision import queue_from
from cx_desktop.domain.flow.kinds.shapes import (
    ERROR,
    HANGUP,
    MUSIC,
    NEXT,
    TELEPHONE_KEYS,
    count,
    is_on,
    is_one_of,
    is_positive,
    optional,
    outcome_exits,
    prompt,
    required,
    rows,
    seconds,
    toggle,
)
from cx_desktop.domain.patch import Document

_KEEPS_CONTROL = is_one_of(
    "transfer_mode",
    "attended",
    "return",
    sentence="The call is not handed over blindly.",
)
_RETURNS = is_one_of(
    "transfer_mode",
    "return",
    sentence="The call comes back after the conversation.",
)
_CUSTOM_NUMBER = is_one_of("caller_id", "custom", sentence="Another number is presented.")
_WAIT_ENDS = is_positive("max_wait", "The waiting time is limited.")
_COLLECTED = is_one_of("number_from", "collected", sentence="The number was typed or looked up.")
_NUMBER_UNPROVEN = is_one_of(
    "number_from",
    "caller",
    "collected",
    sentence="No earlier step has checked the number.",
)
_FOR_ANYBODY = is_one_of("target_agent", "", sentence="No agent is named: the queue decides.")
_OFFERED = is_on("offer", "This step makes the offer itself.")


def _has_way_out(props: Document) -> bool:
    """A key leads out of the queue."""
    return props["overflow_key"] in TELEPHONE_KEYS


def _has_no_outcomes(props: Document) -> bool:
    """The sub-flow declares no outcomes."""
    return not any(True for _ in rows(props["outcomes"]))


TRANSFER_NUMBER = Kind(
    id="transfer_number",
    family=Family.TRANSFER,
    icon="ph.phone-outgoing",
    exits=(
        optional("answered", Unlinked.HANG_UP, when=_RETURNS),
        required("no_answer", when=_KEEPS_CONTROL),
        optional("busy", Unlinked.NEXT, instead="no_answer", when=_KEEPS_CONTROL),
        required("failed"),
    ),
    properties=(
        Property(name="number", type=FieldType.NUMBER, default="", is_required=True),
        Property(
            name="transfer_mode",
            type=FieldType.CHOICE,
            default="attended",
            choices=("blind", "attended", "return"),
        ),
        seconds("ring_timeout", 30, minimum=5, maximum=120),
        Property(
            name="caller_id",
            type=FieldType.CHOICE,
            default="caller",
            choices=("caller", "called", "custom"),
            group="advanced",
        ),
        Property(
            name="presented_number",
            type=FieldType.NUMBER,
            default="",
            is_required=True,
            group="advanced",
            when=_CUSTOM_NUMBER,
        ),
        prompt("announce", group="advanced"),
        toggle("record", group="advanced"),
    ),
    synonyms=(
        "Transfer to phone number",
        "TransferParticipantToThirdParty",
        "Connect Call To",
        "Dial",
        "bridge",
        "Transfer",
        "Forward",
    ),
)

SET_QUEUE = Kind(
    id="set_queue",
    family=Family.TRANSFER,
    icon="ph.list-plus",
    exits=(NEXT, optional("error", Unlinked.NEXT)),
    properties=(
        Property(
            name="queue",
            type=FieldType.REFERENCE,
            default="",
            is_required=True,
            refers_to="queue",
            when=_FOR_ANYBODY,
        ),
        count("priority", 5, minimum=1, maximum=10),
        Property(name="skills", type=FieldType.LINES, default="", group="advanced"),
        Property(name="target_agent", type=FieldType.TEXT, default="", group="advanced"),
    ),
    synonyms=("Set working queue", "UpdateContactTargetQueue", "Set queue", "Priority", "Skills"),
    feature="call_centre",
)

TRANSFER_QUEUE = Kind(
    id="transfer_queue",
    family=Family.TRANSFER,
    icon="ph.headset",
    exits=(
        optional("queued", Unlinked.HANG_UP),
        required("full"),
        optional("no_agent", Unlinked.NEXT, instead="full"),
        required("timeout", when=_WAIT_ENDS),
        required("overflow", when=_has_way_out),
        required("failed"),
    ),
    properties=(
        *queue_from(),
        MUSIC,
        seconds("max_wait", 600, minimum=0, maximum=7200, group=""),
        Property(
            name="overflow_key",
            type=FieldType.CHOICE,
            default="none",
            choices=("none", *TELEPHONE_KEYS),
        ),
        prompt("waiting_prompt", group="announcements"),
        toggle("announce_position", group="announcements"),
        toggle("announce_wait", group="announcements"),
        seconds("announce_every", 45, minimum=10, maximum=600, group="announcements"),
    ),
    synonyms=(
        "Transfer to queue",
        "TransferContactToQueue",
        "Enqueue Call",
        "Send to Flex",
        "Queue",
        "transferToAcd",
        "ACD",
        "Hunt group",
        "enqueue",
    ),
    feature="call_centre",
)

CALLBACK = Kind(
    id="callback",
    family=Family.TRANSFER,
    icon="ph.phone-call",
    exits=(
        required("accepted"),
        required("refused", when=_OFFERED),
        required("invalid_number", when=_NUMBER_UNPROVEN),
        optional("failed", Unlinked.ERROR),
    ),
    properties=(
        *queue_from(),
        toggle("offer", default=True),
        prompt("offer_prompt", is_required=True, when=_OFFERED),
        Property(
            name="number_from",
            type=FieldType.CHOICE,
            default="caller",
            choices=("caller", "collected", "earlier"),
        ),
        Property(
            name="number",
            type=FieldType.NUMBER,
            default="",
            is_required=True,
            when=_COLLECTED,
        ),
        Property(
            name="slots",
            type=FieldType.REFERENCE,
            default="",
            refers_to="schedule",
            group="advanced",
        ),
        count("max_attempts", 3, minimum=1, maximum=10, group="tries"),
        seconds("retry_delay", 600, minimum=60, maximum=86400, group="tries"),
        toggle("keep_place", default=True),
    ),
    synonyms=("Create callback", "CreateCallbackContact", "Callback in queue", "Call me back"),
    feature="call_centre",
)

VOICEMAIL = Kind(
    id="voicemail",
    family=Family.TRANSFER,
    icon="ph.voicemail",
    exits=(
        required("recorded"),
        optional("empty", Unlinked.NEXT),
        ERROR,
        HANGUP,
    ),
    properties=(
        Property(name="box", type=FieldType.TEXT, default="", is_required=True),
        prompt("greeting", is_required=True),
        toggle("beep", default=True),
        seconds("max_length", 120, minimum=5, maximum=600, group=""),
        Property(name="terminator", type=FieldType.CHOICE, default="#", choices=("none", "#", "*")),
        seconds("final_silence", 5, minimum=1, maximum=30),
        Property(
            name="notify",
            type=FieldType.TEXT,
            default="",
            group="notification",
            pattern=r"[^@\s]+@[^@\s]+",
        ),
        toggle("transcription", group="notification"),
    ),
    synonyms=(
        "Record Voicemail",
        "VoiceMail",
        "transferToVoicemail",
        "Answering machine",
        "Record",
    ),
)

SUBFLOW = Kind(
    id="subflow",
    family=Family.TRANSFER,
    icon="ph.tree-structure",
    exits=(required("next", when=_has_no_outcomes), required("error")),
    dynamic_exits=outcome_exits,
    properties=(
        Property(
            name="flow", type=FieldType.REFERENCE, default="", is_required=True, refers_to="flow"
        ),
        Property(name="outcomes", type=FieldType.OUTCOMES, default=[], columns=("label",)),
        Property(
            name="inputs",
            type=FieldType.ASSIGNMENTS,
            default=[],
            columns=("variable", "expression"),
            group="advanced",
        ),
        Property(
            name="outputs",
            type=FieldType.ASSIGNMENTS,
            default=[],
            columns=("variable", "expression"),
            group="advanced",
        ),
    ),
    synonyms=("Invoke module", "InvokeFlowModule", "Run Subflow", "Gosub", "Common module", "Call"),
)

GOTO_FLOW = Kind(
    id="goto_flow",
    family=Family.TRANSFER,
    icon="ph.arrow-square-out",
    properties=(
        Property(
            name="flow", type=FieldType.REFERENCE, default="", is_required=True, refers_to="flow"
        ),
    ),
    synonyms=("Transfer to flow", "TransferToFlow", "Redirect", "Goto", "Jump to flow"),
)

GOTO_NODE = Kind(
    id="goto_node",
    family=Family.TRANSFER,
    icon="ph.arrow-bend-down-right",
    properties=(
        Property(
            name="target", type=FieldType.REFERENCE, default="", is_required=True, refers_to="node"
        ),
    ),
    synonyms=("Goto", "Jump", "Page connector", "menu-top"),
)

KINDS = (
    TRANSFER_NUMBER,
    SET_QUEUE,
    TRANSFER_QUEUE,
    CALLBACK,
    VOICEMAIL,
    SUBFLOW,
    GOTO_FLOW,
    GOTO_NODE,
)
