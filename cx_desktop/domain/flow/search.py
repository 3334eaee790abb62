"""Finding words in a flow: in titles, values, exits and notes, whatever their accents and case."""

import re
import unicodedata
from collections.abc import Callable, Iterator

from msgspec import Struct

from cx_desktop.domain.flow.graph import Flow, Node, NodeId, NoteId
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.domain.flow.references import Context, references_of
from cx_desktop.domain.patch import Json

#: How much text is shown on either side of what was found.
AROUND = 40


class Match(Struct, frozen=True):
    """One place that holds the words.

    ``property`` is the property it stands in, ``id`` for the node's id, "" for its title or an
    exit's label; ``text`` is what stands there, cut around the words.
    """

    text: str
    node: NodeId | None = None
    note: NoteId | None = None
    property: str = ""


def find(
    flow: Flow,
    needle: str,
    context: Context | None = None,
    *,
    title: Callable[[Node], str] = lambda node: node.title,
) -> tuple[Match, ...]:
    """Every place that holds ``needle``; of one property, the first. "" is found nowhere.

    ``context`` makes a queue or another flow found by its name; ``title`` says what a node without
    a title of its own is called.
    """
    wanted = plain(needle).strip()
    if not wanted:
        return ()
    context = context or Context()
    return (
        *(
            match
            for node in flow.nodes.values()
            for match in _in_node(node, wanted, context, title(node))
        ),
        *(
            Match(text, note=note.id)
            for note in flow.notes.values()
            if (text := _excerpt(note.text, wanted))
        ),
    )


def plain(text: str) -> str:
    """A text as it is compared: without case, accents, typographic apostrophes and spaces.

    Each letter becomes the same whatever stands beside it, so that places can be counted back.
    """
    if text.isascii():
        return text.lower().replace("\n", " ")
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text.translate(_SAME).casefold()))


_ACCENTS = re.compile("[\u0300-\u036f]")
_SAME = str.maketrans(
    {"’": "'", "‘": "'", "\u00a0": " ", "\u202f": " ", "\n": " ", "œ": "oe", "Œ": "oe"}
)


def _in_node(node: Node, wanted: str, context: Context, title: str) -> Iterator[Match]:
    seen: set[str] = set()
    for name, text in _texts(node, context, title):
        if name not in seen and (excerpt := _excerpt(text, wanted)):
            seen.add(name)
            yield Match(excerpt, node=node.id, property=name)


def _texts(node: Node, context: Context, title: str) -> Iterator[tuple[str, str]]:
    """Everything a node says, each text with the property it stands in."""
    yield "", title
    for name, value in node.props.items():
        yield from ((name, text) for text in _strings(value))
    for each in references_of(node):
        yield each.property, (context.names_of(each.refers_to) or {}).get(each.target, "")
    yield from (("", each.label) for each in exits_of(node))
    yield "id", node.id


def _strings(value: Json) -> Iterator[str]:
    """The texts and numbers in a value, however deep."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting.extend(reversed(list(each.values())))
        elif isinstance(each, list):
            waiting.extend(reversed(each))
        elif isinstance(each, str):
            yield each
        elif isinstance(each, int | float) and not isinstance(each, bool):
            yield f"{each:g}"


def _excerpt(text: str, wanted: str) -> str:
    """The text around the words, on one line; "" when they are not in it."""
    at = plain(text).find(wanted)
    if at < 0:
        return ""
    lengths = [len(plain(letter)) for letter in text]
    begin = _index(lengths, at)
    end = _index(lengths, at + len(wanted) - 1) + 1
    left, right = max(0, begin - AROUND), min(len(text), end + AROUND)
    shown = " ".join(text[left:right].split())
    return f"{'…' if left else ''}{shown}{'…' if right < len(text) else ''}"


def _index(lengths: list[int], at: int) -> int:
    """Which letter of a text stands at a place of its plain form."""
    for index, length in enumerate(lengths):
        if at < length:
            return index
        at -= length
    return max(0, len(lengths) - 1)
