"""A project from its files: nothing is guessed, and every refusal names file, line and remedy."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple, TypeVar

import msgspec
from msgspec import Struct

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.formats import ImportNote, Unreadable, cx
from cx_desktop.domain.flow.formats.plain_yaml import Read
from cx_desktop.domain.flow.formats.plain_yaml import read as read_yaml
from cx_desktop.domain.flow.graph import document_of
from cx_desktop.domain.patch import Document
from cx_desktop.domain.project.kinds import KINDS, Kind
from cx_desktop.domain.project.paths import CARD, NUMBERS, beside, is_plain_name, parted
from cx_desktop.domain.project.project import FORMAT, Key, Line, Project, Stated, with_audios

_YAML = (".yaml", ".yml")
_LONGEST_NAME = 200


class Measured(NamedTuple):
    """A file of sound as it is kept, and what a prompt says of it."""

    content: bytes
    audio: Document


#: Makes a file fit for the telephone and measures it; gets its content, its name and its words.
Measure = Callable[[bytes, str, str], Measured]


class Found(NamedTuple):
    """What files hold, and what there is to tell of each."""

    project: Project
    notes: tuple[tuple[str, ImportNote], ...]


class _Card(Struct, frozen=True, forbid_unknown_fields=True):
    project: str
    format: int
    organisation: str = ""
    time_zone: str = "Europe/Paris"
    features: tuple[str, ...] = ()


class _NumberText(Struct, frozen=True, forbid_unknown_fields=True):
    label: str = ""
    flow: str = ""


class _NumbersText(Struct, frozen=True, forbid_unknown_fields=True):
    numbers: dict[str, _NumberText]


def project_in(files: Mapping[str, bytes], measure: Measure) -> Found:
    """The project that these files hold.

    Raises ``CXError`` whose ``file``, ``line`` and ``column`` say where it is wrong.
    """
    if CARD not in files:
        raise CXError("problem.project-no-card", file=CARD)
    card = _card(files[CARD])
    reader = _Reader(files, measure)
    for path in sorted(files):
        reader.take(path)
    return Found(
        Project(
            name=card.project,
            organisation=card.organisation,
            time_zone=card.time_zone,
            features=tuple(sorted(card.features)),
            objects=tuple(sorted(reader.objects.values(), key=lambda each: each.key)),
            numbers=_numbers(files),
            sounds=reader.sounds,
        ),
        tuple(reader.notes),
    )


def is_object_file(path: str) -> bool:
    """Whether a file states an object."""
    folder, _, suffix = parted(path)
    return suffix in _YAML and any(folder == kind.plural for kind in KINDS.values())


class _Reader:
    """Takes the files one by one."""

    def __init__(self, files: Mapping[str, bytes], measure: Measure) -> None:
        self._files = files
        self._measure = measure
        self.objects: dict[Key, Stated] = {}
        self.sounds: dict[str, bytes] = {}
        self.notes: list[tuple[str, ImportNote]] = []

    def take(self, path: str) -> None:
        """One file; what is no object's is left alone."""
        if not is_object_file(path):
            return
        kind = next(k for k in KINDS.values() if k.plural == parted(path)[0])
        with _placed(path):
            stated = self._flow(path) if kind.name == "flow" else self._other(kind, path)
        name = stated.name.strip()
        if not name or len(name) > _LONGEST_NAME:
            raise _fault("no-name", path, most=_LONGEST_NAME)
        first = self.objects.get(stated.key)
        if first is not None:
            params = {"type": kind.name, "name": stated.name, "first": first.file}
            raise _fault("name-twice", path, **params)
        self.objects[stated.key] = stated

    def _flow(self, path: str) -> Stated:
        found = cx.read(self._files[path])
        self.notes += ((path, note) for note in found.notes)
        return Stated("flow", found.name, found.description, document_of(found.flow), path)

    def _other(self, kind: Kind, path: str) -> Stated:
        source = read_yaml(self._files[path])
        for field in source.value:
            if field not in {"name", "description", kind.name}:
                raise _refusal(source, (field,), "project-unknown-field", field=field[:60])
        draft = source.value.get(kind.name)
        if not isinstance(draft, dict):
            raise _refusal(source, (kind.name,), "project-no-part", part=kind.name)
        draft = with_audios(draft, lambda _language, audio: self._audio(path, audio))
        try:
            kind.shape(draft)
        except msgspec.ValidationError as error:
            raise _misshaped(source, error, (kind.name,)) from error
        return Stated(
            kind.name,
            _text(source, "name"),
            _text(source, "description"),
            kind.written(draft),
            path,
        )

    def _audio(self, path: str, audio: Document) -> Document:
        """What a draft says of a sound; measured anew where the file is another one by now."""
        named = audio.get("file")
        if named is None:
            return audio
        told = {name: value for name, value in audio.items() if name != "file"}
        if not isinstance(named, str) or not is_plain_name(named):
            raise _fault("sound-place", path, name=str(named)[:100])
        place = beside(path, named)
        content = self._files.get(place)
        if content is None:
            raise _fault("sound-missing", path, name=place)
        if hashlib.sha256(content).hexdigest() != told.get("blob"):
            words = told.get("text")
            measured = self._measure(content, named, words if isinstance(words, str) else "")
            content, told = measured.content, measured.audio
        self.sounds[str(told["blob"])] = content
        return told


def _fault(what: str, path: str, **params: str | int) -> CXError:
    """What is wrong with a file as a whole."""
    error = CXError(f"problem.project-{what}", file=path, line=1, column=1)
    error.params.update(params)
    return error


@contextmanager
def _placed(path: str) -> Iterator[None]:
    """Says in which file a fault is."""
    try:
        yield
    except CXError as error:
        error.params.setdefault("file", path)
        raise


def _card(data: bytes) -> _Card:
    with _placed(CARD):
        source = read_yaml(data)
        version = source.value.get("format")
        if isinstance(version, int) and version > FORMAT:
            raise _refusal(source, ("format",), "project-newer", version=version, known=FORMAT)
        card = _converted(source, _Card)
        if card.format < 1:
            raise _refusal(source, ("format",), "project-no-format")
    return card


def _numbers(files: Mapping[str, bytes]) -> tuple[Line, ...]:
    if NUMBERS not in files:
        return ()
    with _placed(NUMBERS):
        source = read_yaml(files[NUMBERS])
        told = _converted(source, _NumbersText).numbers
    return tuple(Line(e164, each.label, each.flow) for e164, each in sorted(told.items()))


Shape = TypeVar("Shape", bound=Struct)


def _converted(source: Read, shape: type[Shape]) -> Shape:
    try:
        return msgspec.convert(source.value, shape)
    except msgspec.ValidationError as error:
        raise _misshaped(source, error) from error


def _misshaped(
    source: Read, error: msgspec.ValidationError, above: tuple[str, ...] = ()
) -> Unreadable:
    """Where in a file something has another shape than it must have, and what it must be."""
    said, _, place = str(error).rpartition(" - at `")
    inside = tuple(_steps(place.rstrip("`")))
    return _refusal(source, (*above, *inside), "project-shape", said=said or str(error))


def _steps(place: str) -> Iterator[str]:
    """The keys of a path such as ``$.weekly[...]`` as far as they are told."""
    for name, unknown in re.findall(r"\.(\w+)|(\[\.\.\.\])", place):
        if unknown:
            return
        yield name


def _refusal(source: Read, path: tuple[str, ...], what: str, **params: str | int) -> Unreadable:
    line, column = source.place(path)
    return Unreadable(f"problem.{what}", place=".".join(path), line=line, column=column, **params)


def _text(source: Read, field: str) -> str:
    value = source.value.get(field, "")
    if not isinstance(value, str):
        raise _refusal(source, (field,), "project-shape", said="Expected `str`")
    return value
