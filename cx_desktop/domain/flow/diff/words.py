"""Statements about a change in the words of the catalogue (``change.…``)."""

from cx_desktop.domain.finding import Text
from cx_desktop.domain.flow.diff.statements import (
    Differs,
    Ends,
    Leads,
    Met,
    Missed,
    Place,
    Says,
    Statement,
)
from cx_desktop.domain.flow.kind import FieldType, Property
from cx_desktop.domain.flow.kinds import KINDS
from cx_desktop.domain.flow.kinds.shapes import rows
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.patch import Json

#: Of a long text, so many signs are quoted.
_QUOTED = 80


def in_words(statement: Statement, text: Text, context: Context | None = None) -> str:
    """One statement as a sentence; objects of the project are called by their names."""
    context = context or Context()
    match statement:
        case Leads():
            return _leads(statement, text)
        case Says(at=at, old=old, new=new):
            params = {"node": _named(at, text), "old": _quoted(old), "new": _quoted(new)}
            if not old:
                return text("change.says-now", **params)
            return text("change.says-no-more" if not new else "change.says", **params)
        case Met(at=at):
            return text("change.met", node=_named(at, text))
        case Missed(at=at):
            return text("change.missed", node=_named(at, text))
        case Differs():
            return _differs(statement, text, context)


def _leads(statement: Leads, text: Text) -> str:
    params = {
        "node": _named(statement.at, text),
        "exit": _exit(statement, text),
        "old": _destination(statement.old, text),
        "new": _destination(statement.new, text),
    }
    way = "key" if statement.exit.startswith("key_") else "way"
    if statement.old is None:
        return text(f"change.{way}-new", **params)
    if statement.new is None:
        return text(f"change.{way}-gone", **params)
    return text(f"change.{way}", **params)


def _exit(statement: Leads, text: Text) -> str:
    """A way out as it is called: its key, its own label, or what its kind calls it."""
    if statement.exit.startswith("key_"):
        return statement.exit.removeprefix("key_")
    if ":" in statement.exit:  # somebody's own case: it has no other name than its label
        return statement.label or statement.exit.partition(":")[2]
    return statement.label or text(f"exit.{statement.exit}")


def _destination(found: Place | Ends | None, text: Text) -> str:
    if isinstance(found, Place):
        return text("change.step", node=_named(found, text))
    return text("change.ends")


def _named(place: Place, text: Text) -> str:
    return place.title or (text(f"kind.{place.kind}") if place.kind in KINDS else place.kind)


def _differs(statement: Differs, text: Text, context: Context) -> str:
    params = {
        "property": text(f"prop.{statement.declared.name}"),
        "old": _value(statement.declared, statement.old, text, context),
        "new": _value(statement.declared, statement.new, text, context),
    }
    if statement.at is None:
        return text("change.setting", **params)
    return text("change.value", node=_named(statement.at, text), **params)


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
        return text("change.rows", count=len(list(rows(value))) or len(value))
    return text("change.step", node=_quoted(str(value)))


def _quoted(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _QUOTED else f"{words[: _QUOTED - 1].rstrip()}…"
