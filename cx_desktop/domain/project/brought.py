"""A project of what another product's file holds: its flows, and the schedules they ask."""

from collections.abc import Sequence

from msgspec.structs import replace

from cx_desktop.domain.flow.formats import Imported
from cx_desktop.domain.flow.formats.naming import proposed_names, readable
from cx_desktop.domain.flow.formats.together import tied, told_apart
from cx_desktop.domain.flow.graph import Flow, document_of
from cx_desktop.domain.flow.layout import tidy
from cx_desktop.domain.project.project import Project, Stated

#: The name of our own format: its files keep their places.
OURS = "cx"


def project_of_file(flows: Sequence[Imported], filename: str) -> Project:
    """Flows that lead to each other by their names, drawn anew where they are not ours."""
    names = proposed_names(flows, filename, frozenset())
    names_by_handle = told_apart(flows, names)
    objects: list[Stated] = []
    for imported, name in zip(flows, names, strict=True):
        flow, _ = tied(imported.flow, names_by_handle)
        drawn = flow if imported.format == OURS else laid_out(flow)
        objects.append(Stated("flow", name, imported.description, document_of(drawn)))
    return Project(
        name=readable(filename),
        objects=tuple(sorted(objects, key=lambda each: each.key)),
    )


def laid_out(flow: Flow) -> Flow:
    """The flow with a place of its own for every node."""
    places = tidy(flow)
    nodes = {
        node.id: replace(node, x=places[node.id][0], y=places[node.id][1])
        if node.id in places
        else node
        for node in flow.nodes.values()
    }
    return replace(flow, nodes=nodes)
