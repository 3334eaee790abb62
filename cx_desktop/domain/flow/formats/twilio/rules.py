"""The types of Studio widgets that we know, as data; all else is kept as it is, foreign."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec import Struct

from cx_desktop.domain.flow.formats.twilio import fields
from cx_desktop.domain.flow.formats.twilio.fields import Field
from cx_desktop.domain.patch import Document


class Rule(Struct, frozen=True, kw_only=True):
    """One type of widget, or one use of it; written the other way round too."""

    type: str
    kind: str
    exits: Mapping[str, tuple[str, ...]] = {}
    """Our exits of each event, all of which lead to one widget."""
    also: Mapping[str, tuple[str, ...]] = {}
    """The same for events that only some files have; a new widget is written without them."""
    other_types: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    constants: Document = {}
    """What is always so in Studio."""
    implied: Document = {}
    """Settings that a new widget of this type needs and we have no property for."""
    quiet: tuple[str, ...] = ()
    """Settings without a counterpart that change nothing for the caller."""
    has_cases: bool = False
    variable: str = ""
    """The property that names what the widget gives: ``widgets.<name>.<given>``, or its name."""
    given: str = ""
    applies: Callable[[Document], bool] | None = None
    """Whether a widget with these settings is of this use; without it, it always is."""
    writes: Callable[[Document], bool] | None = None
    """Whether a node with these properties is written so; without it, it always is."""

    def exits_of(self, event: str) -> tuple[str, ...]:
        """Our exits of an event; one we have no exit for keeps its name."""
        return self.exits.get(event) or self.also.get(event) or (event,)

    def event_of(self, way: str) -> str | None:
        """The event that an exit of ours is."""
        known = (*self.exits.items(), *self.also.items())
        return next((event for event, exits in known if way in exits), None)


#: The ways into a flow, in the order in which a telephone call would use them.
ENTRANCES = (
    "incomingCall",
    "incomingParent",
    "incomingRequest",
    "incomingConversationMessage",
    "incomingMessage",
)
OPERATORS: Mapping[str, str] = MappingProxyType(
    {
        "equal_to": "equals",
        "not_equal_to": "not_equals",
        "contains": "contains",
        "starts_with": "starts",
        "matches_any_of": "in",
        "less_than": "less",
        "less_than_or_equal_to": "at_most",
        "greater_than": "greater",
        "greater_than_or_equal_to": "at_least",
        "is_blank": "blank",
        "is_not_blank": "not_blank",
        "regex": "matches",
    }
)
_FAILED = ("http_error", "timeout")
_METHODS = {each: each for each in ("GET", "POST", "PUT", "PATCH", "DELETE")}
_KEYS = {"#": "#", "*": "*", "": "none", "none": "none"}
_RECORDS = {"record-from-answer": True, "true": True, "false": False, "do-not-record": False}
_INPUTS = fields.assignments("inputs", "parameters", prefix="trigger.parent.parameters.")


def _dials_a_number(settings: Document) -> bool:
    return settings.get("noun", "number") in {"number", "number-multi"}


_SPEAKING = (
    Rule(
        type="say-play",
        kind="play",
        exits={"audioComplete": ("next",)},
        also={"completed": ("next",), "next": ("next",)},
        fields=(fields.prompt("prompt"), fields.number("repeat", "loop", least=1), fields.LANGUAGE),
        constants={"barge_in": False},
        implied={"loop": 1},
        quiet=("voice",),
    ),
    Rule(
        type="gather-input-on-call",
        kind="collect",
        exits={"keypress": ("ok",), "speech": (), "timeout": ("no_input",)},
        also={"noInput": ("no_input",), "success": ("ok",)},
        other_types=("gather-input", "gather"),
        fields=(
            fields.prompt("prompt"),
            fields.number("max_digits", "number_of_digits", "num_digits", least=1),
            fields.choice("terminator", "finish_on_key", _KEYS, by_default="#"),
            fields.number("first_digit_timeout", "timeout"),
            fields.LANGUAGE,
        ),
        constants={
            "min_digits": 1,
            "max_digits": 64,
            "max_no_input": 1,
            "max_invalid": 1,
            "max_tries": 0,
            "barge_in": True,
        },
        implied={"speech_timeout": "auto", "stop_gather": True, "loop": 1},
        quiet=(
            "voice",
            "loop",
            "stop_gather",
            "speech_timeout",
            "profanity_filter",
            "gather_language",
        ),
        variable="variable",
        given="Digits",
    ),
)
_DECIDING = (
    Rule(
        type="split-based-on",
        kind="switch",
        exits={"noMatch": ("default",)},
        fields=(fields.formula("operand", "input"),),
        has_cases=True,
    ),
    Rule(
        type="set-variables",
        kind="set_var",
        exits={"next": ("next",)},
        fields=(fields.assignments("assignments", "variables"),),
    ),
    Rule(
        type="make-http-request",
        kind="lookup",
        exits={"success": ("ok",), "failed": _FAILED},
        other_types=("http-request",),
        fields=(
            fields.choice("method", "method", _METHODS, by_default="GET"),
            fields.body("url", "url"),
            fields.body("body", "body"),
        ),
        constants={"source": "http"},
        implied={"content_type": "application/json;charset=utf-8"},
        quiet=("content_type", "add_twilio_auth"),
        writes=lambda props: props.get("source", "http") == "http",
    ),
    Rule(
        type="run-function",
        kind="lookup",
        exits={"success": ("ok",), "fail": _FAILED},
        also={"failed": _FAILED},
        fields=(fields.text("function", "url", "function_sid"),),
        constants={"source": "function"},
        quiet=("service_sid", "environment_sid", "function_sid"),
    ),
    Rule(
        type="send-message",
        kind="send_sms",
        exits={"sent": ("sent",), "failed": ("failed",)},
        fields=(fields.telephone("recipient", "to"), fields.template("message", "body")),
        implied={
            "from": "{{flow.channel.address}}",
            "service": "{{trigger.message.InstanceSid}}",
            "channel": "{{trigger.message.ChannelSid}}",
        },
        quiet=("service", "channel", "from", "message_type"),
    ),
)
_TRANSFERRING = (
    Rule(
        type="send-to-flex",
        kind="transfer_queue",
        exits={"callComplete": ("queued",), "failedToEnqueue": ("full", "failed")},
        also={"queued": ("queued",)},
        fields=(fields.text("queue", "workflow"),),
        constants={"max_wait": 0},
        implied={"channel": "voice", "attributes": "{}"},
        quiet=("channel", "attributes", "priority", "timeout"),
    ),
    Rule(
        type="enqueue-call",
        kind="transfer_queue",
        exits={"callComplete": ("queued",), "failedToEnqueue": ("full", "failed")},
        also={"queued": ("queued",)},
        fields=(fields.text("queue", "workflow_sid", "workflow", "queue_name", "queue"),),
        constants={"max_wait": 0},
        quiet=("priority", "task_attributes", "attributes"),
    ),
    Rule(
        type="connect-call-to",
        kind="transfer_number",
        exits={"callCompleted": ("answered", "no_answer", "failed")},
        also={"completed": ("answered", "no_answer", "failed")},
        fields=(
            fields.telephone("number", "to"),
            fields.number("ring_timeout", "timeout"),
            fields.caller_id(),
            fields.presented_number(),
            fields.choice("record", "record", _RECORDS),
        ),
        constants={"transfer_mode": "return"},
        implied={"noun": "number", "caller_id": "{{contact.channel.address}}"},
        quiet=("noun",),
        applies=_dials_a_number,
    ),
    Rule(
        type="record-voicemail",
        kind="voicemail",
        exits={"recordingComplete": ("recorded",), "noAudio": ("empty",), "hangup": ("hangup",)},
        also={"timeout": ("empty",)},
        fields=(
            fields.number("max_length", "max_length"),
            fields.number("final_silence", "timeout"),
            fields.choice("terminator", "finish_on_key", _KEYS),
            fields.flag("beep", "play_beep"),
            fields.flag("transcription", "transcribe"),
        ),
        implied={"trim": "trim-silence"},
        quiet=("trim",),
        variable="box",
    ),
    Rule(
        type="run-subflow",
        kind="subflow",
        exits={"completed": ("next",), "failed": ("error",)},
        fields=(fields.text("flow", "flow_sid"), _INPUTS),
        implied={"flow_revision": "LatestPublished"},
        quiet=("flow_revision",),
    ),
    Rule(
        type="make-outgoing-call-v2",
        kind="outbound_call",
        exits={"answered": ("answered",), "busy": (), "noAnswer": (), "failed": ("failed",)},
        other_types=("make-outgoing-call",),
        fields=(
            fields.telephone("number", "to"),
            fields.telephone("presented_number", "from"),
            fields.number("ring_timeout", "timeout"),
            fields.flag("detect_machine", "detect_answering_machine"),
        ),
        constants={"detect_machine": False},
        implied={"from": "{{flow.channel.address}}"},
    ),
    Rule(
        type="send-to-autopilot",
        kind="voicebot",
        exits={"sessionEnded": ("no_match",), "timeout": ("no_input",), "failure": ("error",)},
        fields=(fields.text("engine", "autopilot_assistant_sid"),),
        writes=lambda _props: False,
    ),
    Rule(type="hangup", kind="hangup", other_types=("hang-up",), writes=lambda _props: False),
)

TRIGGER = Rule(type="trigger", kind="start")
RULES: tuple[Rule, ...] = (*_SPEAKING, *_DECIDING, *_TRANSFERRING)


def rule_of(kind: str, settings: Document) -> Rule | None:
    """The rule for a widget of this type, if we know it."""
    name = kind.lower()
    return next(
        (
            rule
            for rule in RULES
            if (name == rule.type or name in rule.other_types)
            and (rule.applies is None or rule.applies(settings))
        ),
        None,
    )


def rule_for(kind: str, props: Document) -> Rule | None:
    """The rule by which a node of one of our kinds is written, if Studio has such a widget."""
    return next(
        (
            rule
            for rule in RULES
            if rule.kind == kind and (rule.writes is None or rule.writes(props))
        ),
        None,
    )
