"""Where a project comes from: this device's copy, a service, a folder, or any file of flows."""

from pathlib import Path

from msgspec import Struct

from cx_desktop.auth.credentials import KeyringCredentials
from cx_desktop.cli.flow_files import flows_in
from cx_desktop.cli.project_cache import Device, opened
from cx_desktop.cli.project_folder import project_from
from cx_desktop.cli.project_service import entities_of, project_named, sounds_of
from cx_desktop.cli.signing_in import Who, asked, signed_in
from cx_desktop.domain.flow.formats import ImportNote
from cx_desktop.domain.project import Project, project_of
from cx_desktop.domain.project.brought import project_of_file
from cx_desktop.domain.project.project import audios
from cx_desktop.ports import RandomIds, SystemClock
from cx_desktop.settings import Folders
from cx_desktop.text import Catalogue


class SourceOptions(Struct, frozen=True):
    """What the options say of where a project comes from."""

    who: Who
    project: str
    source: Path | None
    is_online: bool


class Source(Struct, frozen=True):
    """A project, and what there is to tell of where it came from."""

    project: Project
    notes: tuple[ImportNote, ...] = ()

    @property
    def absent_sounds(self) -> int:
        """How many files of prompts are known by their digest only."""
        return sum(
            1
            for each in self.project.of_type("prompt")
            for audio in audios(each.draft).values()
            if audio.get("blob") not in self.project.sounds
        )


def source_of(options: SourceOptions, texts: Catalogue) -> Source:
    """Read a project from where the options say."""
    if options.source is not None:
        return brought_from(options.source)
    if options.is_online:
        with signed_in(options.who, texts) as visit:
            project = project_named(visit.client, options.project)
            entities = entities_of(visit.client, str(project["id"]))
            sounds = sounds_of(visit.client, entities)
        return Source(project_of(project, entities, sounds))
    who = options.who
    with opened(
        this_device(),
        who.server,
        who.username,
        lambda _account: asked(texts, "project.ask.password", is_secret=True),
    ) as copy:
        project = copy.project(options.project)
        project_id = str(project["id"])
        entities = copy.entities(project_id)
        return Source(project_of(project, entities, copy.sounds(project_id, entities)))


def brought_from(path: Path) -> Source:
    """A project from a folder, or from any file that holds flows."""
    if path.is_dir():
        found = project_from(path)
        return Source(found.project, tuple(note for _, note in found.notes))
    brought = project_of_file(flows_in(path), path.name)
    return Source(brought.project, brought.notes)


def this_device() -> Device:
    """This computer and who uses it."""
    clock = SystemClock()
    return Device(
        profiles=Folders.of_this_user().profiles,
        credentials=KeyringCredentials(),
        clock=clock,
        ids=RandomIds(clock),
    )
