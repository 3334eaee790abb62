"""The reference page of flows, made from the declarations so that it cannot be out of date."""

from collections.abc import Callable, Iterator

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


def _kind(kind: Kind, text: Text) -> Iterator[str]:
    yield from ("", f"### {text(f'kind.{kind.id}')} — `{kind.id}`", "")
    yield text(f"kind.{kind.id}.about")
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
