"""Shapes that several kinds share: exits that follow from properties, and frequent properties.

Properties are what people and other programs wrote: everything here accepts any JSON.
"""

from collections.abc import Iterator

from cx_desktop.domain.flow.graph import ExitId
from cx_desktop.domain.flow.kind import Condition, Exit, FieldType, Property, Unlinked
from cx_desktop.domain.patch import Document, Json

#: The keys of a telephone, in the order they are read out.
TELEPHONE_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "*", "#")

#: Languages in which prompts are spoken; ``inherit`` is the language of the flow.
LANGUAGES = (
    "fr-FR",
    "en-GB",
    "en-US",
    "de-DE",
    "es-ES",
    "it-IT",
    "nl-NL",
    "pt-PT",
    "ar",
)

NEXT = Exit(ExitId("next"), Unlinked.REFUSED)
HANGUP = Exit(ExitId("hangup"), Unlinked.HANG_UP)
ERROR = Exit(ExitId("error"), Unlinked.ERROR)


def required(way: str, *, when: Condition | None = None) -> Exit:
    """An exit that must lead somewhere."""
    return Exit(ExitId(way), Unlinked.REFUSED, when=when)


def optional(
    way: str, unlinked: Unlinked, *, instead: str = "", when: Condition | None = None
) -> Exit:
    """An exit that may be left alone, with what a call does there."""
    return Exit(ExitId(way), unlinked, instead=ExitId(instead), when=when)


def rows(value: Json) -> Iterator[Document]:
    """The rows of a table property; what is not a row is passed over."""
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, dict))


def is_on(name: str, sentence: str) -> Condition:
    """Whether a toggle is on."""

    def condition(props: Document) -> bool:
        return props[name] is True

    condition.__doc__ = sentence
    return condition


def is_one_of(name: str, *values: str, sentence: str) -> Condition:
    """Whether a choice has one of these values."""

    def condition(props: Document) -> bool:
        return props[name] in values

    condition.__doc__ = sentence
    return condition


def is_positive(name: str, sentence: str) -> Condition:
    """Whether a number is above zero."""

    def condition(props: Document) -> bool:
        value = props[name]
        return isinstance(value, int | float) and value > 0

    condition.__doc__ = sentence
    return condition


def key_exits(props: Document) -> tuple[Exit, ...]:
    """One exit per key on offer, in the order of the telephone, named by its label."""
    keys = props.get("keys")
    if not isinstance(keys, list):
        return ()
    labels = {
        row.get("key"): row.get("label") for row in rows(props.get("key_labels")) if _named(row)
    }
    return tuple([_key_exit(key, labels.get(key)) for key in TELEPHONE_KEYS if key in keys])


def _key_exit(key: str, label: Json) -> Exit:
    if label:
        return Exit(ExitId(f"key_{key}"), Unlinked.REFUSED, label=f"{key} · {label}")
    return _UNNAMED[key]


_UNNAMED = {key: Exit(ExitId(f"key_{key}"), Unlinked.REFUSED) for key in TELEPHONE_KEYS}


def _named(row: Document) -> bool:
    return isinstance(row.get("key"), str) and isinstance(row.get("label"), str)


def case_exits(props: Document) -> tuple[Exit, ...]:
    """One exit per case, in their order."""
    return table_exits(props.get("cases"))


def share_exits(props: Document) -> tuple[Exit, ...]:
    """One exit per share, in their order."""
    return table_exits(props.get("shares"))


def outcome_exits(props: Document) -> tuple[Exit, ...]:
    """One exit per outcome, in their order."""
    return table_exits(props.get("outcomes"))


def table_exits(table: Json) -> tuple[Exit, ...]:
    """The exit ``case:<id>`` of each row; of two rows with one id the first has the exit."""
    labels: dict[str, str] = {}
    for row in rows(table):
        name = row.get("id")
        if isinstance(name, str) and name:
            labels.setdefault(name, _label(row))
    return tuple(
        Exit(ExitId(f"case:{name}"), Unlinked.REFUSED, label=label)
        for name, label in labels.items()
    )


def _label(row: Document) -> str:
    """What a row is called on its exit: its label, else its value, else its id."""
    said = (row.get(name) for name in ("label", "value", "id"))
    return next((str(each) for each in said if isinstance(each, str) and each), "")


def seconds(
    name: str, default: float, *, maximum: float, minimum: float = 0.5, group: str = "timing"
) -> Property:
    """A duration."""
    return Property(
        name=name,
        type=FieldType.SECONDS,
        default=default,
        minimum=minimum,
        maximum=maximum,
        group=group,
    )


def count(name: str, default: int, *, minimum: int, maximum: int, group: str = "") -> Property:
    """A whole number."""
    return Property(
        name=name,
        type=FieldType.INTEGER,
        default=default,
        minimum=minimum,
        maximum=maximum,
        group=group,
    )


def toggle(name: str, *, default: bool = False, group: str = "") -> Property:
    """Something that is on or off."""
    return Property(name=name, type=FieldType.TOGGLE, default=default, group=group)


def prompt(
    name: str = "prompt",
    *,
    is_required: bool = False,
    group: str = "",
    when: Condition | None = None,
) -> Property:
    """Something the caller hears."""
    return Property(
        name=name,
        type=FieldType.PROMPT,
        default=[],
        is_required=is_required,
        group=group,
        when=when,
    )


LANGUAGE = Property(
    name="language",
    type=FieldType.CHOICE,
    default="inherit",
    choices=("inherit", *LANGUAGES),
    group="advanced",
)
RETRY_PROMPTS = Property(name="retry_prompts", type=FieldType.PROMPTS, default=[], group="tries")
TRIES = (
    count("max_no_input", 2, minimum=1, maximum=10, group="tries"),
    count("max_invalid", 2, minimum=1, maximum=10, group="tries"),
    count("max_tries", 3, minimum=0, maximum=20, group="tries"),
)
TRIES_RUN_OUT = required(
    "max_tries",
    when=is_positive("max_tries", "The total number of tries is limited."),
)
KEYS = Property(name="keys", type=FieldType.KEYS, default=["1", "2"], choices=TELEPHONE_KEYS)
KEY_LABELS = Property(
    name="key_labels", type=FieldType.MAPPING, default=[], columns=("key", "label")
)
MUSIC = Property(name="music", type=FieldType.REFERENCE, default="", refers_to="prompt")
RESULT = Property(name="result_variable", type=FieldType.VARIABLE, default="", group="advanced")

#: How a case compares; ``blank`` and ``not_blank`` need no value.
OPERATORS = (
    "equals",
    "not_equals",
    "contains",
    "starts",
    "in",
    "less",
    "at_most",
    "greater",
    "at_least",
    "blank",
    "not_blank",
    "matches",
)
