"""Kinds that fetch, keep or send something while the caller waits a moment."""

from cx_desktop.domain.flow.kind import Family, FieldType, Kind, Property, Unlinked
from cx_desktop.domain.flow.kinds.shapes import (
    LANGUAGES,
    NEXT,
    count,
    is_one_of,
    optional,
    prompt,
    required,
    seconds,
)

_BY_HTTP = is_one_of("source", "http", sentence="The source is a web address.")
_BY_FUNCTION = is_one_of("source", "function", sentence="The source is a function.")
_BY_QUERY = is_one_of("source", "sql", "crm", sentence="The source is a database or a CRM.")
_STARTS = is_one_of("action", "start", sentence="A recording is started.")
_FAILED = optional("failed", Unlinked.NEXT)
_MESSAGE = Property(
    name="message", type=FieldType.LINES, default="", is_required=True, is_template=True
)

SET_VAR = Kind(
    id="set_var",
    family=Family.DATA,
    icon="ph.brackets-curly",
    exits=(NEXT, optional("error", Unlinked.NEXT)),
    properties=(
        Property(
            name="assignments",
            type=FieldType.ASSIGNMENTS,
            default=[],
            is_required=True,
            columns=("variable", "expression"),
        ),
        Property(
            name="scope",
            type=FieldType.CHOICE,
            default="call",
            choices=("call", "flow", "persistent"),
            group="advanced",
        ),
    ),
    synonyms=(
        "Set contact attributes",
        "UpdateContactAttributes",
        "Set Variables",
        "Set",
        "setParticipantData",
        "VariableAssignment",
    ),
)

LOOKUP = Kind(
    id="lookup",
    family=Family.DATA,
    icon="ph.cloud-arrow-down",
    exits=(
        required("ok"),
        required("http_error"),
        required("timeout"),
        optional("not_found", Unlinked.NEXT, instead="http_error"),
    ),
    properties=(
        Property(
            name="source",
            type=FieldType.CHOICE,
            default="http",
            choices=("http", "function", "sql", "crm"),
        ),
        Property(
            name="method",
            type=FieldType.CHOICE,
            default="GET",
            choices=("GET", "POST", "PUT", "PATCH", "DELETE"),
            when=_BY_HTTP,
        ),
        Property(name="url", type=FieldType.URL, default="", is_required=True, when=_BY_HTTP),
        Property(
            name="function", type=FieldType.TEXT, default="", is_required=True, when=_BY_FUNCTION
        ),
        Property(name="query", type=FieldType.LINES, default="", is_required=True, when=_BY_QUERY),
        Property(
            name="mapping",
            type=FieldType.MAPPING,
            default=[],
            columns=("path", "variable"),
        ),
        prompt("waiting_prompt"),
        Property(
            name="headers",
            type=FieldType.MAPPING,
            default=[],
            columns=("name", "value"),
            group="advanced",
            when=_BY_HTTP,
        ),
        Property(name="body", type=FieldType.LINES, default="", group="advanced", when=_BY_HTTP),
        seconds("lookup_timeout", 5, maximum=30),
        count("retries", 1, minimum=0, maximum=5, group="timing"),
        Property(name="test_double", type=FieldType.DATA, default=None, group="simulation"),
    ),
    synonyms=(
        "Invoke AWS Lambda function",
        "InvokeLambdaFunction",
        "Make HTTP Request",
        "Run Function",
        "Webhook",
        "CURL",
        "AGI",
        "callData",
        "CRM lookup",
        "Database access",
        "API",
        "REST",
    ),
)

SEND_SMS = Kind(
    id="send_sms",
    family=Family.DATA,
    icon="ph.chat-text",
    exits=(required("sent"), _FAILED),
    properties=(
        Property(name="recipient", type=FieldType.NUMBER, default="caller", is_required=True),
        _MESSAGE,
        Property(
            name="sms_sender", type=FieldType.TEXT, default="", pattern=r"[A-Za-z0-9]{3,11}|\d{5}"
        ),
    ),
    synonyms=("Send Message", "Send SMS", "Text message", "SendMessage", "message"),
    feature="sms",
)

SEND_EMAIL = Kind(
    id="send_email",
    family=Family.DATA,
    icon="ph.envelope-simple",
    exits=(required("sent"), _FAILED),
    properties=(
        Property(
            name="email_to",
            type=FieldType.TEXT,
            default="",
            is_required=True,
            pattern=r"[^@\s]+@[^@\s]+|\{.+\}",
        ),
        Property(
            name="subject", type=FieldType.TEXT, default="", is_required=True, is_template=True
        ),
        _MESSAGE,
        Property(name="email_from", type=FieldType.TEXT, default="", pattern=r"[^@\s]+@[^@\s]+"),
    ),
    synonyms=("Email Sender", "Send email", "Mail", "RecordAndEmail", "SMTP"),
)

RECORDING = Kind(
    id="recording",
    family=Family.DATA,
    icon="ph.record",
    exits=(NEXT, optional("error", Unlinked.NEXT)),
    properties=(
        Property(
            name="action",
            type=FieldType.CHOICE,
            default="start",
            choices=("start", "stop", "pause", "resume"),
        ),
        prompt("notice", is_required=True, when=_STARTS),
        Property(
            name="tracks",
            type=FieldType.CHOICES,
            default=["agent", "caller"],
            is_required=True,
            choices=("agent", "caller", "ivr"),
            when=_STARTS,
        ),
        Property(
            name="legal_basis",
            type=FieldType.CHOICE,
            default="legitimate_interest",
            choices=("legitimate_interest", "contract", "consent", "legal_obligation"),
            when=_STARTS,
        ),
    ),
    synonyms=(
        "Set recording behavior",
        "UpdateContactRecordingBehavior",
        "Call Recording",
        "MixMonitor",
        "record_session",
    ),
    feature="recording",
)

CONFIG = Kind(
    id="config",
    family=Family.DATA,
    icon="ph.sliders-horizontal",
    exits=(NEXT,),
    properties=(
        Property(name="voice", type=FieldType.TEXT, default=""),
        Property(
            name="language",
            type=FieldType.CHOICE,
            default="inherit",
            choices=("inherit", *LANGUAGES),
        ),
        Property(
            name="logging",
            type=FieldType.CHOICE,
            default="inherit",
            choices=("inherit", "on", "off"),
        ),
        Property(
            name="queue_flow",
            type=FieldType.REFERENCE,
            default="",
            refers_to="flow",
            group="advanced",
        ),
        Property(
            name="disconnect_flow",
            type=FieldType.REFERENCE,
            default="",
            refers_to="flow",
            group="advanced",
        ),
    ),
    synonyms=(
        "Set voice",
        "UpdateContactTextToSpeechVoice",
        "Set logging behavior",
        "UpdateFlowLoggingBehavior",
        "UpdateContactEventHooks",
        "Set customer queue flow",
        "CHANNEL()",
        "Settings",
    ),
)

LOG = Kind(
    id="log",
    family=Family.DATA,
    icon="ph.chart-line-up",
    exits=(NEXT,),
    properties=(
        Property(name="label", type=FieldType.TEXT, default="", is_required=True, is_template=True),
        Property(
            name="statistics_point",
            type=FieldType.TEXT,
            default="",
            pattern=r"[A-Za-z0-9_.-]{1,64}",
        ),
    ),
    synonyms=("NoOp", "Log", "Tag", "Statistics", "TagContact", "Verbose"),
)

KINDS = (SET_VAR, LOOKUP, SEND_SMS, SEND_EMAIL, RECORDING, CONFIG, LOG)
