"""Formulas and prompts of Call Flow Designer, and what they are to us."""

import re
from typing import NamedTuple

from cx_desktop.domain.flow.formats.formulas import (
    BETWEEN,
    Dialect,
    Saying,
    all_of,
    any_of,
    multiplied,
    summed,
)
from cx_desktop.domain.flow.formats.threecx.markup import Entry, packed
from cx_desktop.domain.patch import Json

_NAMES = {
    "session.ani": "caller",
    "session.did": "called",
    "session.callid": "call_id",
}
_FUNCTIONS: dict[str, Saying] = {
    "equal": BETWEEN["="],
    "not_equal": BETWEEN["!="],
    "great_than": BETWEEN[">"],
    "great_than_or_equal": BETWEEN[">="],
    "greater_than": BETWEEN[">"],
    "greater_than_or_equal": BETWEEN[">="],
    "less_than": BETWEEN["<"],
    "less_than_or_equal": BETWEEN["<="],
    "and": all_of,
    "or": any_of,
    "not": "not {}".format,
    "contains": BETWEEN["contains"],
    "starts_with": BETWEEN["starts"],
    "ends_with": BETWEEN["ends"],
    "len": "len({})".format,
    "trim": "trim({})".format,
    "upper": "upper({})".format,
    "lower": "lower({})".format,
    "left": "first({}, {})".format,
    "right": "last({}, {})".format,
    "mid": "first(last({0}, len({0}) - {1}), {2})".format,
    "sum": summed,
    "multiply": multiplied,
    "divide": BETWEEN["/"],
    "negative": "-{}".format,
    "now": "now".format,
    "to_integer": "number({})".format,
    "to_double": "number({})".format,
    "to_string": "text({})".format,
}
#: Functions that compare two things: the operator of a case, when one of them is a value.
COMPARISONS = {
    "equal": "=",
    "not_equal": "!=",
    "great_than": ">",
    "great_than_or_equal": ">=",
    "greater_than": ">",
    "greater_than_or_equal": ">=",
    "less_than": "<",
    "less_than_or_equal": "<=",
    "contains": "contains",
}


def our_name(name: str) -> str:
    """A variable by our name for it: those of the call flow just by their own."""
    plain = re.sub(r"^callflow\$\.", "", name)
    plain = re.sub(r"^(project|public)\$\.", r"\1.", plain)
    return _NAMES.get(plain.lower(), plain)


LANGUAGE = Dialect(
    functions=_FUNCTIONS,
    name=our_name,
    joins=frozenset({"concatenate"}),
    plain=frozenset({"to_string", "tostring"}),
)


class Said(NamedTuple):
    """A formula in our words; ``lost`` is one that could not be said and stays as it is."""

    text: str
    lost: str = ""


def expression(formula: str) -> Said:
    """A formula as an expression of ours; no formula is an empty text."""
    if not formula.strip():
        return Said('""')
    said = LANGUAGE.said(formula)
    return Said(formula, formula) if said is None else Said(said)


def template(formula: str) -> Said:
    """A formula that gives a text as a text of ours with ``{name}`` in it."""
    said = LANGUAGE.template(formula)
    if said is not None or not formula.strip():
        return Said(said or "")
    inside = LANGUAGE.said(formula)
    return Said("{" + inside + "}") if inside else Said(formula.replace("{", "{{"), formula)


def plain(formula: str) -> str:
    """A formula as something that is named: the text of a literal, else what we call it."""
    said = LANGUAGE.template(formula)
    return said if said is not None and "{" not in said else expression(formula).text


class Spoken(NamedTuple):
    """A prompt of ours, and the formulas that could not be said."""

    parts: list[Json]
    lost: tuple[str, ...] = ()


def spoken(text: str) -> Spoken:
    """What a packed list of prompts says."""
    parts: list[Json] = []
    lost: list[str] = []
    for entry in packed(text):
        part, kept = _part(entry)
        lost.extend((kept,) if kept else ())
        parts.extend((part,) if part else ())
    return Spoken(parts, tuple(lost))


def _part(entry: Entry) -> tuple[Json, str]:
    """One part of a prompt, or nothing where it says nothing."""
    if "TextToSpeech" in entry.type:
        said = template(entry.get("Text"))
        kind = "ssml" if entry.get("Format").lower() == "ssml" else "text"
        return ({"type": kind, "text": said.text} if said.text else None), said.lost
    if "Number" in entry.type or "Digit" in entry.type:
        number = template(entry.get("Number", "Digits", "Expression"))
        how = "digits" if "one" in entry.get("Format", "PlayMode").lower() else "number"
        return ({"type": "say_as", "text": number.text, "as": how} if number.text else None), ""
    if "Recorded" in entry.type:
        recorded = template(entry.get("AudioId", "Expression", "FileName"))
        return ({"type": "audio", "ref": recorded.text} if recorded.text else None), recorded.lost
    file = entry.get("AudioFileName", "FileName")
    if file:
        return {"type": "audio", "ref": file}, ""
    dynamic = entry.get("AudioId", "Expression", "Value")
    return ({"type": "audio", "ref": dynamic} if dynamic else None), ""
