"""How one property of ours and parameters of Connect turn into each other, both ways."""

import json
from collections.abc import Callable, Iterator, Mapping

import msgspec
from msgspec import UNSET, Struct

from cx_desktop.domain.flow.formats.connect import formulas
from cx_desktop.domain.flow.formats.connect.formulas import formula_of, operand_of, value_of
from cx_desktop.domain.patch import Change, Document, Json, apply, read


class Field(Struct, frozen=True):
    """One property: how it is taken from a step's parameters, and how it is put back into them.

    ``take`` gives ``UNSET`` where the parameters do not say, or say something that has no place in
    the property (a formula where we keep a number): then they stay as the file has them.
    """

    prop: str
    parameters: tuple[str, ...]
    take: Callable[[Document], Json]
    put: Callable[[Document, Json], Document]


def _put(parameters: Document, path: tuple[str, ...], value: Json) -> Document:
    return apply(parameters, [Change(path, value)])


def text(prop: str, *path: str) -> Field:
    """A text, verbatim; an empty one is left out."""

    def take(parameters: Document) -> Json:
        value = read(parameters, path)
        return value if isinstance(value, str) and value else UNSET

    def put(parameters: Document, value: Json) -> Document:
        return _put(parameters, path, value if isinstance(value, str) and value else UNSET)

    return Field(prop, path[:1], take, put)


def operand(prop: str, *path: str) -> Field:
    """What is compared: an expression of ours, a name or a reference in Connect."""

    def take(parameters: Document) -> Json:
        value = read(parameters, path)
        return operand_of(value) if isinstance(value, str) and value else UNSET

    def put(parameters: Document, value: Json) -> Document:
        return _put(parameters, path, value_of(value) or UNSET)

    return Field(prop, path[:1], take, put)


def dialled(prop: str, *path: str) -> Field:
    """A telephone number, or a reference to one."""

    def take(parameters: Document) -> Json:
        value = read(parameters, path)
        return formulas.number_of(value) if isinstance(value, str) and value else UNSET

    def put(parameters: Document, value: Json) -> Document:
        is_number = isinstance(value, str) and value.startswith("+")
        return _put(parameters, path, (value if is_number else value_of(value)) or UNSET)

    return Field(prop, path[:1], take, put)


def number(prop: str, *path: str) -> Field:
    """A number, which Connect writes as a text."""

    def take(parameters: Document) -> Json:
        return number_of(read(parameters, path))

    def put(parameters: Document, value: Json) -> Document:
        return _put(parameters, path, number_text(value))

    return Field(prop, path[:1], take, put)


def number_of(value: Json) -> Json:
    """The number that a text or number stands for, or ``UNSET``."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return UNSET
    try:
        amount = float(value)
    except ValueError:
        return UNSET
    if not -1e9 < amount < 1e9:
        return UNSET
    return int(amount) if amount.is_integer() else amount


def number_text(value: Json) -> Json:
    """A number as Connect writes it, or ``UNSET``."""
    amount = number_of(value)
    return UNSET if amount is UNSET else str(amount)


def choice(prop: str, *path: str, words: Mapping[str, Json]) -> Field:
    """One of a few words, each of which stands for one value of ours; compared without case."""
    ours = {word.lower(): value for word, value in words.items()}

    def take(parameters: Document) -> Json:
        value = read(parameters, path)
        return ours.get(str(value).lower(), UNSET) if isinstance(value, str | bool) else UNSET

    def put(parameters: Document, value: Json) -> Document:
        word = next((word for word, mine in words.items() if mine == value), UNSET)
        return _put(parameters, path, word)

    return Field(prop, path[:1], take, put)


def assignments(prop: str, *path: str) -> Field:
    """Variables and what they are set to: an object of texts."""

    def take(parameters: Document) -> Json:
        value = read(parameters, path)
        if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
            return UNSET
        return [
            {"variable": key, "expression": formula_of(str(each))} for key, each in value.items()
        ]

    def put(parameters: Document, value: Json) -> Document:
        rows = value if isinstance(value, list) else []
        return _put(
            parameters,
            path,
            {
                str(row.get("variable", "")): value_of(row.get("expression"))
                for row in rows
                if isinstance(row, dict) and row.get("variable")
            },
        )

    return Field(prop, path[:1], take, put)


def assigned(prop: str, parameter: str) -> Field:
    """A single variable that a step of its own sets."""

    def take(parameters: Document) -> Json:
        value = parameters.get(parameter)
        if not isinstance(value, str):
            return UNSET
        return [{"variable": parameter, "expression": formula_of(value)}]

    def put(parameters: Document, value: Json) -> Document:
        rows = value if isinstance(value, list) else []
        found = next((row for row in rows if isinstance(row, dict)), {})
        return _put(parameters, (parameter,), value_of(found.get("expression")))

    return Field(prop, (parameter,), take, put)


def request(prop: str, kind: str) -> Field:
    """All parameters as lines ``name = value`` under the type of the step: what it asks for."""

    def take(parameters: Document) -> Json:
        lines = (f"{'.'.join(path)} = {_word(value)}" for path, value in _leaves(parameters))
        return "\n".join((kind, *lines))

    def put(parameters: Document, value: Json) -> Document:
        known = {".".join(path): path for path, _ in _leaves(parameters)}
        result: Document = {}
        for line in str(value).splitlines():
            name, equals, word = line.partition(" = ")
            if equals and name.strip():
                path = known.get(name.strip(), tuple(name.strip().split(".")))
                result = apply(result, [Change(path, _value(word.strip()))])
        return result

    return Field(prop, ("*",), take, put)


def _leaves(value: Document, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Json]]:
    for key, each in value.items():
        if isinstance(each, dict) and each:
            yield from _leaves(each, (*above, key))
        else:
            yield (*above, key), each


def _word(value: Json) -> str:
    """A value on one line: texts as they are unless they would be taken for something else."""
    if isinstance(value, str) and value.isprintable() and value[:1] not in {"", '"', "[", "{"}:
        return value
    return json.dumps(value, ensure_ascii=False)


def _value(word: str) -> Json:
    if word[:1] not in {'"', "[", "{"}:
        return word
    try:
        value: Json = msgspec.json.decode(word)
    except msgspec.DecodeError:
        return word
    return value


_PROMPT_PARAMETERS = ("Text", "SSML", "PromptId", "Media", "TextToSpeechType")


def prompt(prop: str = "prompt", *, within: str = "") -> Field:
    """What the caller hears: a text, SSML, or a recorded prompt by its id."""

    def take(parameters: Document) -> Json:
        here = parameters.get(within) if within else parameters
        spoken = prompt_of(here) if isinstance(here, dict) else []
        return spoken or UNSET

    def put(parameters: Document, value: Json) -> Document:
        here = parameters.get(within) if within else parameters
        kept = {
            key: each
            for key, each in (here if isinstance(here, dict) else {}).items()
            if key not in _PROMPT_PARAMETERS
        }
        spoken = kept | prompt_parameters(value)
        return {**parameters, within: spoken} if within else spoken

    return Field(prop, (within,) if within else _PROMPT_PARAMETERS, take, put)


def prompt_of(parameters: Document) -> list[Json]:
    """The prompt that parameters tell, as one part, or nothing."""
    media = parameters.get("Media")
    uri = media.get("Uri") if isinstance(media, dict) else None
    for kind, key, value in (
        ("ssml", "text", parameters.get("SSML")),
        ("audio", "ref", parameters.get("PromptId")),
        ("audio", "ref", uri),
        ("text", "text", parameters.get("Text")),
    ):
        if isinstance(value, str) and value:
            is_ssml = str(parameters.get("TextToSpeechType")).lower() == "ssml"
            said = "ssml" if kind == "text" and is_ssml else kind
            if key == "ref":
                return [{"type": said, key: value}]
            return [{"type": said, key: formulas.text_of(value, is_markup=said == "ssml")}]
    return []


def prompt_parameters(value: Json) -> Document:
    """The parameters of a prompt: spoken parts are joined, of recorded ones the first counts."""
    parts = [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []
    spoken = [part for part in parts if part.get("type") in {"text", "ssml", "say_as"}]
    if len(spoken) == len(parts) and spoken:
        kind = "SSML" if any(part["type"] == "ssml" for part in spoken) else "Text"
        return {kind: " ".join(_words(part) for part in spoken)}
    recorded = next((part for part in parts if part.get("type") == "audio"), None)
    if recorded is None:
        return {}
    reference = str(recorded.get("ref", ""))
    if reference.startswith("s3:"):
        return {"Media": {"Uri": reference, "SourceType": "S3", "MediaType": "Audio"}}
    return {"PromptId": reference}


def _words(part: Document) -> str:
    return formulas.words_of(str(part.get("text", "")), is_markup=part.get("type") == "ssml")


def messages(prop: str) -> Field:
    """Prompts that are heard one after the other while waiting."""

    def take(parameters: Document) -> Json:
        value = parameters.get("Messages")
        if not isinstance(value, list) or not value:
            return UNSET
        return [prompt_of(each) if isinstance(each, dict) else [] for each in value]

    def put(parameters: Document, value: Json) -> Document:
        prompts = value if isinstance(value, list) else []
        return {**parameters, "Messages": [prompt_parameters(each) for each in prompts]}

    return Field(prop, ("Messages",), take, put)
