"""A flow as a Mermaid diagram: text that wikis and code hosts draw by themselves."""

from collections.abc import Mapping

from cx_desktop.domain.finding import Text
from cx_desktop.domain.flow.graph import Flow, Node, NodeId
from cx_desktop.domain.flow.kind import Family
from cx_desktop.domain.flow.kinds import exits_of, kind_of
from cx_desktop.domain.flow.wording import exit_words, step_words

#: How a family is drawn: what stands before and behind the words.
_SHAPES: Mapping[Family, tuple[str, str]] = {
    Family.ENTRY: ("([", "])"),
    Family.SPEECH: ("[", "]"),
    Family.INPUT: ("[/", "/]"),
    Family.DECISION: ("{{", "}}"),
    Family.DATA: ("[(", ")]"),
    Family.TRANSFER: ("[[", "]]"),
    Family.END: ("((", "))"),
}
#: Signs that mean something to Mermaid, or to the page that it is drawn on.
_ENTITIES = {ord(each): f"#{ord(each)};" for each in '"#&<>`[](){}|\\;*_~'}


def mermaid(flow: Flow, text: Text) -> str:
    """The diagram of a flow, every step with its kind and every link with its exit."""
    names = {key: f"n{at}" for at, key in enumerate(flow.nodes)}
    lines = ["flowchart TD"]
    lines.extend(f"  {names[key]}{_shape(node, text)}" for key, node in flow.nodes.items())
    for node in flow.nodes.values():
        lines.extend(_links(flow, node, names, text))
    return "\n".join(lines) + "\n"


def _shape(node: Node, text: Text) -> str:
    before, behind = _SHAPES[kind_of(node).family]
    kind = text(f"kind.{kind_of(node).id}")
    words = step_words(node, text)
    shown = _escaped(words) if words == kind else f"{_escaped(words)}<br/>{_escaped(kind)}"
    return f'{before}"{shown}"{behind}'


def _links(flow: Flow, node: Node, names: Mapping[NodeId, str], text: Text) -> list[str]:
    ways = flow.links.get(node.id, {})
    declared = {each.id: each for each in exits_of(node)}
    return [
        f'  {names[node.id]} -->|"{_escaped(exit_words(way, declared.get(way), text))}"| '
        f"{names[target]}"
        for way, target in ways.items()
        if target in names
    ]


def _escaped(words: str) -> str:
    return " ".join(words.split())[:120].translate(_ENTITIES)
