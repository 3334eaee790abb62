"""Reads a shelf from the cache. Not for the GUI thread."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import msgspec

from cx_desktop.cache import Cache, Row
from cx_desktop.domain.objects import Target
from cx_desktop.domain.patch import Document
from cx_desktop.models.objects.facts import object_facts
from cx_desktop.models.objects.kinds import Kind, Shelved
from cx_desktop.models.objects.uses import Use, live_document, uses_by_target

Draft = TypeVar("Draft")
Read = TypeVar("Read")


def read_shelf(cache: Cache, kind: Kind[Draft], project_id: str) -> tuple[Shelved[Draft], ...]:
    """The objects of one type in a project, by name, archived ones last; none without a project.

    An object that a newer program wrote is left out: it cannot be shown truly.
    """
    if not project_id:
        return ()
    uses = uses_by_target(cache, project_id)
    rows = (
        _shelved(cache, kind, row, uses) for row in cache.rows(kind.name, project_id=project_id)
    )
    known = (each for each in rows if each is not None)
    return tuple(sorted(known, key=lambda each: (each.facts.archived, each.name.casefold())))


def _shelved(
    cache: Cache, kind: Kind[Draft], row: Row, uses: Mapping[Target, tuple[Use, ...]]
) -> Shelved[Draft] | None:
    facts, document, live = object_facts(row.data), _draft(row), live_document(cache, row)
    try:
        draft = kind.read(document)
        heard = kind.read(live) if live is not None else None
    except msgspec.ValidationError:
        return None
    return Shelved(
        facts=facts,
        state=facts.state(is_draft_unsent=row.is_dirty, is_like_live=draft == heard),
        draft=draft,
        document=document,
        live=heard,
        uses=uses.get(Target(kind.name, row.id), ()),
        is_unsent=row.is_dirty,
        is_disputed=is_disputed(cache, row),
    )


def is_disputed(cache: Cache, row: Row) -> bool:
    """Whether somebody wrote at the same places of an object, and nobody has chosen yet."""
    return row.is_dirty and any(
        each.id == row.id and each.theirs is not None for each in cache.conflicts()
    )


def _draft(row: Row) -> Document:
    return drafted(row) or {}


def drafted(row: Row) -> Document | None:
    """The draft of an object, if it has one."""
    draft = row.data.get("draft")
    return draft if isinstance(draft, dict) else None


def objects_of(
    cache: Cache,
    entity_type: str,
    project_id: str,
    read: Callable[[Document], Read],
    version: Callable[[Row], Document | None] = drafted,
) -> Iterator[tuple[str, Read]]:
    """Every object that is in use, by id, in its draft or another version.

    One that this program cannot read is left out. Not for the GUI thread.
    """
    for row in cache.rows(entity_type, project_id=project_id):
        document = None if row.data.get("archived") else version(row)
        if document is None:
            continue
        try:
            yield row.id, read(document)
        except msgspec.ValidationError:
            continue
