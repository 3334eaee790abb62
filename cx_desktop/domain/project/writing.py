"""A project as files: one written form, in which a change of one thing is a change of one place.

``project.yaml`` says what it is; ``numbers.yaml`` which flow answers which number; each object has
a file of its own under its type, and the sounds of a prompt lie beside it.
"""

from collections.abc import Mapping

from cx_desktop.domain.flow.formats import cx
from cx_desktop.domain.flow.formats.plain_yaml import Inline
from cx_desktop.domain.flow.formats.plain_yaml import write as write_yaml
from cx_desktop.domain.flow.graph import flow_of
from cx_desktop.domain.patch import Document, Json
from cx_desktop.domain.project.kinds import KINDS
from cx_desktop.domain.project.paths import CARD, NUMBERS, parted, paths_of, sound_path
from cx_desktop.domain.project.project import FORMAT, Key, Project, Stated, with_audios

#: What names a thing, or comes first in time, is written first; all else by the alphabet.
_LEADING = (
    *("time_zone", "weekly", "public_holidays", "exceptions"),
    *("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    *("first", "last", "label", "hours"),
    *("languages", "text", "file", "audio", "order", "music", "title"),
    *("purpose", "schedule"),
)


def files_of(project: Project, known: Mapping[Key, str] | None = None) -> dict[str, bytes]:
    """The files of a project by their paths; objects of ``known`` stay where they stand."""
    objects = {each.key: each for each in project.objects}
    paths = paths_of(sorted(objects), known or {})
    files = {CARD: write_yaml(_card(project))}
    if project.numbers:
        files[NUMBERS] = write_yaml({"numbers": _numbers(project)})
    for key, path in sorted(paths.items(), key=lambda pair: pair[1]):
        files |= _object(objects[key], path, project.sounds)
    return files


def _card(project: Project) -> Document:
    card: Document = {"format": FORMAT, "project": project.name}
    if project.organisation:
        card["organisation"] = project.organisation
    card["time_zone"] = project.time_zone
    if project.features:
        card["features"] = sorted(project.features)
    return card


def _numbers(project: Project) -> Document:
    return {
        each.e164: {
            name: value for name, value in (("label", each.label), ("flow", each.flow)) if value
        }
        for each in sorted(project.numbers, key=lambda each: each.e164)
    }


def _object(stated: Stated, path: str, sounds: Mapping[str, bytes]) -> dict[str, bytes]:
    if stated.type == "flow":
        flow = flow_of(stated.draft)
        return {path: cx.write(flow, name=stated.name, description=stated.description)}
    draft = KINDS[stated.type].written(stated.draft)
    draft, beside = _with_files(draft, path, sounds)
    text: Document = {"name": stated.name}
    if stated.description:
        text["description"] = stated.description
    text[stated.type] = _tidy(draft)
    return {path: write_yaml(text), **beside}


def _with_files(
    draft: Document, path: str, sounds: Mapping[str, bytes]
) -> tuple[Document, dict[str, bytes]]:
    """A prompt's draft that names the files of its sounds, and these files."""
    beside: dict[str, bytes] = {}

    def rewrite(language: str, audio: Document) -> Document:
        content = sounds.get(str(audio.get("blob")))
        if content is None:
            return audio
        file = sound_path(path, language)
        beside[file] = content
        return audio | {"file": parted(file)[1]}

    return with_audios(draft, rewrite), beside


def _tidy(value: Json) -> Json:
    """Keys in one order; hours of a day on one line."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (_rank(key), key))
        return {key: _tidy(value[key]) for key in keys}
    if isinstance(value, list):
        is_short = all(
            isinstance(each, list) and all(isinstance(part, str) for part in each) for each in value
        )
        return Inline(value) if is_short else [_tidy(each) for each in value]
    return value


def _rank(key: str) -> int:
    return _LEADING.index(key) if key in _LEADING else len(_LEADING)
