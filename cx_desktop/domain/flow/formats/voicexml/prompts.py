"""What callers hear: texts, recordings and markup between the tags, as prompts of ours."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element

from cx_desktop.domain.flow.formats.formulas import escaped
from cx_desktop.domain.flow.formats.voicexml.markup import (
    attribute,
    language_of,
    local,
    texts_in,
)
from cx_desktop.domain.flow.formats.voicexml.script import constant_of, value_in_ours
from cx_desktop.domain.flow.formats.voicexml.server_code import OPEN
from cx_desktop.domain.flow.kinds.shapes import LANGUAGES
from cx_desktop.domain.patch import Document, Json

#: Elements that are spoken where they stand in executable content.
SPOKEN = frozenset({"prompt", "audio", "value", "enumerate", "say-as", "break", "emphasis"})

_MARKUP = frozenset(
    {"break", "emphasis", "prosody", "voice", "phoneme", "sub", "p", "s", "paragraph", "sentence"}
)
_SILENT = frozenset({"mark", "desc", "metadata", "meta", "lexicon", "property"})
_SAID_AS: Mapping[str, str] = {
    "digits": "digits",
    "number": "number",
    "cardinal": "number",
    "ordinal": "number",
    "date": "date",
    "time": "time",
    "currency": "amount",
    "phone": "telephone",
    "telephone": "telephone",
    "characters": "characters",
    "spell-out": "characters",
    "acronym": "characters",
}


class Heard(NamedTuple):
    """A prompt, and the scripts in it that could not be said in our language."""

    parts: list[Json]
    lost: tuple[str, ...] = ()


class _Markup(str):
    """A piece of a text that is markup already."""

    __slots__ = ()


class _Writing:
    def __init__(self, choices: str) -> None:
        self.parts: list[Json] = []
        self.lost: list[str] = []
        self._choices = choices
        self._run: list[str] = []
        self._languages: list[str] = []

    def write(self, pieces: Iterable[str | Element]) -> None:
        for each in pieces:
            if isinstance(each, str):
                self._run.append(escaped(_ONE_BLANK.sub(" ", each)))
            else:
                self._element(each)

    def _element(self, element: Element) -> None:
        name = local(element)
        writes = {"audio": self._audio, "say-as": self._say_as, "prompt": self._spoken_in}.get(name)
        if writes is not None:
            writes(element)
        elif name == "value":
            self._run.append(self._value(attribute(element, "expr")))
        elif name == "enumerate":
            self._run.append(escaped(self._choices))
        elif name in _MARKUP:
            self._markup(name, element)
        elif name == "foreach":
            self.lost.append(f"<foreach array={attribute(element, 'array')!r}>")
            self._run.append(OPEN)
        elif name not in _SILENT:
            self.write(texts_in(element))

    def _spoken_in(self, element: Element) -> None:
        self.flush()
        self._languages.append(ours_of(language_of(element)))
        self.write(texts_in(element))
        self.flush()
        self._languages.pop()

    def _value(self, script: str) -> str:
        said = value_in_ours(script) if script else None
        if said is None:
            self.lost.append(script)
            return OPEN
        constant = constant_of(script)
        return escaped(constant) if constant is not None else "{" + said + "}"

    def _audio(self, element: Element) -> None:
        self.flush()
        source = attribute(element, "src")
        if not source:
            source = self._value(attribute(element, "expr")) if attribute(element, "expr") else ""
        fallback = Heard(*_heard(texts_in(element), self._choices))
        if not source:
            self.parts.extend(fallback.parts)
            return
        part: Document = {"type": "audio", "ref": source}
        texts = [each["text"] for each in fallback.parts if isinstance(each, dict)]
        words = " ".join(each for each in texts if isinstance(each, str))
        self.parts.append({**part, "text": words} if words else part)

    def _say_as(self, element: Element) -> None:
        kind = attribute(element, "interpret-as", "type").removeprefix("vxml:").partition(":")[0]
        how = _SAID_AS.get(kind)
        inner = _Writing(self._choices)
        inner.write(texts_in(element))
        self.lost.extend(inner.lost)
        text = "".join(inner._run).strip()
        if how is None:
            self._run.append(text)
        elif text:
            self.flush()
            self.parts.append({"type": "say_as", "as": how, "text": text})

    def _markup(self, name: str, element: Element) -> None:
        attributes = "".join(
            f' {key.rpartition("}")[2]}="{html.escape(value)}"'
            for key, value in element.attrib.items()
            if not key.startswith("{")
        )
        if name in ("p", "s", "paragraph", "sentence"):
            self._run.append(" ")
            self.write(texts_in(element))
            self._run.append(" ")
        elif len(element) or element.text:
            self._run.append(_Markup(f"<{name}{attributes}>"))
            self.write(texts_in(element))
            self._run.append(_Markup(f"</{name}>"))
        else:
            self._run.append(_Markup(f"<{name}{attributes}/>"))

    def flush(self) -> None:
        """What was gathered becomes a part, if it says anything."""
        run, self._run = self._run, []
        if any(isinstance(each, _Markup) for each in run):
            inside = "".join(
                each if isinstance(each, _Markup) else html.escape(each, quote=False)
                for each in run
            )
            self._add(
                {"type": "ssml", "text": f"<speak>{_ONE_BLANK.sub(' ', inside).strip()}</speak>"}
            )
            return
        text = _ONE_BLANK.sub(" ", "".join(run)).strip()
        if text:
            self._add({"type": "text", "text": text})

    def _add(self, part: Document) -> None:
        language = next((each for each in reversed(self._languages) if each), "")
        self.parts.append({**part, "language": language} if language else part)


_ONE_BLANK = re.compile(r"\s+")


def heard(pieces: Iterable[str | Element], choices: str = "") -> Heard:
    """What is said by texts and elements; ``choices`` is what ``<enumerate>`` says."""
    return Heard(*_heard(pieces, choices))


def _heard(pieces: Iterable[str | Element], choices: str) -> tuple[list[Json], tuple[str, ...]]:
    writing = _Writing(choices)
    writing.write(pieces)
    writing.flush()
    return writing.parts, tuple(writing.lost)


def spoken_in(element: Element) -> Iterator[str | Element]:
    """What of an element's content is spoken: texts, prompts, recordings, values."""
    for each in texts_in(element):
        if isinstance(each, str):
            if each.strip():
                yield each
        elif local(each) in SPOKEN:
            yield each


def ours_of(language: str) -> str:
    """A language we speak, the nearest to what a document names; "" for none."""
    wanted = language.replace("_", "-").lower()
    for each in LANGUAGES:
        if each.lower() == wanted:
            return each
    base = wanted.partition("-")[0]
    return next((each for each in LANGUAGES if base and each.partition("-")[0] == base), "")
