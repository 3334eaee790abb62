"""The actions of Architect that we know, as data; all else is kept as it is, foreign."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from cx_desktop.domain.flow.formats.genesys import take
from cx_desktop.domain.flow.formats.genesys.take import Known
from cx_desktop.domain.patch import Document

Taking = Callable[[str, Document, Document], Known]
"""From the type of an action, its body and the defaults of the flow for such actions."""


class Rule(NamedTuple):
    """One type of action."""

    kind: str
    take: Taking
    ways: Mapping[str, tuple[str, ...]] = {}
    """The exits of each output, in lower case."""
    onward: tuple[str, ...] = ("next",)
    """Exits that go on behind the action where the file gives them no branch of their own."""


#: The way out of a step that has none of its own kind for what failed.
FAILURE = "failure"

_ANSWER = {
    "success": ("ok",),
    "found": ("ok",),
    "failure": ("http_error", "timeout", "not_found"),
    "timeout": ("timeout",),
    "notfound": ("not_found",),
}
_ROW = {**_ANSWER, "failure": ("http_error", "timeout")}
_LOOKED_UP = ("ok", "http_error", "timeout", "not_found")
_LOOKUP = Rule("lookup", take.request, _ANSWER, _LOOKED_UP)
_SET = Rule("set_var", take.attributes, {"success": ("next",), "failure": ("error",)}, ("next",))
_LABEL = Rule("log", take.label)
_QUEUE = Rule("transfer_queue", take.to_queue, {"failure": ("full", "failed")}, ("full", "failed"))
_BY_PHONE = Rule(
    "transfer_number",
    take.to_number,
    {
        "failure": ("failed", "no_answer", "busy"),
        "busy": ("busy",),
        "noanswer": ("no_answer",),
    },
    ("failed", "no_answer", "busy"),
)
_MAILBOX = Rule("voicemail", take.voicemail, {"failure": ("error",)}, ("error",))
_ELSEWHERE = Rule("goto_flow", take.to_flow, {}, (FAILURE,))
_MODULE = Rule("subflow", take.module, {"failure": ("error",)}, ("next", "error"))
_END = Rule("hangup", take.nothing, {}, ())
_RETURN = Rule("return", take.ending, {}, ())
_SENT = {"success": ("sent",), "failure": ("failed",), "timeout": ("failed",)}
_BOT = Rule(
    "voicebot",
    take.bot,
    {
        "failure": ("error",),
        "nomatch": ("no_match",),
        "maxattempts": ("no_match",),
        "noinput": ("no_input",),
        "knowledge": ("no_match",),
    },
    ("no_match", "no_input", "error"),
)

ACTIONS: Mapping[str, Rule] = {
    **dict.fromkeys(("playAudio", "playAudioOnSilence", "playPrompt"), Rule("play", take.play)),
    **dict.fromkeys(
        ("playEstimatedWaitTime", "playPositionInQueue", "playQueuePosition"),
        Rule("play", take.announce),
    ),
    "holdMusic": Rule("queue_treatment", take.hold, {}, ("interrupted",)),
    "wait": Rule("wait", take.wait),
    "collectInput": Rule(
        "collect",
        take.collect,
        {
            "success": ("ok",),
            "failure": ("no_input", "invalid"),
            "noentry": ("no_input",),
            "invalid": ("invalid",),
        },
        ("ok", "no_input", "invalid"),
    ),
    **dict.fromkeys(
        ("callData", "callBridge"), Rule("lookup", take.data_action, _ANSWER, _LOOKED_UP)
    ),
    "dataTableLookup": Rule("lookup", take.table, _ROW, _LOOKED_UP),
    "updateData": Rule("set_var", take.statements),
    **dict.fromkeys(
        (
            "setParticipantData",
            "getParticipantData",
            "setConversationData",
            "getConversationData",
            "getAttributes",
            "setAttributes",
        ),
        _SET,
    ),
    **dict.fromkeys(
        ("evaluateScheduleGroup", "evaluateSchedule"),
        Rule(
            "schedule",
            take.schedule,
            {
                "open": ("open",),
                "active": ("open",),
                "inservice": ("open",),
                "closed": ("closed",),
                "inactive": ("closed",),
                "outofservice": ("closed",),
                "holiday": ("holiday",),
                "emergency": ("exceptional",),
            },
            ("open", "closed", "holiday", "exceptional"),
        ),
    ),
    **dict.fromkeys(("transferToAcd", "transferToGroup"), _QUEUE),
    **dict.fromkeys(("transferToNumber", "transferToUser", "dialByExtension"), _BY_PHONE),
    **dict.fromkeys(
        ("transferToVoicemail", "transferToGroupVoicemail", "transferToUserVoicemail"), _MAILBOX
    ),
    **dict.fromkeys(("transferToFlow", "transferToFlowSecure"), _ELSEWHERE),
    "callFlowSecure": Rule("subflow", take.to_flow, {"failure": ("error",)}, ("next", "error")),
    "callCommonModule": _MODULE,
    "createCallback": Rule(
        "callback",
        take.callback,
        {"success": ("accepted",), "failure": ("failed", "invalid_number")},
        ("accepted", "failed", "invalid_number"),
    ),
    **dict.fromkeys(
        (
            "callBotFlow",
            "callDigitalBotFlow",
            "callBot",
            "callLexBot",
            "callLexV2Bot",
            "callDialogflowBot",
            "callDialogflowCXBot",
            "callBotConnector",
            "callNuanceMixBot",
            "callAudioConnector",
            "askForIntent",
            "askForSlot",
            "askForBoolean",
        ),
        _BOT,
    ),
    "setLanguage": Rule("config", take.language),
    **dict.fromkeys(
        (
            "setWrapupCode",
            "addFlowMilestone",
            "setFlowOutcome",
            "initializeFlowOutcome",
            "setExternalTag",
            "setUtilizationLabel",
            "logMessage",
        ),
        _LABEL,
    ),
    **dict.fromkeys(
        ("enableParticipantRecord", "enableParticipantRecording", "suppressRecording"),
        Rule("recording", take.recording),
    ),
    **dict.fromkeys(
        ("sendSms", "sendSMS", "sendMessage"),
        Rule("send_sms", take.message, _SENT, ("sent", "failed")),
    ),
    **dict.fromkeys(
        ("sendAutoReply", "sendEmail", "sendResponse", "sendNotification"),
        Rule("send_email", take.mail, _SENT, ("sent", "failed")),
    ),
    "disconnect": _END,
    **dict.fromkeys(
        (
            "endTask",
            "endState",
            "endWorkflow",
            "endFlow",
            "endCommonModule",
            "endProgram",
            "exitBotFlow",
            "endSecureFlow",
            "returnToAgent",
        ),
        _RETURN,
    ),
}
_ASKS = re.compile(r"(get|find|search|fetch|lookup|create|update|assign|remove|post|put)[A-Z]\w*")


def rule_of(kind: str) -> Rule | None:
    """The rule for a type of action, if we know it."""
    return ACTIONS.get(kind) or (_LOOKUP if _ASKS.fullmatch(kind) else None)
