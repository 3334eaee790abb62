"""What steps, exits and values are called on paper."""

from collections.abc import Iterator, Mapping

from cx_desktop.domain.finding import Text
from cx_desktop.domain.flow.graph import ExitId, Flow, Node
from cx_desktop.domain.flow.kind import Exit, FieldType, Property
from cx_desktop.domain.flow.kinds import exits_of, kind_of
from cx_desktop.domain.flow.kinds.shapes import rows
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.patch import Document, Json

_LONGEST = 600


def step_words(node: Node, text: Text) -> str:
    """A step by its title, or by its kind."""
    return node.title.strip() or text(f"kind.{kind_of(node).id}")


def exit_words(way: ExitId, declared: Exit | None, text: Text) -> str:
    """An exit by its own label, its key, or its name."""
    if declared is not None and declared.label:
        return declared.label
    if way.startswith("key_"):
        return way.removeprefix("key_")
    if ":" in way or declared is None:
        return way.partition(":")[2] or way
    return text(f"exit.{way}")


def exits_in_words(flow: Flow, node: Node, text: Text) -> Iterator[tuple[str, str]]:
    """Every exit of a step, and the step that it leads to."""
    for each in exits_of(node):
        target = flow.nodes.get(flow.links.get(node.id, {}).get(each.id) or node.id)
        is_linked = each.id in flow.links.get(node.id, {}) and target is not None
        where = step_words(target, text) if target and is_linked else text("export.unlinked")
        yield exit_words(each.id, each, text), where


def properties_in_words(node: Node, text: Text, context: Context) -> Iterator[tuple[str, str]]:
    """The properties of a step that say something, by their labels."""
    kind = kind_of(node)
    filled = kind.filled(node.props)
    for declared in kind.properties:
        value = node.props.get(declared.name, declared.default)
        applies = declared.when is None or declared.when(filled)
        if applies and value not in (None, "", [], {}):
            said = _value(declared, value, text, context)
            if said:
                yield text(f"prop.{declared.name}"), said[:_LONGEST]


def _value(declared: Property, value: Json, text: Text, context: Context) -> str:
    match declared.type:
        case FieldType.PROMPT:
            return prompt_words(value, context)
        case FieldType.PROMPTS if isinstance(value, list):
            return " / ".join(filter(None, (prompt_words(each, context) for each in value)))
        case FieldType.CHOICE if value in declared.choices:
            return text(f"choice.{declared.name}.{value}")
        case FieldType.REFERENCE:
            names = context.names_of(declared.refers_to) or {}
            return names.get(str(value), str(value))
        case FieldType.SECONDS if isinstance(value, int | float):
            return text("export.seconds", count=f"{value:g}")
        case FieldType.CASES:
            return "; ".join(_case(row, text) for row in rows(value))
        case _:
            return _plain(value, text)


def _case(row: Document, text: Text) -> str:
    operator = text(f"choice.cases.{row.get('operator')}")
    return " ".join(filter(None, (operator, str(row.get("value") or ""))))


def _plain(value: Json, text: Text) -> str:
    if isinstance(value, bool):
        return text("export.yes" if value else "export.no")
    if isinstance(value, list):
        return ", ".join(_row(each) for each in value)
    return str(value)


def _row(value: Json) -> str:
    if not isinstance(value, dict):
        return str(value)
    return " ".join(
        str(each) for key, each in value.items() if key != "id" and each not in ("", None)
    )


def prompt_words(prompt: Json, context: Context) -> str:
    """What a prompt says: its words, and its recordings by their names."""
    names = context.names_of("prompt") or {}
    return " ".join(filter(None, (_part(part, names) for part in rows(prompt))))


def _part(part: Document, names: Mapping[str, str]) -> str:
    if part.get("type") == "audio":
        name = str(part.get("ref") or "")
        return f"[{names.get(name, name)}]" if name else ""
    text = part.get("text")
    return " ".join(text.split()) if isinstance(text, str) else ""
