"""Two people who edit copies of one flow: drawn as a base and two lists of edits."""

from hypothesis import strategies as st
from msgspec import UNSET

from cx_desktop.domain.flow import edits
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, Slot, document_of, flow_of
from cx_desktop.domain.patch import Change, Document, apply

#: One edit: what to do, and numbers that choose where.
Edit = tuple[str, int, int, str]

EDITS: st.SearchStrategy[list[Edit]] = st.lists(
    st.tuples(
        st.sampled_from(
            ["add", "remove", "move", "title", "link", "unlink", "meta", "note", "unnote", "goto"]
        ),
        st.integers(0, 5),
        st.integers(0, 5),
        st.sampled_from(["a", "b", "c"]),
    ),
    max_size=5,
)


@st.composite
def bases(draw: st.DrawFn) -> Document:
    """A small flow without a link to nowhere: menus, so that every node has exits."""
    names = [f"n{number}" for number in range(draw(st.integers(1, 5)))]
    nodes = {
        name: {"id": name, "kind": "menu", "title": name, "props": {"keys": ["1", "2"]}}
        for name in names
    }
    links = {
        name: draw(
            st.dictionaries(st.sampled_from(["key_1", "key_2"]), st.sampled_from(names), min_size=1)
        )
        for name in names
    }
    notes = {"t1": {"id": "t1", "text": "note"}} if draw(st.booleans()) else {}
    meta = {"on_error": names[-1]} if draw(st.booleans()) else {}
    return document_of(flow_of({"meta": meta, "nodes": nodes, "links": links, "notes": notes}))


def edited(base: Document, wanted: list[Edit], hand: str) -> Document:
    """The document after these edits; ``hand`` tells new ids of two people apart."""
    document = base
    for number, each in enumerate(wanted):
        document = apply(document, _changes(flow_of(document), each, f"{hand}{number}"))
    return document


def _changes(flow: Flow, edit: Edit, fresh: str) -> tuple[Change, ...]:  # noqa: C901  (a table of verbs)
    verb, first, second, word = edit
    nodes = list(flow.nodes)
    if verb == "add":
        return edits.put_node(_menu(fresh))
    if verb == "meta":
        return edits.set_meta("spoken_language", word)
    if verb == "note" and "t1" in flow.notes:
        return edits.set_note(next(iter(flow.notes)), "text", word)
    if verb == "unnote":
        return edits.remove(flow, notes=list(flow.notes))
    if not nodes:
        return ()
    node, other = nodes[first % len(nodes)], nodes[second % len(nodes)]
    slot = Slot(node, ExitId(f"key_{1 + second % 2}"))
    match verb:
        case "remove":
            return (*edits.remove(flow, [node]), *_unnamed(flow, node))
        case "move":
            return edits.move(flow, {node: (float(second * 10 + len(word)), float(ord(word)))})
        case "title":
            return edits.set_title(node, word)
        case "link":
            return edits.link(slot, other)
        case "unlink":
            return edits.unlink(slot) if flow.target(*slot) else ()
        case "goto":
            return edits.set_meta("on_error", other)
        case _:
            return ()


def _menu(name: str) -> Node:
    return Node(NodeId(name), "menu", name, {"keys": ["1", "2"]})


def _unnamed(flow: Flow, node: NodeId) -> tuple[Change, ...]:
    """What the editor does when the step for errors is removed."""
    return edits.set_meta("on_error", UNSET) if flow.meta.get("on_error") == node else ()
