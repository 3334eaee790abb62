"""What of a flow cannot be said in Connect: told by reading again what was written."""

from collections.abc import Iterator

from cx_desktop.domain.flow.formats import ImportNote
from cx_desktop.domain.flow.formats.unsaid import alike, unsaid_settings
from cx_desktop.domain.flow.graph import Flow, Node
from cx_desktop.domain.flow.kinds import kind_of

#: What only an editor sees, or what holds for a trial alone.
_UNHEARD = frozenset({"test_double", "test_instant", "key_labels", "statistics_point"})


def lost(flow: Flow, again: Flow) -> Iterator[ImportNote]:
    """The settings and properties that are others once the document is read again."""
    yield from unsaid_settings(flow)
    for node in flow.nodes.values():
        other = again.nodes.get(node.id)
        names = list(_differing(node, other)) if other is not None else []
        if names:
            yield ImportNote("import.connect-lost", {"fields": ", ".join(names)}, node.id)


def _differing(node: Node, other: Node) -> Iterator[str]:
    if node.kind != other.kind:
        yield "kind"
        return
    was, now = kind_of(node).filled(node.props), kind_of(other).filled(other.props)
    for each in kind_of(node).properties_of(node):
        if each.name not in _UNHEARD and not alike(was.get(each.name), now.get(each.name)):
            yield each.name
