"""A finding: something a rule has to say about an object, with the place and the words to show."""

from enum import StrEnum
from typing import Protocol

from msgspec import Struct


class Severity(StrEnum):
    """How much a finding weighs: a blocking one refuses publishing, here and there."""

    BLOCKING = "blocking"
    WARNING = "warning"
    INFORMATION = "information"


class Finding(Struct, frozen=True, omit_defaults=True, gc=False):
    """One statement of one rule. Its text is the catalogue entry ``finding.<rule>``.

    ``node`` and ``exit`` say where in a flow; ``property`` which field of the inspector;
    ``params`` fill the text's placeholders (values, never translated words).
    """

    rule: str
    severity: Severity
    node: str | None = None
    exit: str | None = None
    property: str | None = None
    params: dict[str, str | int] = {}


class Text(Protocol):
    """Where the words of a catalogue key come from."""

    def __call__(self, key: str, /, **params: str | int) -> str:
        """The text of a key with its placeholders filled."""


def in_words(finding: Finding, text: Text) -> str:
    """The finding in words; what a parameter names by its id is called by its name."""
    named = {name: _named(name, value, finding, text) for name, value in finding.params.items()}
    return text(f"finding.{finding.rule}", **named)


def _named(name: str, value: str | int, finding: Finding, text: Text) -> str | int:
    if name == "problem":
        return text(str(value), value=finding.params.get("value", ""))
    if name == "feature":
        return text(f"feature.{value}")
    if name == "items":
        return ", ".join(text(f"notice.{each}") for each in str(value).split(", "))
    return value
