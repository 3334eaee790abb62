"""What a type of Connect step is to us: its kind, its properties, and which way is which exit."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec import Struct

from cx_desktop.domain.flow.formats.connect.fields import Field
from cx_desktop.domain.patch import Document


class Conditions(StrEnum):
    """What the conditions of a step become."""

    NAMED = "named"
    """Exits by the value they compare with (``Rule.named``)."""
    KEYS = "keys"
    """One exit per key of the telephone: the property ``keys``."""
    CASES = "cases"
    """One case each: the property ``cases``."""
    OUTCOMES = "outcomes"
    """One outcome each, named by its value: the property ``outcomes``."""
    SHARES = "shares"
    """One share each, as upper limits out of a hundred: the property ``shares``."""


class Rule(Struct, frozen=True, kw_only=True):
    """One type of step, or one use of it; written the other way round too."""

    type: str
    kind: str
    following: str = ""
    """The exit of ``NextAction``; "" where Connect only repeats there where another way leads."""
    fallback: str = ""
    """The exit of ``NextAction`` where ``following`` is "" and no other way is that exit."""
    errors: Mapping[str, tuple[str, ...]] = {}
    """The exits of an error, all of which lead to one step."""
    named: Mapping[str, str] = {}
    """The exits of conditions by the value they compare with."""
    conditions: Conditions = Conditions.NAMED
    fields: tuple[Field, ...] = ()
    constants: Document = {}
    """What is always so in Connect."""
    implied: Document = {}
    """Parameters that a new step of this type needs and we have no property for."""
    applies: Callable[[Document], bool] | None = None
    """Whether a step with these parameters is of this use; without it, it always is."""
    writes: Callable[[Document], bool] | None = None
    """Whether a new step with these properties is written so; without it, it always is."""

    def exits_of_error(self, error: str) -> tuple[str, ...]:
        """The exits of an error; one we have no exit for keeps its name."""
        return self.errors.get(error) or usual_exits(error)


def usual_exits(error: str) -> tuple[str, ...]:
    """The exit of an error where a type has no other word for it."""
    return _USUAL_ERRORS.get(error) or (error or "error",)


_USUAL_ERRORS: Mapping[str, tuple[str, ...]] = {
    "NoMatchingError": ("error",),
    "NoMatchingCondition": ("default",),
    "InputTimeLimitExceeded": ("no_input",),
    "NoInputProvided": ("no_input",),
}
OPERATORS: Mapping[str, str] = {
    "Equals": "equals",
    "TextContains": "contains",
    "TextStartsWith": "starts",
    "NumberGreaterThan": "greater",
    "NumberGreaterOrEqualTo": "at_least",
    "NumberLessThan": "less",
    "NumberLessOrEqualTo": "at_most",
}
