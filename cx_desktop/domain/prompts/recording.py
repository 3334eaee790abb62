"""What a studio would have to record, should it say what a synthetic voice reads now (STU-01)."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from cx_desktop.domain.flow.graph import Flow, Node
from cx_desktop.domain.flow.kind import FieldType
from cx_desktop.domain.flow.kinds import kind_of
from cx_desktop.domain.flow.kinds.shapes import rows
from cx_desktop.domain.patch import Json
from cx_desktop.domain.prompts.prompt import Prompt
from cx_desktop.domain.prompts.words import units_of, words_in


class Recording(Struct, frozen=True):
    """Words, and units of thirty words each, text by text."""

    words: int = 0
    units: int = 0

    def __add__(self, other: "Recording") -> "Recording":
        return Recording(self.words + other.words, self.units + other.units)


def recording_of(old: Flow, new: Flow) -> Recording:
    """The texts that a flow says and did not say before."""
    known = set(_texts_of_flow(old))
    return _counted(each for each in dict.fromkeys(_texts_of_flow(new)) if each not in known)


def recording_of_prompt(old: Prompt | None, new: Prompt) -> Recording:
    """The texts of a prompt that are other ones now, and are in no recording."""
    known = set(_texts_of_prompt(old)) if old is not None else set()
    return _counted(each for each in dict.fromkeys(_texts_of_prompt(new)) if each not in known)


def _counted(texts: Iterable[str]) -> Recording:
    words = [words_in(each) for each in texts]
    return Recording(words=sum(words), units=sum(map(units_of, words)))


def _texts_of_prompt(prompt: Prompt) -> Iterator[str]:
    for spoken in prompt.languages.values():
        text = _plain(spoken.text)
        recorded = _plain(spoken.audio.text) if spoken.audio is not None else ""
        if text and text != recorded:
            yield text


def _texts_of_flow(flow: Flow) -> Iterator[str]:
    """What is read to callers; recordings are none."""
    for node in flow.nodes.values():
        for prompt in _prompts(node):
            for part in rows(prompt):
                text = part.get("text")
                if part.get("type") != "audio" and isinstance(text, str) and text.strip():
                    yield _plain(text)


def _prompts(node: Node) -> Iterator[Json]:
    for each in kind_of(node).properties:
        value = node.props.get(each.name)
        if each.type is FieldType.PROMPT:
            yield value
        elif each.type is FieldType.PROMPTS and isinstance(value, list):
            yield from value


def _plain(text: str) -> str:
    return " ".join(text.split())
