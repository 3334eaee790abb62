"""The modules of the first export format, and the words that the flow language has for them."""

from collections.abc import Mapping
from typing import NamedTuple

from cx_desktop.domain.flow.formats.connect.steps import Way
from cx_desktop.domain.patch import Document, Path


class Module(NamedTuple):
    """A type of module, its type in the flow language, and where its parameters stand there."""

    type: str
    language_type: str
    parameters: Mapping[str, Path]
    implied: Document
    target: str = ""


_PROMPT: Mapping[str, Path] = {
    "Text": ("Text",),
    "TextToSpeechType": ("TextToSpeechType",),
    "AudioPrompt": ("PromptId",),
}
_MODULES = (
    Module("PlayPrompt", "MessageParticipant", _PROMPT, {}),
    Module(
        "GetUserInput",
        "GetParticipantInput",
        {**_PROMPT, "Timeout": ("InputTimeLimitSeconds",)},
        {"StoreInput": "False"},
        "Digits",
    ),
    Module(
        "GetUserInput",
        "ConnectParticipantWithLexBot",
        {**_PROMPT, "BotName": ("LexBot", "Name"), "BotAliasArn": ("LexV2Bot", "AliasArn")},
        {},
        "Lex",
    ),
    Module(
        "StoreUserInput",
        "GetParticipantInput",
        {
            **_PROMPT,
            "Timeout": ("InputTimeLimitSeconds",),
            "MaxDigits": ("InputValidation", "CustomValidation", "MaximumLength"),
            "TerminatorDigits": ("DTMFConfiguration", "InputTerminationSequence"),
            "DisableCancel": ("DTMFConfiguration", "DisableCancelKey"),
            "InterdigitTimeout": ("DTMFConfiguration", "InterdigitTimeLimitSeconds"),
        },
        {"StoreInput": "True"},
    ),
    Module("CheckAttribute", "Compare", {"Attribute": ("ComparisonValue",)}, {}),
    Module(
        "CheckHoursOfOperation", "CheckHoursOfOperation", {"Hours": ("HoursOfOperationId",)}, {}
    ),
    Module("CheckStaffing", "CheckMetricData", {"Status": ("MetricType",)}, {}),
    Module("CheckQueueStatus", "CheckMetricData", {"Status": ("MetricType",)}, {}),
    Module("Loop", "Loop", {"LoopCount": ("LoopCount",)}, {}),
    Module("Wait", "Wait", {"Timeout": ("TimeLimitSeconds",)}, {}),
    Module("SetAttributes", "UpdateContactAttributes", {"Attribute": ("Attributes",)}, {}),
    Module(
        "SetQueue", "UpdateContactTargetQueue", {"Queue": ("QueueId",), "Agent": ("AgentId",)}, {}
    ),
    Module(
        "UpdateRoutingPriority",
        "UpdateContactRoutingBehavior",
        {"AbsolutePosition": ("QueuePriority",)},
        {},
    ),
    Module("Transfer", "TransferContactToQueue", {}, {}, "Queue"),
    Module("Transfer", "TransferToFlow", {"ContactFlowId": ("ContactFlowId",)}, {}, "Flow"),
    Module("SetContactFlow", "UpdateContactEventHooks", {}, {}),
    Module("SetEventHook", "UpdateContactEventHooks", {}, {}),
    Module(
        "Transfer",
        "TransferParticipantToThirdParty",
        {
            "PhoneNumber": ("ThirdPartyPhoneNumber",),
            "TimeLimit": ("ThirdPartyConnectionTimeLimitSeconds",),
        },
        {},
        "PhoneNumber",
    ),
    Module(
        "InvokeExternalResource",
        "InvokeLambdaFunction",
        {
            "FunctionArn": ("LambdaFunctionARN",),
            "TimeLimit": ("InvocationTimeLimitSeconds",),
            "Parameter": ("LambdaInvocationAttributes",),
        },
        {},
        "Lambda",
    ),
    Module(
        "SetVoice", "UpdateContactTextToSpeechVoice", {"GlobalVoice": ("TextToSpeechVoice",)}, {}
    ),
    Module(
        "SetLoggingBehavior",
        "UpdateFlowLoggingBehavior",
        {"LoggingBehavior": ("FlowLoggingBehavior",)},
        {},
    ),
    Module(
        "SetRecordingBehavior",
        "UpdateContactRecordingBehavior",
        {"RecordingBehaviorOption": ("RecordingBehaviorOption",)},
        {},
    ),
    Module(
        "LoopPrompts",
        "MessageParticipantIteratively",
        {"InterruptFrequency": ("InterruptFrequencySeconds",)},
        {},
    ),
    Module("SetCallBackNumber", "UpdateContactCallbackNumber", {"Number": ("CallbackNumber",)}, {}),
    Module("CreateCallback", "CreateCallbackContact", {}, {}),
    Module("Resume", "EndFlowExecution", {}, {}),
    Module("Disconnect", "DisconnectParticipant", {}, {}),
)
BY_TYPE = {(module.type, module.target): module for module in _MODULES}
#: Types that take any target.
ANY_TARGET = {module.type: module for module in _MODULES if not module.target}
BY_LANGUAGE_TYPE = {module.language_type: module for module in reversed(_MODULES)}

#: Names of branches, and the way of the flow language that each is.
BRANCHES: Mapping[str, Way] = {
    "Success": Way("next"),
    "Error": Way("error", "NoMatchingError"),
    "NoMatch": Way("error", "NoMatchingCondition"),
    "Timeout": Way("error", "InputTimeLimitExceeded"),
    "AtCapacity": Way("error", "QueueAtCapacity"),
    "Looping": Way("condition", "Equals", "ContinueLooping"),
    "Complete": Way("condition", "Equals", "DoneLooping"),
    "True": Way("condition", "Equals", "True"),
    "False": Way("condition", "Equals", "False"),
}
OPERATORS = {
    "GreaterThan": "NumberGreaterThan",
    "GreaterThanOrEqualTo": "NumberGreaterOrEqualTo",
    "LessThan": "NumberLessThan",
    "LessThanOrEqualTo": "NumberLessOrEqualTo",
    "Contains": "TextContains",
    "StartsWith": "TextStartsWith",
}
OPERATOR_OF = {theirs: ours for ours, theirs in OPERATORS.items()}
WORDS = {"Enable": "Enabled", "Disable": "Disabled"}
METRICS = {
    "Staffed": "NumberOfAgentsStaffed",
    "Available": "NumberOfAgentsAvailable",
    "Online": "NumberOfAgentsStaffed",
}
NAMESPACES = {"User Defined": "Attributes"}
NAMESPACE_OF = {ours: theirs for theirs, ours in NAMESPACES.items()}
