"""A project of what another product's file holds: its flows, and the schedules they ask."""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from cx_desktop.domain.flow.formats import Imported, ImportNote
from cx_desktop.domain.flow.formats.naming import proposed_names, readable
from cx_desktop.domain.flow.formats.together import tied, told_apart
from cx_desktop.domain.flow.graph import Flow, document_of
from cx_desktop.domain.flow.layout import tidy
from cx_desktop.domain.project.project import Project, Stated

#: The name of our own format: its files keep their places.
OURS = "cx"


#: What readers tell of hours that somebody has to make a schedule of.
_TOLD = ("asterisk-hours", "asterisk-include-hours", "freeswitch-hours", "threecx-hours")
_LONGEST = 120


class Brought(Struct, frozen=True):
    """What a file holds, and what there is to tell of it."""

    project: Project
    notes: tuple[ImportNote, ...]
    names: tuple[str, ...]
    """The names of the flows in the order of the file."""


def project_of_file(flows: Sequence[Imported], filename: str) -> Brought:
    """Flows that lead to each other by their names, drawn anew where they are not ours."""
    names = proposed_names(flows, filename, frozenset())
    names_by_handle = told_apart(flows, names)
    objects: list[Stated] = []
    for imported, name in zip(flows, names, strict=True):
        flow, _ = tied(imported.flow, names_by_handle)
        drawn = flow if imported.format == OURS else laid_out(flow)
        objects.append(Stated("flow", name, imported.description, document_of(drawn)))
    made = {name: draft for each in flows for name, draft in each.schedules.items()}
    objects += (Stated("schedule", name, "", draft) for name, draft in made.items())
    project = Project(
        name=readable(filename),
        objects=tuple(sorted(objects, key=lambda each: each.key)),
    )
    notes = notes_with_made((note for each in flows for note in each.notes), made)
    return Brought(project, notes, names)


def notes_with_made(notes: Iterable[ImportNote], made: Iterable[str]) -> tuple[ImportNote, ...]:
    """What there is to tell once schedules of these names have been made of a file's hours."""
    made = frozenset(made)
    told = (note for note in notes if not _is_made(note, made))
    return (*told, *(ImportNote("import.hours-made", {"name": name}) for name in sorted(made)))


def _is_made(note: ImportNote, made: Iterable[str]) -> bool:
    """Whether a note asks for a schedule that has been made."""
    if note.key.removeprefix("import.") not in _TOLD:
        return False
    named = str(note.params.get("schedule") or note.params.get("hours"))
    return any(named[:_LONGEST] == name[:_LONGEST] for name in made)


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
