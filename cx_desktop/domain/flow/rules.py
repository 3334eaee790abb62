"""The rules a flow is judged by: what each one is called, and how much it weighs.

The words stand in the catalogue: ``finding.<id>`` says what is wrong, ``finding.<id>.hint`` what
to do about it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from cx_desktop.domain.finding import Severity


class Rule(Struct, frozen=True):
    """One rule: its id never changes its meaning, so that it can be quoted."""

    id: str
    severity: Severity


UNLINKED = Rule("FLW-01", Severity.BLOCKING)
UNREACHABLE = Rule("FLW-02", Severity.WARNING)
MISSING = Rule("FLW-03", Severity.BLOCKING)
MALFORMED = Rule("FLW-04", Severity.BLOCKING)
NO_START = Rule("FLW-05", Severity.BLOCKING)
SEVERAL_STARTS = Rule("FLW-06", Severity.BLOCKING)
FOREIGN_NODE = Rule("FLW-07", Severity.BLOCKING)
NO_SUCH_OBJECT = Rule("FLW-08", Severity.BLOCKING)
NOT_SUBSCRIBED = Rule("FLW-09", Severity.BLOCKING)
EXIT_GONE = Rule("FLW-10", Severity.WARNING)
TARGET_GONE = Rule("FLW-11", Severity.BLOCKING)
INTO_START = Rule("FLW-12", Severity.BLOCKING)
OUT_OF_BOUNDS = Rule("FLW-13", Severity.BLOCKING)
NOT_A_CHOICE = Rule("FLW-14", Severity.BLOCKING)
TWICE = Rule("FLW-15", Severity.BLOCKING)
SHARES = Rule("FLW-16", Severity.BLOCKING)
PHONE_NUMBER = Rule("FLW-17", Severity.BLOCKING)
WEB_ADDRESS = Rule("FLW-18", Severity.BLOCKING)
VARIABLE_NAME = Rule("FLW-19", Severity.BLOCKING)
PATTERN = Rule("FLW-20", Severity.BLOCKING)
SILENT_PROMPT = Rule("FLW-21", Severity.BLOCKING)
UPSIDE_DOWN = Rule("FLW-22", Severity.BLOCKING)
PLACEHOLDER = Rule("FLW-23", Severity.WARNING)
ROW_INCOMPLETE = Rule("FLW-24", Severity.BLOCKING)
IMPOSSIBLE_EXIT = Rule("FLW-25", Severity.INFORMATION)
SILENT_END = Rule("FLW-26", Severity.WARNING)
NO_WAY_OUT = Rule("FLW-27", Severity.WARNING)
BUSY_LOOP = Rule("FLW-28", Severity.WARNING)
ENDLESS_RETRY = Rule("FLW-29", Severity.WARNING)
RECURSION = Rule("FLW-30", Severity.WARNING)
EMPTY_OBJECT = Rule("FLW-31", Severity.WARNING)
UNSET_HEARD = Rule("FLW-32", Severity.WARNING)
UNSET_KEPT = Rule("FLW-33", Severity.INFORMATION)
NEVER_SET = Rule("FLW-34", Severity.WARNING)
KEY_NOT_LINKED = Rule("FLW-35", Severity.WARNING)
KEY_NOT_ANNOUNCED = Rule("FLW-36", Severity.INFORMATION)
DIGITS_LOST = Rule("FLW-37", Severity.WARNING)
TOO_MANY_CHOICES = Rule("FLW-38", Severity.INFORMATION)
LONG_MESSAGE = Rule("FLW-39", Severity.INFORMATION)
SMS_PARTS = Rule("FLW-40", Severity.INFORMATION)
LANGUAGE_MISSING = Rule("FLW-41", Severity.WARNING)
RECORDED_UNTOLD = Rule("FLW-42", Severity.BLOCKING)
NOTICE_INCOMPLETE = Rule("FLW-43", Severity.BLOCKING)
NO_REFUSAL = Rule("FLW-44", Severity.WARNING)
SENSITIVE_KEPT = Rule("FLW-45", Severity.WARNING)
CARD_NOT_SENSITIVE = Rule("FLW-46", Severity.WARNING)
NUMBER_FORBIDDEN = Rule("FLW-47", Severity.BLOCKING)
NUMBER_DOUBTFUL = Rule("FLW-48", Severity.WARNING)
PREMIUM_NUMBER = Rule("FLW-49", Severity.WARNING)
OUT_OF_TERRITORY = Rule("FLW-50", Severity.WARNING)
NEVER_OPEN = Rule("FLW-51", Severity.WARNING)
NEVER_CLOSED = Rule("FLW-52", Severity.INFORMATION)
NO_HOLIDAYS = Rule("FLW-53", Severity.INFORMATION)
NOT_LIVE = Rule("FLW-54", Severity.WARNING)
EXPRESSION = Rule("FLW-60", Severity.BLOCKING)
EXPRESSION_TYPE = Rule("FLW-61", Severity.WARNING)

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.id: rule
        for rule in (
            UNLINKED,
            UNREACHABLE,
            MISSING,
            MALFORMED,
            NO_START,
            SEVERAL_STARTS,
            FOREIGN_NODE,
            NO_SUCH_OBJECT,
            NOT_SUBSCRIBED,
            EXIT_GONE,
            TARGET_GONE,
            INTO_START,
            OUT_OF_BOUNDS,
            NOT_A_CHOICE,
            TWICE,
            SHARES,
            PHONE_NUMBER,
            WEB_ADDRESS,
            VARIABLE_NAME,
            PATTERN,
            SILENT_PROMPT,
            UPSIDE_DOWN,
            PLACEHOLDER,
            ROW_INCOMPLETE,
            IMPOSSIBLE_EXIT,
            SILENT_END,
            NO_WAY_OUT,
            BUSY_LOOP,
            ENDLESS_RETRY,
            RECURSION,
            EMPTY_OBJECT,
            UNSET_HEARD,
            UNSET_KEPT,
            NEVER_SET,
            KEY_NOT_LINKED,
            KEY_NOT_ANNOUNCED,
            DIGITS_LOST,
            TOO_MANY_CHOICES,
            LONG_MESSAGE,
            SMS_PARTS,
            LANGUAGE_MISSING,
            RECORDED_UNTOLD,
            NOTICE_INCOMPLETE,
            NO_REFUSAL,
            SENSITIVE_KEPT,
            CARD_NOT_SENSITIVE,
            NUMBER_FORBIDDEN,
            NUMBER_DOUBTFUL,
            PREMIUM_NUMBER,
            OUT_OF_TERRITORY,
            NEVER_OPEN,
            NEVER_CLOSED,
            NO_HOLIDAYS,
            NOT_LIVE,
            EXPRESSION,
            EXPRESSION_TYPE,
        )
    }
)
