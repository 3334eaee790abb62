"""A plan in the words of the catalogue (``project.…``)."""

import json
from collections.abc import Iterator
from typing import TypeGuard

from msgspec import UNSET

from cx_desktop.domain.finding import Text
from cx_desktop.domain.flow.diff import changelog
from cx_desktop.domain.flow.diff import in_words as flow_in_words
from cx_desktop.domain.flow.graph import Flow, document_of, flow_of
from cx_desktop.domain.patch import Change, Document, Json, is_cosmetic
from cx_desktop.domain.project.kinds import KINDS
from cx_desktop.domain.project.planning import Act, Step

_LONGEST = 80


def headline(step: Step, text: Text) -> str:
    """What is done, to what: « + flow “Reception”: new »."""
    said = text(f"project.act.{step.act}")
    return text("project.line", act=said, type=text(f"project.type.{step.type}"), name=step.name)


def details(step: Step, text: Text) -> Iterator[str]:
    """What changes by it, a sentence each."""
    if step.act is Act.ASSIGN:
        nobody = text("project.nobody")
        yield text("project.answers", old=step.was or nobody, new=step.description or nobody)
    if step.act is Act.CHANGE and step.description != step.was:
        yield text("project.described", old=_quoted(step.was), new=_quoted(step.description))
    if step.act is Act.PUBLISH and step.old is None:
        yield text("project.first-version")
    if step.old is not None and step.new is not None:
        changed = list(_changed(step.type, step.old, step.new, text))
        yield from changed
        if step.act is Act.PUBLISH and not changed:
            yield text("project.newer-parts")


def _changed(kind: str, old: Document, new: Document, text: Text) -> Iterator[str]:
    if kind == "flow":
        yield from _flow(flow_of(old), flow_of(new), text)
        return
    for each in KINDS[kind].changes(old, new):
        yield from _places(each.path, each.was, each.value, text)


def _flow(old: Flow, new: Flow, text: Text) -> Iterator[str]:
    """What callers will notice; then what only those see who draw."""
    said = [flow_in_words(each, text) for each in changelog(old, new).statements]
    yield from said
    changes = KINDS["flow"].changes(document_of(old), document_of(new))
    parts = {_part(each) for each in changes}
    yield from (text(f"project.part.{part}") for part in ("tests", "notes") if part in parts)
    if "drawn" in parts and not said:
        yield text("project.part.drawn")
    if not said and "nodes" in parts:
        yield text("project.part.unreached")


def _part(change: Change) -> str:
    if is_cosmetic(change.path):
        return "drawn"
    return change.path[0] if change.path[0] in {"tests", "notes"} else "nodes"


def _places(path: tuple[str, ...], old: Json, new: Json, text: Text) -> Iterator[str]:
    """The smallest places that differ, in the words of the file."""
    before = old if isinstance(old, dict) else None
    after = new if isinstance(new, dict) else None
    if before is not None or after is not None:
        before, after = before or {}, after or {}
        for key in dict.fromkeys([*before, *after]):
            was, value = before.get(key, UNSET), after.get(key, UNSET)
            if was != value:
                yield from _places((*path, key), was, value, text)
        return
    place = " › ".join(path)
    yield text("project.value", place=place, old=_shown(old, text), new=_shown(new, text))


def _shown(value: Json, text: Text) -> str:
    if value is UNSET or value in ("", None, []):
        return text("change.nothing")
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list) and all(_is_range(each) for each in value):
        return ", ".join("–".join(each) for each in value)
    return _short(json.dumps(value, ensure_ascii=False))


def _quoted(words: str) -> str:
    return _short(" ".join(words.split()))


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"


def _is_range(value: Json) -> TypeGuard[list[str]]:
    """Whether it is an hour from which and one until which."""
    return (
        isinstance(value, list) and len(value) == 2 and all(isinstance(each, str) for each in value)
    )
