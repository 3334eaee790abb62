"""The reference page of flows, made from the declarations so that it cannot be out of date."""

import inspect
from collections.abc import Callable, Iterator

from cx_desktop.domain.flow.behaviour import (
    BEHAVIOURS,
    DEEPEST,
    GRACE,
    MOST_IN_ALL,
    MOST_STEPS,
    End,
)
from cx_desktop.domain.flow.behaviour.speech import (
    SECONDS_PER_CHARACTER,
    UNKNOWN_LENGTH,
    WORDS_OF_A_VARIABLE,
    WORDS_PER_MINUTE,
)
from cx_desktop.domain.flow.formats import cx
from cx_desktop.domain.flow.kind import Exit, Family, FieldType, Kind, Property, Unlinked
from cx_desktop.domain.flow.kinds import KINDS, SETTINGS
from cx_desktop.domain.flow.rules import RULES
from cx_desktop.domain.flow.templates import blank

Text = Callable[[str], str]


def reference(text: Text) -> str:
    """The page in Markdown; ``text`` gives the words of a catalogue key."""
    return "\n".join(_lines(text)) + "\n"


def _lines(text: Text) -> Iterator[str]:
    yield "# Flow reference"
    yield ""
    yield "Made from the declarations in `cx_desktop/domain/flow`; do not edit."
    yield "A property that is left out has its default. Durations are in seconds."
    yield from _file()
    yield from _types()
    yield from _calls()
    for family in Family:
        yield from ("", f"## {text(f'family.{family}')}")
        for kind in KINDS.values():
            if kind.family is family:
                yield from _kind(kind, text)
    yield from ("", "## Settings of a flow", "")
    yield from _properties(SETTINGS, text)
    yield from (
        "",
        "## Rules",
        "",
        "| Rule | Severity | Finding | What to do |",
        "|---|---|---|---|",
    )
    for rule in RULES.values():
        finding = text(f"finding.{rule.id}")
        yield f"| {rule.id} | {rule.severity} | {finding} | {text(f'finding.{rule.id}.hint')} |"


def _file() -> Iterator[str]:
    yield from ("", "## Files", "")
    yield "A flow in a file of ours; objects of the project are written by their names:"
    yield from ("", "```yaml", *cx.write(blank(), name="New flow").decode().splitlines(), "```")


def _types() -> Iterator[str]:
    yield from ("", "## Types", "", "| Type | Value |", "|---|---|")
    yield from (f"| {each} | {_SHAPES[each]} |" for each in FieldType)


_SHAPES = {
    FieldType.TEXT: "a text of one line",
    FieldType.LINES: "a text of several lines",
    FieldType.PROMPT: (
        "a list of parts, each `type: text`, `ssml` or `say_as` with a `text`, or `type: audio` "
        "with the prompt as `ref`; `say_as` says how by `as`; `{…}` is [filled in](expressions.md)"
    ),
    FieldType.PROMPTS: "a list of prompts, one per attempt",
    FieldType.INTEGER: "a whole number",
    FieldType.SECONDS: "a number of seconds",
    FieldType.TOGGLE: "`true` or `false`",
    FieldType.CHOICE: "one of the values named",
    FieldType.CHOICES: "a list of the values named",
    FieldType.KEYS: "a list of telephone keys, each in quotes",
    FieldType.CASES: "rows of `id`, `label`, `operator` and `value`, tried in order",
    FieldType.WEIGHTS: "rows of `id`, `label` and `weight`, 100 in all",
    FieldType.OUTCOMES: "rows of `id` and `label`",
    FieldType.ASSIGNMENTS: "rows of `variable` and `expression`, a [formula](expressions.md)",
    FieldType.MAPPING: "rows of two texts, named in the table of the kind",
    FieldType.VARIABLE: "the name of a variable",
    FieldType.EXPRESSION: "a formula: see [Expressions](expressions.md)",
    FieldType.REFERENCE: "the name of an object of the project, or the id of a step",
    FieldType.NUMBER: "`+` and digits, or a [formula](expressions.md) like the name of a variable",
    FieldType.URL: "an address that begins with `https://`; `{name}` stands for a variable",
    FieldType.DATA: "anything",
}


def _calls() -> Iterator[str]:
    """What holds for every step, and how a call can end."""
    yield from ("", "## Calls", "")
    yield from (
        "A call enters at the start and goes from step to step along the links. The table of a",
        "step says what becomes of a call at an exit that is not linked; a link to a step that is",
        f"gone is none. {MOST_STEPS} steps without a pause stop the call, as {MOST_IN_ALL:,} do.",
        "",
        "- The exit `hangup` is taken when the caller hangs up at that step, `error` when the step",
        "  cannot do its work.",
        "- When the caller hangs up elsewhere, the flow goes on at its step for that, without the",
        "  caller: it ends at the first step that would speak, listen or transfer.",
        "- When the call has lasted as long as its start allows, whatever it is doing is cut",
        f"  short, and its step for that has the call, once, for {GRACE:g} seconds at most.",
        "- A variable is set for the whole call, or only while the call is in this flow; a",
        f"  sub-flow has variables of its own. Flows are nested {DEEPEST} deep at most.",
        f"- A text lasts as {WORDS_PER_MINUTE} words a minute, each variable in it counting as",
        f"  {WORDS_OF_A_VARIABLE}; what is spelled out {SECONDS_PER_CHARACTER:g} s a character; a",
        f"  recording its own length, or {UNKNOWN_LENGTH:g} s while that is not known.",
        "",
        "| End of a call | |",
        "|---|---|",
    )
    yield from (f"| `{each}` | {_ENDS[each]} |" for each in End)


_ENDS = {
    End.PERSON: "the caller has talked to an agent, or to somebody at another number",
    End.GOODBYE: "the flow hung up, and had said something since the caller last did something",
    End.HUNG_UP: "the flow hung up, for whatever reason: a goodbye or a drop",
    End.REFUSED: "the flow refused the call by a tone of the network",
    End.MESSAGE: "the caller has left a message, or will be called back",
    End.DROPPED: "the call just ended: an exit that leads nowhere, or a hang-up without a word",
    End.ABANDONED: "the caller hung up before anything was reached",
    End.TOO_LONG: "the longest duration of the call was over",
    End.RETURNED: "a sub-flow gave the call back",
    End.STUCK: "the simulator stopped a call that went round and round",
}


def _kind(kind: Kind, text: Text) -> Iterator[str]:
    yield from ("", f"### {text(f'kind.{kind.id}')} — `{kind.id}`", "")
    yield text(f"kind.{kind.id}.about")
    yield from ("", *(inspect.getdoc(BEHAVIOURS[kind.id]) or "").splitlines(), "")
    if kind.feature != "ivr":
        yield f"Needs the feature {text(f'feature.{kind.feature}')}."
    yield f"Elsewhere called: {', '.join(kind.synonyms)}."
    if kind.exits or kind.dynamic_exits:
        yield from ("", "| Exit | | Unlinked | Exists |", "|---|---|---|---|")
        if kind.dynamic_exits is not None:
            yield f"| {_dynamic(kind)} | | must be linked | one each |"
        for each in kind.exits:
            yield _exit(each, kind, text)
    if kind.properties:
        yield ""
        yield from _properties(kind.properties, text)


def _dynamic(kind: Kind) -> str:
    """The exits that follow from a property: of keys, or of the rows of a table."""
    tables = (FieldType.CASES, FieldType.WEIGHTS, FieldType.OUTCOMES)
    return ", ".join(
        f"`key_…` of `{each.name}`" if each.type is FieldType.KEYS else f"`case:…` of `{each.name}`"
        for each in kind.properties
        if each.type in (FieldType.KEYS, *tables)
    )


def _exit(each: Exit, kind: Kind, text: Text) -> str:
    match each.unlinked:
        case Unlinked.REFUSED:
            unlinked = "must be linked"
        case Unlinked.NEXT:
            unlinked = f"goes on by `{each.instead or kind.main_exit}`"
        case Unlinked.ERROR:
            unlinked = "goes to the flow's step for errors, else hangs up"
        case Unlinked.HANG_UP:
            unlinked = "hangs up"
    exists = _condition(each.when.__doc__) if each.when else "always"
    return f"| `{each.id}` | {text(f'exit.{each.id}')} | {unlinked} | {exists} |"


def _condition(sentence: str | None) -> str:
    """A condition's sentence as the end of another one."""
    sentence = (sentence or "").rstrip(".")
    return f"when {sentence[:1].lower()}{sentence[1:]}"


def _properties(properties: tuple[Property, ...], text: Text) -> Iterator[str]:
    yield "| Property | | Type | Default | |"
    yield "|---|---|---|---|---|"
    for each in properties:
        yield (
            f"| `{each.name}` | {text(f'prop.{each.name}')} | {_type(each)} | {_default(each)} "
            f"| {_remarks(each, text)} |"
        )


def _type(each: Property) -> str:
    if each.type is FieldType.REFERENCE:
        return f"reference to a {each.refers_to}"
    if each.type in (FieldType.CHOICE, FieldType.CHOICES):
        return f"{each.type}: {', '.join(f'`{choice}`' for choice in each.choices)}"
    if each.type is FieldType.MAPPING:
        return f"{each.type} of {' and '.join(f'`{name}`' for name in each.columns)}"
    if each.type is FieldType.CASES:
        return f"cases with {', '.join(f'`{choice}`' for choice in each.choices)}"
    if each.minimum is not None or each.maximum is not None:
        return f"{each.type}, {each.minimum:g} to {each.maximum:g}"
    return each.type.value


def _default(each: Property) -> str:
    if each.default in (None, "", []):
        return ""
    if isinstance(each.default, list) and isinstance(each.default[0], dict):
        return f"{len(each.default)} rows"
    return f"`{each.default}`"


def _remarks(each: Property, text: Text) -> str:
    required = "Required. " if each.is_required else ""
    condition = f" Only {_condition(each.when.__doc__)}." if each.when else ""
    return f"{required}{text(f'prop.{each.name}.help')}{condition}"
