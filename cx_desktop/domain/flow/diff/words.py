"""Statements about a change in the words of the catalogue (``change.…``)."""

from cx_desktop.domain.finding import Text
from cx_desktop.domain.flow.diff.comparison import Field
from cx_desktop.domain.flow.diff.statements import (
    Differs,
    Ends,
    Leads,
    Met,
    Missed,
    Place,
    Says,
    Statement,
    Way,
    bare,
)
from cx_desktop.domain.flow.kind import FieldType, Property
from cx_desktop.domain.flow.kinds import KINDS
from cx_desktop.domain.flow.kinds.shapes import rows
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.patch import Document, Json, encode

#: What a node has besides its properties; ``change.field.<name>``.
_NAMED = frozenset({"title", "kind", "place"})
#: Of a long text, so many signs are quoted.
_QUOTED = 90
#: Of a long text of which a part changed, so many words around it are quoted, and so many in all.
_AROUND = 4
_MOST_WORDS = 30


def in_words(statement: Statement, text: Text, context: Context | None = None) -> str:
    """One statement as a sentence; objects of the project are called by their names."""
    context = context or Context()
    match statement:
        case Leads():
            return _leads(statement, text)
        case Says():
            return _says(statement, text, context)
        case Met(at=at):
            return text("change.met", node=_named(at, text))
        case Missed(at=at):
            return text("change.missed", node=_named(at, text))
        case Differs():
            return _differs(statement, text, context)


def _says(statement: Says, text: Text, context: Context) -> str:
    old, new = (_heard(each, context) for each in (statement.old, statement.new))
    if old == new:  # the same words, said by other recordings
        old, new = (_heard(each, context, by_name=True) for each in (statement.old, statement.new))
    old, new = excerpts(old, new)
    key = "says-now" if not old else "says" if new else "says-no-more"
    params = {
        "node": statement.at.title or _kind(statement.at, text),  # what it says comes anyhow
        "old": _inside_quotes(old),
        "new": _inside_quotes(new),
    }
    if statement.is_main:
        return text(f"change.{key}", **params)
    return text(f"change.{key}.part", part=_inside(text(f"prop.{statement.property}")), **params)


def _heard(prompts: tuple[Json, ...], context: Context, *, by_name: bool = False) -> str:
    """What is said: words, and recordings by their words or else by their names."""
    said = (
        " ".join(filter(None, (_part(part, context, by_name=by_name) for part in rows(prompt))))
        for prompt in prompts
    )
    return " / ".join(filter(None, said))


def _part(part: Document, context: Context, *, by_name: bool) -> str:
    ref = part.get("ref")
    if isinstance(ref, str) and ref:
        facts = context.prompt(ref)
        said = facts.text("") if facts is not None and not by_name else ""
        return " ".join(said.split()) or f"[{(context.prompts or {}).get(ref, ref)}]"
    words = part.get("text")
    return " ".join(bare(words).split()) if isinstance(words, str) else ""


def excerpts(old: str, new: str) -> tuple[str, str]:
    """Of two texts what tells them apart, with some words around it."""
    if not old or not new or max(len(old), len(new)) <= _QUOTED:
        return _quoted(old), _quoted(new)
    before, after = old.split(), new.split()
    most = min(len(before), len(after))
    same = zip(before, after, strict=False)
    first = next((at for at, pair in enumerate(same) if pair[0] != pair[1]), most)
    back = zip(reversed(before), reversed(after), strict=False)
    last = next((at for at, pair in enumerate(back) if pair[0] != pair[1]), most)
    last = min(last, most - first)
    return _excerpt(before, first, last), _excerpt(after, first, last)


def _excerpt(words: list[str], first: int, last: int) -> str:
    """The words between what is the same before and after, and a few of those."""
    begin, end = max(first - _AROUND, 0), len(words) - max(last - _AROUND, 0)
    shown = words[begin:end]
    if len(shown) > _MOST_WORDS:
        half = _MOST_WORDS // 2
        shown = [*shown[:half], "…", *shown[-half:]]
    return f"{'…' if begin else ''}{' '.join(shown)}{'…' if end < len(words) else ''}"


def _leads(statement: Leads, text: Text) -> str:
    old, new = _destination(statement.old, text), _destination(statement.new, text)
    if old == new and isinstance(statement.old, Place):  # two steps of one name
        new = text("change.another", node=new)
    params = {
        "node": _named(statement.at, text),
        "exit": _joined([_exit(each, statement.at.kind, text) for each in statement.ways], text),
        "old": old,
        "new": new,
    }
    if statement.at.kind == "start" and isinstance(statement.new, Place):
        is_other = isinstance(statement.old, Place)
        return text("change.begins-instead" if is_other else "change.begins", **params)
    way = _way(statement)
    if statement.old is None:
        return text(f"change.{way}-new", **params)
    if statement.new is None:
        return text(f"change.{way}-gone", **params)
    return text(f"change.{way}", **params)


def _way(statement: Leads) -> str:
    """Whether keys are pressed, the call just goes on, or it leaves by some exit."""
    if statement.is_only_way:
        return "after"
    if not statement.ways[0].exit.startswith("key_"):
        return "way"
    return "key" if len(statement.ways) == 1 else "keys"


def _joined(names: list[str], text: Text) -> str:
    """« 1, 2 et 3 »."""
    *first, last = names
    return text("change.and", first=", ".join(first), last=last) if first else last


def _exit(way: Way, kind: str, text: Text) -> str:
    """A way out as it is called: its key, its own label, or what its kind calls it."""
    if way.exit.startswith("key_"):
        return way.exit.removeprefix("key_")
    if ":" in way.exit:  # somebody's own case: it has no other name than its label
        return way.label or way.exit.partition(":")[2]
    is_declared = kind in KINDS and any(each.id == way.exit for each in KINDS[kind].exits)
    if is_declared and way.label in ("", way.exit):
        return text(f"exit.{way.exit}")
    return way.label or way.exit


def _destination(found: Place | Ends | None, text: Text) -> str:
    if isinstance(found, Place):
        return text("change.step", node=_named(found, text))
    return text("change.ends")


def _named(place: Place, text: Text) -> str:
    """A step by its title, or else by its kind and what it says."""
    kind = _kind(place, text)
    if place.title or not place.quote:
        return place.title or kind
    return text("change.untitled", kind=kind, words=_inside_quotes(place.quote))


def _kind(place: Place, text: Text) -> str:
    return text(f"kind.{place.kind}") if place.kind in KINDS else place.kind


def _inside_quotes(words: str) -> str:
    """Words that are quoted inside a sentence, which has a full stop of its own."""
    return words.removesuffix(".")


def _differs(statement: Differs, text: Text, context: Context) -> str:
    params = {
        "property": _inside(text(f"prop.{statement.declared.name}")),
        "old": _value(statement.declared, statement.old, text, context),
        "new": _value(statement.declared, statement.new, text, context),
    }
    if statement.at is None:
        return text("change.setting", **params)
    return text("change.value", node=_named(statement.at, text), **params)


def field_in_words(field: Field, text: Text, context: Context) -> tuple[str, str, str]:
    """What a field is called, and how it read before and after."""
    name = text(f"change.field.{field.name}" if field.declared is None else f"prop.{field.name}")
    if field.declared is None:
        if field.name not in _NAMED:
            name = field.name
        values = tuple(_own(field.name, each, text) for each in (field.old, field.new))
    elif field.declared.type in (FieldType.PROMPT, FieldType.PROMPTS):
        is_several = field.declared.type is FieldType.PROMPTS
        prompts = (_several(each) if is_several else (each,) for each in (field.old, field.new))
        values = tuple(_heard(each, context) or text("change.nothing") for each in prompts)
    else:
        values = tuple(
            _value(field.declared, each, text, context) for each in (field.old, field.new)
        )
    return name, values[0], values[1]


def _several(value: Json) -> tuple[Json, ...]:
    return tuple(value) if isinstance(value, list) else ()


def _own(name: str, value: Json, text: Text) -> str:
    """The title, the kind or the place of a node, or a property that nobody declared."""
    if value in (None, "", [], {}):
        return text("change.nothing")
    if name == "kind":
        return text(f"kind.{value}") if value in KINDS else str(value)
    if name == "place" and isinstance(value, list):
        return ", ".join(f"{each:g}" for each in value if isinstance(each, int | float))
    return value if isinstance(value, str) else encode(value).decode()[:_QUOTED]


def _inside(label: str) -> str:
    """A label as it is written inside a sentence."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _value(declared: Property, value: Json, text: Text, context: Context) -> str:
    """A value as people read it."""
    if value in (None, "", [], ()):
        return text("change.nothing")
    if isinstance(value, bool):
        return text("change.on" if value else "change.off")
    if declared.type is FieldType.CHOICE and value in declared.choices:
        return text(f"choice.{declared.name}.{value}")
    if declared.type is FieldType.SECONDS:
        return text(
            "change.seconds", count=f"{value:g}" if isinstance(value, float) else str(value)
        )
    if declared.type is FieldType.REFERENCE:
        names = context.names_of(declared.refers_to) or {}
        return text("change.step", node=names.get(str(value), str(value)))
    if isinstance(value, list):
        return _rows(value, text)
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    return text("change.step", node=_quoted(str(value)))


def _rows(value: list[Json], text: Text) -> str:
    """A table as its rows read, or how many there are where that would be long."""
    said = ", ".join(filter(None, map(_row, value)))
    if said and len(said) <= _QUOTED:
        return text("change.step", node=said)
    return text("change.rows", count=len(value))


def _row(row: Json) -> str:
    if not isinstance(row, dict):
        return str(row)
    return " ".join(
        str(each) for key, each in row.items() if key != "id" and each not in (None, "", [], {})
    )


def _quoted(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _QUOTED else f"{words[: _QUOTED - 1].rstrip()}…"
