"""A project as text: every object by its name, numbers, and the sounds of its prompts.

Documents hold names in the place of ids, so that they can be read, compared and brought into
another project. A name is one object's alone within its type.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

import msgspec
from msgspec import Struct

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.objects import renamed
from cx_desktop.domain.patch import Document, Json
from cx_desktop.domain.project.kinds import KINDS

FORMAT = 1


class Key(NamedTuple):
    """What tells objects of a folder apart."""

    type: str
    name: str


class Stated(Struct, frozen=True):
    """One object as a folder states it."""

    type: str
    name: str
    description: str = ""
    draft: Document = {}
    file: str = ""
    """Where in the folder it stands; "" when it does not come from one."""

    @property
    def key(self) -> Key:
        """What tells it apart."""
        return Key(self.type, self.name)


class Line(Struct, frozen=True):
    """A telephone number and the flow that answers it, "" for none."""

    e164: str
    label: str = ""
    flow: str = ""


class Project(Struct, frozen=True):
    """A project; ``sounds`` are the files of its prompts by the digest of their content."""

    name: str
    organisation: str = ""
    time_zone: str = "Europe/Paris"
    features: tuple[str, ...] = ()
    objects: tuple[Stated, ...] = ()
    numbers: tuple[Line, ...] = ()
    sounds: Mapping[str, bytes] = {}

    def of_type(self, kind: str) -> Iterator[Stated]:
        """The objects of one type."""
        return (each for each in self.objects if each.type == kind)

    @property
    def files(self) -> dict[Key, str]:
        """Where each object stands in the folder it was read from."""
        return {each.key: each.file for each in self.objects if each.file}


def project_of(
    project: Document, entities: Iterable[Document], sounds: Mapping[str, bytes]
) -> Project:
    """A project from the service's entities: those in use, called by their names.

    Raises ``CXError`` where two objects of one type have one name.
    """
    entities = [each for each in entities if not each.get("archived")]
    names: dict[Key, str] = {
        Key(str(each["type"]), str(each["id"])): str(each.get("name", ""))
        for each in entities
        if each.get("type") in KINDS
    }
    _refuse_twins(names)
    features = project.get("features")
    return Project(
        name=_text(project, "name"),
        organisation=_text(project, "organisation"),
        time_zone=_text(project, "time_zone") or "Europe/Paris",
        features=tuple(map(str, features)) if isinstance(features, list) else (),
        objects=tuple(_stated(each, names) for each in entities if each.get("type") in KINDS),
        numbers=tuple(_line(each, names) for each in entities if each.get("type") == "number"),
        sounds=sounds,
    )


def blobs_of(kind: str, draft: Document) -> frozenset[str]:
    """The contents that a draft refers to by their digest."""
    if kind != "prompt":
        return frozenset()
    return frozenset(str(each["blob"]) for each in audios(draft).values() if each.get("blob"))


def audios(draft: Document) -> dict[str, Document]:
    """What a prompt's draft says of its files, by language."""
    languages = draft.get("languages")
    spoken = languages if isinstance(languages, dict) else {}
    return {
        language: audio
        for language, each in spoken.items()
        if isinstance(each, dict) and isinstance(audio := each.get("audio"), dict)
    }


def with_audios(draft: Document, rewrite: Callable[[str, Document], Document]) -> Document:
    """A prompt's draft with what it says of each file passed through ``rewrite``."""
    found = audios(draft)
    languages = draft.get("languages")
    if not found or not isinstance(languages, dict):
        return draft
    spoken = {
        language: each | {"audio": rewrite(language, found[language])}
        if language in found
        else each
        for language, each in languages.items()
    }
    return draft | {"languages": spoken}


Value = TypeVar("Value")


def _stated(entity: Document, names: Mapping[Key, str]) -> Stated:
    kind = KINDS[str(entity["type"])]
    draft = entity.get("draft")
    held = draft if isinstance(draft, dict) else {}
    try:
        named = renamed(
            kind.name, kind.written(held), lambda kind, id_: names.get(Key(kind, id_), id_)
        )
    except msgspec.ValidationError as error:
        name = _text(entity, "name")
        raise CXError("problem.project-newer-object", type=kind.name, name=name) from error
    return Stated(kind.name, _text(entity, "name"), _text(entity, "description"), named)


def _line(entity: Document, names: Mapping[Key, str]) -> Line:
    flow = entity.get("flow_id")
    called = names.get(Key("flow", flow), flow) if isinstance(flow, str) else ""
    return Line(_text(entity, "e164"), _text(entity, "label"), called)


def _refuse_twins(names: Mapping[Key, str]) -> None:
    seen: set[Key] = set()
    for (kind, _), name in names.items():
        if Key(kind, name) in seen:
            raise CXError("problem.project-twins", type=kind, name=name)
        seen.add(Key(kind, name))


def _text(entity: Document, field: str) -> str:
    value: Json = entity.get(field)
    return value if isinstance(value, str) else ""
