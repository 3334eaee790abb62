"""Values in Architect's files: literals, formulas, variables, audio; and what they are to us."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from cx_desktop.domain.flow.formats.formulas import (
    BETWEEN,
    Applied,
    Dialect,
    Literal,
    Name,
    Saying,
    Term,
    all_of,
    any_of,
    blank,
    chosen,
    escaped,
    given,
    quoted,
    summed,
    term_of,
)
from cx_desktop.domain.flow.kinds.shapes import LANGUAGES
from cx_desktop.domain.patch import Document, Json

_NAMES = {
    "call.ani": "caller",
    "call.calledaddress": "called",
    "call.calledaddressoriginal": "called",
    "call.conversationid": "call_id",
    "call.language": "language",
}
_FUNCTIONS: dict[str, Saying] = {
    "and": all_of,
    "or": any_of,
    "not": "not {}".format,
    "if": chosen,
    "isset": given,
    "isnotset": blank,
    "isnotsetorempty": blank,
    "issetandnotempty": given,
    "length": "len({})".format,
    "count": "len({})".format,
    "contains": BETWEEN["contains"],
    "startswith": BETWEEN["starts"],
    "endswith": BETWEEN["ends"],
    "equal": BETWEEN["="],
    "upper": "upper({})".format,
    "lower": "lower({})".format,
    "trim": "trim({})".format,
    "left": "first({}, {})".format,
    "right": "last({}, {})".format,
    "toint": "number({})".format,
    "todecimal": "number({})".format,
    "tonumber": "number({})".format,
    "tostring": "text({})".format,
    "round": "round({}, {})".format,
    "getcurrentdatetimeutc": "now".format,
    "getcurrentdatetime": "now".format,
    "hour": "hour({})".format,
    "minute": "minute({})".format,
    "day": "day({})".format,
    "month": "month({})".format,
    "year": "year({})".format,
    "sum": summed,
}


def _our_name(name: str) -> str:
    if name.upper() == "NOT_SET":
        return '""'
    return _NAMES.get(name.lower(), name)


def _is_joining(term: Applied) -> bool:
    """Whether a plus puts texts together: one of them is a text for certain."""
    return term.function == "+" and any(
        (isinstance(each, Literal) and each.is_text)
        or (isinstance(each, Applied) and each.function in {"append", "tostring", "+"})
        for each in term.given
    )


LANGUAGE = Dialect(
    functions=_FUNCTIONS,
    name=_our_name,
    joins=frozenset({"append", "concat"}),
    plain=frozenset(
        {"tophonenumber", ".e164", ".tel", "toaudiotts", "todisplaystring", "toaudio", "tojson"}
    ),
    is_joining=_is_joining,
)


def fields(value: Json) -> Document:
    """A mapping, or an empty one where something else stands."""
    return value if isinstance(value, dict) else {}


def items(value: Json) -> list[Json]:
    """A list, or an empty one where something else stands."""
    return value if isinstance(value, list) else []


def text(value: Json) -> str:
    """A text, or an empty one where something else stands."""
    return value if isinstance(value, str) else ""


def single(value: Json) -> tuple[str, Document]:
    """The name and the body of an entry ``- name: {…}``; empty where it is none."""
    for key, body in fields(value).items():
        return key, fields(body)
    return "", {}


def name_of(value: Json) -> str:
    """What a value names: ``{lit: {name: X}}``, ``{name: X}``, ``{lit: X}`` or the text itself."""
    if isinstance(value, dict):
        return text(value.get("name")) or name_of(value.get("lit"))
    return text(value)


def formula_of(value: Json) -> str:
    """The formula or the variable that a value is, or nothing."""
    return text(fields(value).get("exp")) or text(fields(value).get("var"))


def is_given(value: Json) -> bool:
    """Whether a value is there at all."""
    return isinstance(value, dict) and bool(value) and "noValue" not in value


class Said(NamedTuple):
    """A value in our words; ``lost`` is the formula that could not be said and stays as it is."""

    text: str
    lost: str = ""


def expression(value: Json, *, is_text: bool = True) -> Said:
    """A value as an expression of ours."""
    formula = formula_of(value)
    if formula:
        said = LANGUAGE.said(formula)
        return Said(formula, formula) if said is None else Said(said)
    literal = name_of(value)
    if not is_given(value) and not literal:
        return Said('""')
    if not is_text and re.fullmatch(r"\d+(\.\d+)?|true|false", literal):
        return Said(literal)
    return Said(quoted(literal))


def template(value: Json) -> Said:
    """A value as a text of ours with ``{name}`` in it."""
    formula = formula_of(value)
    if not formula:
        return Said(escaped(name_of(value)))
    said = LANGUAGE.template(formula)
    return Said(escaped(formula), formula) if said is None else Said(said)


def number(value: Json) -> int | None:
    """The whole number that a literal is, or a short formula that is just one."""
    said = name_of(value) or text(fields(value).get("exp"))
    return int(said) if re.fullmatch(r"\d{1,9}", said) else None


_UNITS = {"ms": 0.001, "seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 86400.0}


def seconds(value: Json) -> float | None:
    """The duration that a literal is, or ``MakeDuration`` of plain numbers."""
    parts = fields(fields(value).get("lit"))
    if parts:
        amounts = [_amount(parts.get(unit)) * each for unit, each in _UNITS.items()]
        return _rounded(sum(amounts)) if any(unit in parts for unit in _UNITS) else None
    term = term_of(formula_of(value)) if formula_of(value) else None
    match term:
        case Applied("makeduration", given) if len(given) == 5:
            if all(isinstance(each, Literal) for each in given):
                scale = (86400.0, 3600.0, 60.0, 1.0, 0.001)
                return _rounded(sum(_amount(a[0]) * b for a, b in zip(given, scale, strict=True)))
    return None


def _amount(value: Json | Term) -> float:
    if isinstance(value, str) and re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value):
        return float(value)
    return 0.0


def _rounded(value: float) -> float:
    return int(value) if value.is_integer() else round(value, 3)


class Spoken(NamedTuple):
    """A prompt of ours, whether it may be interrupted, and the formula that could not be said."""

    parts: list[Json]
    barge_in: bool | None = None
    lost: str = ""


def spoken(value: Json) -> Spoken:
    """What an audio value says."""
    said = fields(value)
    if isinstance(value, list):
        return Spoken([part for each in value for part in spoken(each).parts])
    if "tts" in said:
        return Spoken([{"type": "text", "text": escaped(text(said["tts"]))}] if said["tts"] else [])
    if text(said.get("prompt")):
        return Spoken([_audio(text(said["prompt"]))])
    formula = formula_of(value)
    if formula:
        return _spoken_formula(formula)
    recorded = name_of(value)
    return Spoken([_audio(recorded)] if recorded else [])


def _audio(name: str) -> Json:
    return {"type": "audio", "ref": re.sub(r"^Prompt(System)?\.", "", name)}


def _spoken_formula(formula: str) -> Spoken:
    term = term_of(formula)
    barge_in: bool | None = None
    if isinstance(term, Applied) and term.function == "audioplaybackoptions" and term.given:
        last = term.given[-1]
        barge_in = last.value == "true" if isinstance(last, Literal) else None
        term = term.given[0]
    parts: list[Json] = [None]
    if term is not None:
        parts = list(_parts(term))
    if None in parts:
        return Spoken([], barge_in, formula)
    return Spoken(parts, barge_in)


_SAID_AS = {
    "toaudionumber": "number",
    "toaudiodigits": "digits",
    "toaudiodate": "date",
    "toaudiotime": "time",
    "toaudiocurrency": "amount",
    "toaudiotelephone": "telephone",
    "toaudiocharacters": "characters",
}
_PROMPTS = frozenset({"finduserprompt", "findsystemprompt", "findprompt"})


def _parts(term: Term) -> Iterator[Json]:
    """The parts of a prompt that a formula puts together; None stands for one we cannot say."""
    match term:
        case Applied("append" | "toaudio" | "+", given):
            for each in given:
                yield from _parts(each)
        case Applied("toaudioblank", (Literal(duration), *_)):
            yield {"type": "ssml", "text": f'<speak><break time="{duration}ms"/></speak>'}
        case Applied(function, (Literal(name, True), *_)) if function in _PROMPTS:
            yield _audio(name)
        case Applied(function, (inner, *_)) if function in _SAID_AS:
            said = LANGUAGE.spoken(inner)
            yield said and {"type": "say_as", "text": said, "as": _SAID_AS[function]}
        case Applied("toaudiotts", (inner, *_)) | inner:
            yield _text_part(inner)


def _text_part(term: Term) -> Json:
    if isinstance(term, Name) and re.match(r"Prompt(System)?\.", term.name):
        return _audio(term.name)
    said = LANGUAGE.spoken(term)
    return {"type": "text", "text": said} if said else None


def language_of(name: str) -> str:
    """One of our languages: the same, or the first of the same tongue."""
    wanted = name.replace("_", "-").lower()
    same = [each for each in LANGUAGES if each.lower() == wanted]
    near = [each for each in LANGUAGES if each.split("-")[0] == wanted.split("-")[0]]
    return next(iter((*same, *near)), "")
