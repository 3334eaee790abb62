"""The types of Connect steps that fetch, keep or set something."""

from cx_desktop.domain.flow.formats.connect.fields import (
    assigned,
    assignments,
    choice,
    number,
    request,
    text,
)
from cx_desktop.domain.flow.formats.connect.rule import Rule
from cx_desktop.domain.flow.kinds.shapes import LANGUAGES
from cx_desktop.domain.patch import Document

#: A failing function, one that takes too long: both leave by the one error branch.
_LOOKUP_ERRORS = {
    "NoMatchingError": ("http_error", "timeout"),
    "TimeLimitExceeded": ("timeout",),
    "NoneFoundError": ("not_found",),
    "NoneFound": ("not_found",),
    "Lambda": ("http_error", "timeout"),
}
_LANGUAGES = {language: language for language in LANGUAGES}


def _records(parameters: Document) -> bool:
    if "RecordingBehaviorOption" in parameters:
        return str(parameters["RecordingBehaviorOption"]).lower().startswith("enable")
    behavior = parameters.get("RecordingBehavior")
    if isinstance(behavior, dict):
        return bool(behavior.get("RecordedParticipants"))
    return "VoiceBehavior" in parameters


def _only_language(parameters: Document) -> bool:
    return set(parameters) == {"LanguageCode"}


def _request(kind: str) -> Rule:
    """A step that asks another service of the vendor: its parameters are the query."""
    return Rule(
        type=kind,
        kind="lookup",
        following="ok",
        errors=_LOOKUP_ERRORS,
        fields=(request("query", kind),),
        constants={"source": "crm"},
        writes=lambda _: False,
    )


_FETCHING = (
    Rule(
        type="InvokeLambdaFunction",
        kind="lookup",
        following="ok",
        errors=_LOOKUP_ERRORS,
        fields=(
            text("function", "LambdaFunctionARN"),
            number("lookup_timeout", "InvocationTimeLimitSeconds"),
        ),
        constants={"source": "function"},
        writes=lambda props: props.get("source") == "function",
    ),
    Rule(
        type="InvokeExternalResource",
        kind="lookup",
        following="ok",
        errors=_LOOKUP_ERRORS,
        fields=(
            text("function", "FunctionArn"),
            number("lookup_timeout", "InvocationTimeLimitSeconds"),
        ),
        constants={"source": "function"},
        writes=lambda _: False,
    ),
    *(
        _request(kind)
        for kind in (
            "CreateCase",
            "CreateCustomerProfile",
            "CreateTask",
            "EvaluateDataTableValues",
            "GetCalculatedAttributesForCustomerProfile",
            "GetCase",
            "GetCustomerProfile",
            "GetCustomerProfileObject",
            "GetMetricData",
            "ListDataTableValues",
            "LoadContactContent",
            "UpdateCase",
            "UpdateCustomerProfile",
        )
    ),
)

_SETTING = (
    Rule(
        type="UpdateContactAttributes",
        kind="set_var",
        following="next",
        fields=(assignments("assignments", "Attributes"),),
    ),
    Rule(
        type="UpdateContactData",
        kind="config",
        following="next",
        fields=(choice("language", "LanguageCode", words=_LANGUAGES),),
        applies=_only_language,
        writes=lambda props: props.get("language", "inherit") != "inherit",
    ),
    Rule(
        type="UpdateContactData",
        kind="set_var",
        following="next",
        fields=(assignments("assignments"),),
    ),
    Rule(
        type="UpdateContactCallbackNumber",
        kind="set_var",
        following="next",
        fields=(assigned("assignments", "CallbackNumber"),),
        writes=lambda _: False,
    ),
    *(
        Rule(
            type=kind,
            kind="recording",
            following="next",
            constants={"action": action},
            implied={
                "RecordingBehavior": {"RecordedParticipants": participants},
            },
            applies=_records if action == "start" else None,
            writes=(
                (lambda props: props.get("action", "start") == "start")
                if action == "start"
                else None
            ),
        )
        for kind in (
            "UpdateContactRecordingBehavior",
            "UpdateContactRecordingAndAnalyticsBehavior",
        )
        for action, participants in (("start", ["Agent", "Customer"]), ("stop", []))
    ),
    Rule(
        type="UpdateContactTextToSpeechVoice",
        kind="config",
        following="next",
        fields=(
            text("voice", "TextToSpeechVoice"),
            text("voice", "VoiceId"),
            choice("language", "LanguageCode", words=_LANGUAGES),
        ),
        writes=lambda props: bool(props.get("voice")),
    ),
    Rule(
        type="SetVoice",
        kind="config",
        following="next",
        fields=(text("voice", "VoiceId"), text("voice", "TextToSpeechVoice")),
        writes=lambda _: False,
    ),
    Rule(
        type="UpdateContactEventHooks",
        kind="config",
        following="next",
        fields=(
            text("queue_flow", "EventHooks", "CustomerQueue"),
            text("disconnect_flow", "EventHooks", "CustomerRemaining"),
        ),
        writes=lambda props: bool(props.get("queue_flow") or props.get("disconnect_flow")),
    ),
    Rule(
        type="UpdateFlowLoggingBehavior",
        kind="config",
        following="next",
        fields=(
            choice("logging", "FlowLoggingBehavior", words={"Enabled": "on", "Disabled": "off"}),
        ),
    ),
    Rule(
        type="TagContact",
        kind="log",
        following="next",
        fields=(request("label", "TagContact"),),
        writes=lambda _: False,
    ),
)

RULES = (*_FETCHING, *_SETTING)
