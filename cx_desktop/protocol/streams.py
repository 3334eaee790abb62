"""The names of streams: one for all of an organisation, or one per project."""

from enum import StrEnum


class Stream(StrEnum):
    """A feed of entities of one type, in an order in which no entity precedes what it refers to."""

    PROJECTS = "projects"
    CONFIG = "config"
    """Queues, schedules, prompts, numbers and evaluation forms; told apart by their ``type``."""
    FLOWS = "flows"
    REVISIONS = "revisions"


class PerProject(StrEnum):
    """A family of streams: each project has its own, ``<family>:<project id>``."""

    NOTES = "notes"
    """What people say of recordings: notes, labels and evaluations (``protocol.notes``)."""
    RECORDINGS = "recordings"
    """Very many, kept apart from everything else on both sides."""

    def of(self, project_id: str) -> str:
        """The name of a project's stream."""
        return f"{self.value}:{project_id}"


#: What a stream's name looks like.
STREAM_NAME = (
    f"^({'|'.join(Stream)}|({'|'.join(PerProject)}):"
    "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$"
)


def family_of(name: str) -> Stream | PerProject | None:
    """What kind of stream a name means; None for one that this program does not know."""
    family, _, project_id = name.partition(":")
    if project_id:
        return PerProject(family) if family in tuple(PerProject) else None
    return Stream(family) if family in tuple(Stream) else None


def project_of(name: str) -> str:
    """The project that a stream belongs to; empty for the organisation's own."""
    return name.partition(":")[2]


def is_large(name: str) -> bool:
    """Whether a stream has so many rows that they travel and are kept in a way of their own."""
    return family_of(name) is PerProject.RECORDINGS
