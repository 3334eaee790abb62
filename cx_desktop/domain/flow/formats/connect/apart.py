"""What Connect does in two steps: it hangs up without a word, and keeps what is typed nowhere.

Last words are said by a step right before; what was typed is kept by one right behind, because
Connect knows it only as ``$.StoredCustomerInput`` until the caller types again.
"""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from cx_desktop.domain.flow.behaviour.speech import says_something
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId

if TYPE_CHECKING:
    from cx_desktop.domain.patch import Document

_BESIDE = 260.0
_TYPED = "StoredCustomerInput"
_OK, _NEXT = ExitId("ok"), ExitId("next")


def taken_apart(flow: Flow) -> Flow:
    """The flow in steps that Connect has."""
    for node in list(flow.nodes.values()):
        if node.kind == "hangup" and says_something(node.props.get("prompt")):
            flow = _with_words(flow, node)
        elif node.kind == "collect" and node.props.get("variable", "digits") != _TYPED:
            flow = _with_keeping(flow, node)
    return flow


def _with_words(flow: Flow, node: Node) -> Flow:
    """A step that says the last words, and is led to instead."""
    name = _name(flow, f"{node.id}_words")
    props: Document = {"prompt": node.props["prompt"]}
    words = Node(name, "play", title=node.title, props=props, x=node.x, y=node.y)
    silent = {key: value for key, value in node.props.items() if key != "prompt"}
    ending = replace(node, props=silent, x=node.x + _BESIDE)
    links = {
        key: {way: name if target == node.id else target for way, target in ways.items()}
        for key, ways in flow.links.items()
    }
    links[name] = {_NEXT: node.id}
    return replace(flow, nodes={**flow.nodes, name: words, node.id: ending}, links=links)


def _with_keeping(flow: Flow, node: Node) -> Flow:
    """A step that keeps what was typed, on the way on."""
    target = flow.target(node.id, _OK)
    variable = node.props.get("variable", "digits")
    if target is None or not isinstance(variable, str) or not variable:
        return flow
    name = _name(flow, f"{node.id}_kept")
    props: Document = {"assignments": [{"variable": variable, "expression": _TYPED}]}
    keeping = Node(name, "set_var", props=props, x=node.x + _BESIDE, y=node.y)
    links = {
        **flow.links,
        node.id: {**flow.links[node.id], _OK: name},
        name: {_NEXT: target},
    }
    asking = replace(node, props={**node.props, "variable": _TYPED})
    return replace(flow, nodes={**flow.nodes, node.id: asking, name: keeping}, links=links)


def _name(flow: Flow, name: str) -> NodeId:
    while name in flow.nodes:
        name += "_"
    return NodeId(name)
