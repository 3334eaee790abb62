"""Kinds that ask the caller something."""

from cx_desktop.domain.flow.kind import Family, FieldType, Kind, Property, Unlinked
from cx_desktop.domain.flow.kinds.shapes import (
    ERROR,
    HANGUP,
    KEY_LABELS,
    KEYS,
    LANGUAGE,
    RESULT,
    RETRY_PROMPTS,
    TRIES,
    TRIES_RUN_OUT,
    count,
    is_on,
    is_one_of,
    key_exits,
    optional,
    outcome_exits,
    prompt,
    required,
    seconds,
    toggle,
)
from cx_desktop.domain.patch import Document

_TIMEOUTS = (
    seconds("first_digit_timeout", 5, maximum=120),
    seconds("inter_digit_timeout", 3, maximum=60),
)

MENU = Kind(
    id="menu",
    family=Family.INPUT,
    icon="ph.list-numbers",
    exits=(
        required("speech", when=is_on("speech", "Choices may be spoken.")),
        required("no_input"),
        required("invalid"),
        TRIES_RUN_OUT,
        ERROR,
        HANGUP,
    ),
    dynamic_exits=key_exits,
    properties=(
        prompt(is_required=True),
        KEYS,
        KEY_LABELS,
        RETRY_PROMPTS,
        *TRIES,
        *_TIMEOUTS,
        toggle("barge_in", default=True, group="advanced"),
        toggle("flush_buffer", group="advanced"),
        toggle("speech", group="advanced"),
        RESULT,
        LANGUAGE,
    ),
    synonyms=(
        "Get customer input",
        "GetParticipantInput",
        "Gather Input On Call",
        "Gather",
        "Background",
        "DTMF menu",
        "gather",
        "IVR menu",
    ),
)


def can_be_invalid(props: Document) -> bool:
    """Something typed can be refused: it is checked, read back, or may be too short."""
    least = props["min_digits"]
    return (
        props["validation"] != "none"
        or props["confirm"] is True
        or (isinstance(least, int) and least > 1)
    )


def _silence_leaves(props: Document) -> bool:
    """Silence is not stored as a value."""
    return props["store_timeout"] is not True


def tries_run_out(props: Document) -> bool:
    """The total number of tries is limited, and comes before the limits of each sort."""
    total = props["max_tries"]
    if not isinstance(total, int) or total <= 0:
        return False
    sorts = [
        limit
        for name, is_possible in (
            ("max_no_input", _silence_leaves(props)),
            ("max_invalid", can_be_invalid(props)),
        )
        if is_possible and isinstance(limit := props[name], int)
    ]
    if len(sorts) < 2:
        return any(total < limit for limit in sorts)
    return total < sum(sorts) and (total > 1 or max(sorts) > 1)


def _tries_never_run_out(props: Document) -> bool:
    """The total number of tries is limited, but the limit of one sort always comes before it."""
    total = props["max_tries"]
    return isinstance(total, int) and total > 0 and not tries_run_out(props)


COLLECT = Kind(
    id="collect",
    family=Family.INPUT,
    icon="ph.dots-nine",
    exits=(
        required("ok"),
        required("no_input", when=_silence_leaves),
        required("invalid", when=can_be_invalid),
        required("max_tries", when=tries_run_out),
        optional("max_tries", Unlinked.HANG_UP, when=_tries_never_run_out),
        ERROR,
        HANGUP,
    ),
    properties=(
        prompt(is_required=True),
        Property(name="variable", type=FieldType.VARIABLE, default="digits", is_required=True),
        count("min_digits", 1, minimum=0, maximum=64),
        count("max_digits", 10, minimum=1, maximum=64),
        Property(name="terminator", type=FieldType.CHOICE, default="#", choices=("none", "#", "*")),
        Property(
            name="cancel_key",
            type=FieldType.CHOICE,
            default="none",
            choices=("none", "*", "#"),
            group="advanced",
        ),
        Property(
            name="validation",
            type=FieldType.CHOICE,
            default="none",
            choices=("none", "pattern", "luhn", "phone", "date", "range", "list"),
            group="validation",
        ),
        Property(
            name="expected_pattern",
            type=FieldType.TEXT,
            default="",
            is_required=True,
            group="validation",
            when=is_one_of("validation", "pattern", sentence="Checked against a pattern."),
        ),
        Property(
            name="lowest",
            type=FieldType.INTEGER,
            default=0,
            group="validation",
            when=is_one_of("validation", "range", sentence="Checked against a range."),
        ),
        Property(
            name="highest",
            type=FieldType.INTEGER,
            default=999999,
            group="validation",
            when=is_one_of("validation", "range", sentence="Checked against a range."),
        ),
        Property(
            name="allowed_values",
            type=FieldType.LINES,
            default="",
            is_required=True,
            group="validation",
            when=is_one_of("validation", "list", sentence="Checked against a list."),
        ),
        toggle("confirm", group="validation"),
        toggle("sensitive"),
        RETRY_PROMPTS,
        *TRIES,
        *_TIMEOUTS,
        toggle("barge_in", default=True, group="advanced"),
        toggle("store_timeout", group="advanced"),
        LANGUAGE,
    ),
    synonyms=(
        "Store customer input",
        "GetParticipantInput",
        "Gather Input On Call",
        "collectInput",
        "Read",
        "play_and_get_digits",
        "UserInput",
        "Collect digits",
    ),
)

VOICEBOT = Kind(
    id="voicebot",
    family=Family.INPUT,
    icon="ph.robot",
    exits=(
        required("no_match"),
        optional("no_input", Unlinked.NEXT),
        required("error"),
        HANGUP,
    ),
    dynamic_exits=outcome_exits,
    properties=(
        Property(name="engine", type=FieldType.TEXT, default="", is_required=True),
        prompt(),
        Property(name="outcomes", type=FieldType.OUTCOMES, default=[], columns=("label",)),
        seconds("speech_timeout", 5, maximum=60),
        RESULT,
        LANGUAGE,
    ),
    synonyms=(
        "Lex bot",
        "ConnectParticipantWithLexBot",
        "Autopilot",
        "Dialogflow",
        "Virtual agent",
        "Speech recognition",
        "ASR",
        "NLU",
    ),
)

KINDS = (MENU, COLLECT, VOICEBOT)
