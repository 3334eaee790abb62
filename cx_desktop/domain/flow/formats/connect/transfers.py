"""The types of Connect steps that hand the call on, or end it."""

from cx_desktop.domain.flow.formats.connect.fields import dialled, number, text
from cx_desktop.domain.flow.formats.connect.rule import Rule
from cx_desktop.domain.patch import Document


def _continues(parameters: Document) -> bool:
    return str(parameters.get("ContinueFlowExecution", "False")).lower() == "true"


def _transfer_to_number(*, returns: bool) -> Rule:
    return Rule(
        type="TransferParticipantToThirdParty",
        kind="transfer_number",
        following="answered" if returns else "",
        fallback="failed",
        errors={
            "ConnectionTimeLimitExceeded": ("no_answer",),
            "CallFailed": ("failed",),
            "NoMatchingError": ("failed",),
        },
        fields=(
            dialled("number", "ThirdPartyPhoneNumber"),
            number("ring_timeout", "ThirdPartyConnectionTimeLimitSeconds"),
        ),
        constants={"transfer_mode": "return" if returns else "blind"},
        implied={"ContinueFlowExecution": "True" if returns else "False"},
        applies=_continues if returns else None,
        writes=(lambda props: props.get("transfer_mode") == "return") if returns else None,
    )


#: What an earlier step chose is used, and nobody leaves the queue before the end.
_EARLIER: Document = {"queue_from": "earlier", "max_wait": 0}
_QUEUE_ERRORS = {"QueueAtCapacity": ("full",), "NoMatchingError": ("failed",)}

RULES = (
    Rule(
        type="UpdateContactTargetQueue",
        kind="set_queue",
        following="next",
        fields=(text("queue", "QueueId"), text("target_agent", "AgentId")),
    ),
    Rule(
        type="UpdateContactRoutingBehavior",
        kind="set_queue",
        following="next",
        fields=(number("priority", "QueuePriority"),),
        writes=lambda _: False,
    ),
    *(
        Rule(
            type=kind,
            kind="transfer_queue",
            fallback="failed",
            errors=_QUEUE_ERRORS,
            constants=_EARLIER,
        )
        for kind in ("TransferContactToQueue", "TransferParticipantToQueue")
    ),
    Rule(
        type="TransferToQueue",
        kind="transfer_queue",
        fallback="failed",
        errors=_QUEUE_ERRORS,
        fields=(text("queue", "QueueId"),),
        constants={"max_wait": 0},
        writes=lambda _: False,
    ),
    _transfer_to_number(returns=True),
    _transfer_to_number(returns=False),
    Rule(
        type="CreateCallbackContact",
        kind="callback",
        following="accepted",
        errors={"NoMatchingError": ("failed",)},
        fields=(
            text("queue", "QueueId"),
            number("max_attempts", "RetryAttempts"),
            number("max_attempts", "MaximumConnectionAttempts"),
            number("retry_delay", "RetryDelaySeconds"),
        ),
        constants={"offer": False, "number_from": "earlier", "queue_from": "earlier"},
    ),
    Rule(
        type="TransferToFlow",
        kind="goto_flow",
        fallback="error",
        fields=(text("flow", "ContactFlowId"),),
    ),
    Rule(
        type="InvokeFlowModule",
        kind="subflow",
        following="next",
        fields=(text("flow", "FlowModuleId"),),
    ),
    Rule(type="EndFlowModuleExecution", kind="return", following="next"),
    Rule(type="EndFlowExecution", kind="return", following="next"),
    Rule(type="DisconnectParticipant", kind="hangup", following="next"),
)
