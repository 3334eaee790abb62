"""The types of Connect steps in which callers listen or are asked."""

from cx_desktop.domain.flow.formats.connect.fields import choice, messages, number, prompt, text
from cx_desktop.domain.flow.formats.connect.rule import Conditions, Rule
from cx_desktop.domain.patch import Document

#: Connect asks once; whoever wants retries draws a loop.
_ASKS_ONCE: Document = {"max_tries": 0, "max_no_input": 1, "max_invalid": 1}


def _stores_input(parameters: Document) -> bool:
    return str(parameters.get("StoreInput", "False")).lower() == "true"


def _has_numbers_for_phones(parameters: Document) -> bool:
    validation = parameters.get("InputValidation")
    return (
        _stores_input(parameters)
        and isinstance(validation, dict)
        and "PhoneNumberValidation" in validation
    )


_STORED = (
    prompt(),
    number("first_digit_timeout", "InputTimeLimitSeconds"),
    number("max_digits", "InputValidation", "CustomValidation", "MaximumLength"),
    number("inter_digit_timeout", "DTMFConfiguration", "InterdigitTimeLimitSeconds"),
    choice(
        "terminator",
        "DTMFConfiguration",
        "InputTerminationSequence",
        words={"#": "#", "*": "*"},
    ),
    choice(
        "cancel_key", "DTMFConfiguration", "DisableCancelKey", words={"False": "*", "True": "none"}
    ),
)

_LISTENING = (
    Rule(
        type="MessageParticipant",
        kind="play",
        following="next",
        fields=(prompt(),),
    ),
    Rule(
        type="MessageParticipantIteratively",
        kind="queue_treatment",
        fallback="error",
        named={"MessagesInterrupted": "interrupted"},
        constants={"period": 0},
        fields=(messages("prompts"), number("period", "InterruptFrequencySeconds")),
    ),
    Rule(
        type="Wait",
        kind="wait",
        fallback="next",
        named={"WaitCompleted": "next"},
        fields=(number("duration", "TimeLimitSeconds"),),
    ),
)

_ASKING = (
    Rule(
        type="GetParticipantInput",
        kind="collect",
        following="ok",
        errors={"InvalidPhoneNumber": ("invalid",), "NoMatchingCondition": ("invalid",)},
        fields=_STORED,
        constants={
            **_ASKS_ONCE,
            "store_timeout": True,
            "variable": "StoredCustomerInput",
            "validation": "phone",
        },
        implied={"StoreInput": "True", "InputValidation": {"PhoneNumberValidation": {}}},
        applies=_has_numbers_for_phones,
        writes=lambda props: props.get("validation") == "phone",
    ),
    Rule(
        type="GetParticipantInput",
        kind="collect",
        following="ok",
        errors={"NoMatchingCondition": ("invalid",)},
        fields=_STORED,
        constants={**_ASKS_ONCE, "store_timeout": True, "variable": "StoredCustomerInput"},
        implied={"StoreInput": "True"},
        applies=_stores_input,
    ),
    Rule(
        type="GetParticipantInput",
        kind="menu",
        fallback="invalid",
        errors={"NoMatchingCondition": ("invalid",)},
        conditions=Conditions.KEYS,
        fields=(prompt(), number("first_digit_timeout", "InputTimeLimitSeconds")),
        constants=_ASKS_ONCE,
        implied={"StoreInput": "False"},
    ),
    Rule(
        type="GetUserInput",
        kind="menu",
        fallback="invalid",
        errors={"NoMatchingCondition": ("invalid",)},
        conditions=Conditions.KEYS,
        fields=(
            prompt(),
            number("first_digit_timeout", "DTMF", "Timeout"),
            number("inter_digit_timeout", "DTMF", "InterDigitTimeout"),
        ),
        constants=_ASKS_ONCE,
    ),
    Rule(
        type="ConnectParticipantWithLexBot",
        kind="voicebot",
        fallback="no_match",
        errors={"NoMatchingCondition": ("no_match",)},
        conditions=Conditions.OUTCOMES,
        fields=(prompt(), text("engine", "LexV2Bot", "AliasArn"), text("engine", "LexBot", "Name")),
    ),
)

RULES = (*_LISTENING, *_ASKING)
