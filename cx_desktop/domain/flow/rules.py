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
        )
    }
)
