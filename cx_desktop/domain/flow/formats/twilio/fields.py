"""How one property of ours and settings of a widget turn into each other, both ways."""

import re
from collections.abc import Callable, Mapping

from msgspec import UNSET, Struct

from cx_desktop.domain.flow.formats.twilio.liquid import (
    body_of,
    formula_of,
    has_tags,
    name_of,
    path_of,
    template_of,
)
from cx_desktop.domain.flow.formats.twilio.speaking import (
    liquid_of_body,
    liquid_of_formula,
    liquid_of_number,
    liquid_of_template,
)
from cx_desktop.domain.flow.kinds.shapes import LANGUAGES, rows
from cx_desktop.domain.patch import Document, Json


class Field(Struct, frozen=True):
    """One property: how it is taken from a widget's settings, and how it is put back into them.

    ``take`` gives ``UNSET`` where the settings do not say, or say something that has no place in
    the property: then they stay as the file has them. ``put`` raises ``Unsayable``.
    """

    prop: str
    settings: tuple[str, ...]
    take: Callable[[Document], Json]
    put: Callable[[Document, Json], Document]


def _with(settings: Document, name: str, value: Json) -> Document:
    if value is UNSET:
        return {key: each for key, each in settings.items() if key != name}
    return {**settings, name: value}


def words(
    prop: str,
    *names: str,
    ours: Callable[[str], str] = str,
    theirs: Callable[[str], str] = str,
) -> Field:
    """A text, turned into our words and back; of several settings, the first that says something.

    Written to the first one unless the file uses another.
    """

    def used(settings: Document) -> str:
        return next((name for name in names if settings.get(name)), "")

    def take(settings: Document) -> Json:
        value = settings.get(used(settings))
        return ours(value) if isinstance(value, str) and value else UNSET

    def put(settings: Document, value: Json) -> Document:
        said = theirs(value) if isinstance(value, str) and value else UNSET
        return _with(settings, used(settings) or names[0], said)

    return Field(prop, names, take, put)


def text(prop: str, *names: str) -> Field:
    """A text, verbatim."""
    return words(prop, *names)


def template(prop: str, *names: str) -> Field:
    """A text in which values are filled in."""
    return words(prop, *names, ours=template_of, theirs=liquid_of_template)


def body(prop: str, *names: str) -> Field:
    """A text of another language in which values are filled in: JSON, an address."""
    return words(prop, *names, ours=body_of, theirs=liquid_of_body)


def formula(prop: str, *names: str) -> Field:
    """A formula."""
    return words(prop, *names, ours=formula_of, theirs=liquid_of_formula)


_DIALLED = re.compile(r"[+\d][\d ().-]{2,30}")


def telephone_of(said: str) -> str:
    """A telephone number or a formula for one."""
    return said if _DIALLED.fullmatch(said) else formula_of(said)


def telephone(prop: str, *names: str) -> Field:
    """A telephone number."""
    return words(prop, *names, ours=telephone_of, theirs=_number_said)


def _number_said(value: str) -> str:
    return value if _DIALLED.fullmatch(value) else liquid_of_number(value)


def caller_id() -> Field:
    """Which number is shown to whom we call: the caller's, the called one, or another."""

    def take(settings: Document) -> Json:
        said = settings.get("caller_id")
        if not isinstance(said, str) or not said:
            return UNSET
        shown = telephone_of(said)
        return shown if shown in {"caller", "called"} else "custom"

    def put(settings: Document, value: Json) -> Document:
        said = "called" if value == "called" else "caller"
        return _with(settings, "caller_id", liquid_of_formula(said))

    return Field("caller_id", ("caller_id",), take, put)


def presented_number() -> Field:
    """Another number that is shown to whom we call."""
    field = telephone("presented_number", "caller_id")

    def take(settings: Document) -> Json:
        shown = field.take(settings)
        return UNSET if shown in ("caller", "called") else shown

    return Field("presented_number", ("caller_id",), take, field.put)


def number(prop: str, *names: str, least: float = 0) -> Field:
    """A number, which Twilio writes as one or as a text; one below ``least`` has a sense apart."""

    def used(settings: Document) -> str:
        return next((name for name in names if settings.get(name) not in (None, "")), "")

    def take(settings: Document) -> Json:
        amount = number_of(settings.get(used(settings)))
        return amount if isinstance(amount, int | float) and amount >= least else UNSET

    def put(settings: Document, value: Json) -> Document:
        name = used(settings) or names[0]
        amount = number_of(value)
        is_text = isinstance(settings.get(name), str)
        return _with(settings, name, str(amount) if is_text and amount is not UNSET else amount)

    return Field(prop, names, take, put)


def number_of(value: Json) -> Json:
    """The number that a text or number stands for, or ``UNSET``."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return UNSET
    try:
        amount = float(value)
    except (ValueError, OverflowError):
        return UNSET
    if not -1e9 < amount < 1e9:
        return UNSET
    return int(amount) if amount.is_integer() else amount


def choice(prop: str, name: str, known: Mapping[str, Json], *, by_default: Json = UNSET) -> Field:
    """One of a few words, each of which stands for one value of ours; compared without case."""
    ours = {word.lower(): value for word, value in known.items()}

    def take(settings: Document) -> Json:
        value = settings.get(name)
        if value is None:
            return by_default
        return ours.get(str(value).lower(), UNSET) if isinstance(value, str | bool) else UNSET

    def put(settings: Document, value: Json) -> Document:
        word = next((word for word, mine in known.items() if mine == value), UNSET)
        return _with(settings, name, word)

    return Field(prop, (name,), take, put)


def flag(prop: str, name: str) -> Field:
    """Something that is on or off: true, or "true"."""
    said = {"true": True, "false": False}

    def take(settings: Document) -> Json:
        value = settings.get(name)
        return said.get(str(value).lower(), UNSET) if isinstance(value, str | bool) else UNSET

    def put(settings: Document, value: Json) -> Document:
        is_text = isinstance(settings.get(name), str)
        return _with(settings, name, str(value is True).lower() if is_text else value is True)

    return Field(prop, (name,), take, put)


def assignments(prop: str, name: str, *, prefix: str = "flow.variables.") -> Field:
    """Variables and what they are set to: ``[{"key", "value"}]``, read as ``<prefix><key>``."""

    def take(settings: Document) -> Json:
        listed = settings.get(name)
        if not isinstance(listed, list) or not listed:
            return UNSET
        return [
            {
                "variable": name_of(f"{prefix}{row['key']}"),
                "expression": formula_of(_said(row.get("value"))),
            }
            for row in rows(listed)
            if isinstance(row.get("key"), str)
        ]

    def put(settings: Document, value: Json) -> Document:
        listed = [
            {
                "key": path_of(str(row.get("variable", ""))).removeprefix(prefix),
                "value": liquid_of_formula(str(row.get("expression", ""))),
            }
            for row in rows(value)
        ]
        return _with(settings, name, _kept_rows(settings.get(name), listed))

    return Field(prop, (name,), take, put)


def _said(value: Json) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _kept_rows(before: Json, listed: list[dict[str, str]]) -> list[Json]:
    """Rows with what the file said of them besides key and value."""
    known = {row.get("key"): row for row in rows(before) if isinstance(row.get("key"), str)}
    return [{**known.get(row["key"], {}), **row} for row in listed]


LANGUAGE = choice("language", "language", {each: each for each in LANGUAGES})


def prompt(prop: str) -> Field:
    """What the caller hears: ``say`` is spoken, ``play`` a recording by its address."""

    def take(settings: Document) -> Json:
        parts: list[Json] = []
        said, played = settings.get("say"), settings.get("play")
        if isinstance(said, str) and said.strip():
            is_marked = said.lstrip().startswith("<speak")
            spoken = said if is_marked else template_of(said)
            parts.append({"type": "ssml" if is_marked else "text", "text": spoken})
        if isinstance(played, str) and played.strip():
            parts.append({"type": "audio", "ref": played})
        return parts or UNSET

    def put(settings: Document, value: Json) -> Document:
        kept = {key: each for key, each in settings.items() if key not in {"say", "play"}}
        return kept | prompt_settings(value)

    return Field(prop, ("say", "play"), take, put)


def prompt_settings(value: Json) -> Document:
    """What a widget says or plays: spoken parts are joined, of recorded ones the first counts."""
    parts = list(rows(value))
    spoken = [_spoken(part) for part in parts if part.get("type") in ("text", "ssml", "say_as")]
    if spoken:
        return {"say": " ".join(spoken)}
    recorded = next((part for part in parts if part.get("type") == "audio"), None)
    return {"play": str(recorded.get("ref", ""))} if recorded else {}


def _spoken(part: Document) -> str:
    said = str(part.get("text", ""))
    return said if part.get("type") == "ssml" else liquid_of_template(said)


def lost_words(settings: Document) -> bool:
    """Whether a widget has commands of Liquid that our texts cannot say."""
    return any(isinstance(each, str) and has_tags(each) for each in settings.values())
