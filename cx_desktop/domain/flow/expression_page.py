"""The page of the expression language: its declarations, and its examples evaluated."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta, timezone

from cx_desktop.domain.flow.expressions import (
    EvaluationError,
    Template,
    Value,
    as_text,
    evaluate,
    parse,
)
from cx_desktop.domain.flow.expressions.parsing import DEEPEST, LONGEST
from cx_desktop.domain.flow.expressions.signatures import SIGNATURES
from cx_desktop.domain.flow.expressions.values import LONGEST_VALUE
from cx_desktop.domain.flow.variables import PREDEFINED

Text = Callable[[str], str]

#: The call in which the examples of the page are evaluated.
NOW = datetime(2026, 11, 11, 9, 5, tzinfo=timezone(timedelta(hours=1)))
VALUES: Mapping[str, Value] = {
    "order": "00420017",
    "city": "Paris",
    "tries": "2",
    "total": "59.90",
    "caller": "+33199001234",
    "called": "+33162039901",
    "language": "fr-FR",
    "answer": " yes ",
    "code": "ab7",
    "delivery": "2026-11-13",
    "started": datetime(2026, 11, 11, 8, 52, tzinfo=timezone(timedelta(hours=1))),
}

_OPERATORS = (
    ("`or`", "one of the conditions is true", 'city = "Paris" or city = "Lyon"'),
    ("`and`", "all conditions are true", "tries < 3 and not blank(order)"),
    ("`not`", "the contrary", 'not city = "Lyon"'),
    ("`=` `!=`", "is the same, is another", 'city != "Lyon"'),
    ("`<` `<=` `>` `>=`", "less, at most, greater, at least", "total >= 50"),
    ("`contains`", "a text holds another, a list an item", 'city contains "ari"'),
    ("`starts` `ends`", "a text begins or ends with another", 'caller starts "+336"'),
    ("`matches`", "a text as a whole is what a pattern describes", 'order matches "[0-9]{8}"'),
    ("`in`", "is one of a list, or of a text with commas", 'city in ["Paris", "Lyon"]'),
    ("`&`", "texts one after the other", '"order " & order'),
    ("`+` `-`", "sum, difference; days later, days between", "tries + 1"),
    ("`*` `/` `%`", "product, quotient, remainder", "total * 2"),
    ("`-`", "below zero", "-tries"),
    ("`if … then … else …`", "one of two values", 'if total > 50 then "free" else "4.90"'),
)

_COMPARED = (
    ('"007" = 7', "a text of digits is a number beside a number"),
    ('"007" = "7"', "and a text beside a text: zeros in front are kept"),
    ('"9" < "10"', "which is less is told by numbers where both are digits"),
    ('"Paris" = "paris"', "capitals matter; `lower(city)` takes them away"),
    ('nobody = ""', "a variable that was never set is blank"),
    ("nobody < 1", "a blank is neither less nor greater than anything"),
    ("nobody + 1", "in a calculation it counts as 0"),
    ('"abc" < 1', "nor is a text less or greater than a number"),
    ('city starts ""', "nothing contains, starts or ends with a blank"),
    ('time(now) >= "09:00"', "a text that says a time or a date is one beside one"),
    ('now < "2026-11-11T10:00"', "an instant without a zone is in the call’s own"),
    ("today + 3", "a number of days later"),
    ("total * 2", "decimals keep no zeros at their end"),
    ('"city" + 1', "what cannot be calculated leaves by the exit `error`"),
)

_TEMPLATES = (
    "Your order {order} arrives on {delivery}.",
    "Ends in {last(caller, 4)}",
    "{{braces}} that are meant",
)


def page(text: Text) -> str:
    """The page in Markdown; ``text`` gives the words of a catalogue key."""
    return "\n".join(_lines(text)) + "\n"


def shown(expression: str) -> str:
    """What an example gives, as the page writes it."""
    try:
        value = evaluate(parse(expression), VALUES, now=NOW)
    except EvaluationError:
        return "an error"
    return f'`"{value}"`' if isinstance(value, str) else f"`{as_text(value)}`"


def _lines(text: Text) -> Iterator[str]:
    yield from _INTRODUCTION
    yield from ("", "## Operators", "", "From the loosest to the closest; parentheses go before.")
    yield from ("", "| Written | Means | Example | Gives |", "|---|---|---|---|")
    for written, meaning, example in _OPERATORS:
        yield f"| {written} | {meaning} | `{example}` | {shown(example)} |"
    yield from _VALUES
    yield from ("", "| Example | Gives | Because |", "|---|---|---|")
    for example, reason in _COMPARED:
        yield f"| `{example}` | {shown(example)} | {reason} |"
    yield from (
        "",
        "## Functions",
        "",
        "| Function | Gives | Example | Gives |",
        "|---|---|---|---|",
    )
    for each in SIGNATURES.values():
        words = text(f"expression.function.{each.name}")
        yield f"| `{each.usage}` | {words} | `{each.example}` | {shown(each.example)} |"
    yield from (
        "",
        "## Variables of every call",
        "",
        "| Variable | Type | Holds |",
        "|---|---|---|",
    )
    for name, its_type in PREDEFINED.items():
        yield f"| `{name}` | {text(f'expression.type.{its_type}')} | {text(f'variable.{name}')} |"
    yield from _IN_TEXTS
    yield from ("", "| Text | Becomes |", "|---|---|")
    for template in _TEMPLATES:
        yield f"| `{template}` | {Template.parse(template).fill(VALUES, NOW)} |"
    yield from _LIMITS


_INTRODUCTION = (
    "# Expressions",
    "",
    "Made from the declarations in `cx_desktop/domain/flow/expressions`; do not edit.",
    "Conditions, formulas and what stands between `{…}` in a text are written in one small",
    "language. Its words are English and in small letters, whatever the language of the program.",
    "",
    '- A **text** stands between straight quotation marks: `"Paris"`. Inside it, `\\"` is a',
    "  quotation mark and `\\\\` a backslash; any other backslash is itself, as patterns need it.",
    "- A **number** is written in digits, with a point: `3`, `4.90`.",
    "- `true` and `false`; a **list** stands in brackets: `[1, 2, 3]`.",
    "- A **variable** is written by its name: `order`, `$.Attributes.city`, `answers[0].label`.",
    "  A name with other signs, or that is a word of the language, stands between backticks:",
    "  `` `order-id` ``. Without them `order-id` is a difference.",
    '- A **date** is made of a text: `date("2026-11-11")`.',
)

_VALUES = (
    "",
    "## How values compare",
    "",
    "What callers type and lookups answer is text. Comparisons are never an error: what cannot be",
    "compared is not the same, and neither less nor greater. The cases of a switch compare by the",
    "same rules, so that `equals` is `=` and `at_least` is `>=`.",
)

_IN_TEXTS = (
    "",
    "## In texts",
    "",
    "In what is said or sent, `{…}` holds any expression. In addresses, queries and bodies of",
    "lookups, where braces have another meaning, only a name between braces is replaced.",
)

_LIMITS = (
    "",
    "## Limits",
    "",
    f"An expression has at most {LONGEST} characters, and {DEEPEST - 1} parentheses inside each",
    f"other; a text in a call has at most {LONGEST_VALUE}. Numbers are calculated with 28 digits.",
    "Patterns are those of RE2, which need no more time than the text is long; a pattern describes",
    "the whole text. Nothing is ever executed.",
)
