"""Who uses which object of a project, as far as this device knows. Not for the GUI thread."""

from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct

from cx_desktop.cache import Cache, Row
from cx_desktop.domain.objects import Target, refers
from cx_desktop.domain.patch import Document
from cx_desktop.models.objects.facts import object_facts, revision_facts

_USERS = ("flow", "queue")


class Use(Struct, frozen=True):
    """An object that needs another one, in its draft or in what callers hear."""

    type: str
    id: str
    name: str
    is_live: bool
    """Whether callers hear it: what is used by a draft alone, nobody hears yet."""


def uses_by_target(cache: Cache, project_id: str) -> Mapping[Target, tuple[Use, ...]]:
    """Everything that is used in a project, and by whom; archived objects use nothing."""
    found: dict[Target, dict[tuple[str, str], Use]] = {}
    for kind in _USERS:
        for row in cache.rows(kind, project_id=project_id):
            for target, use in _used_by(cache, row):
                known = found.setdefault(target, {}).get((use.type, use.id))
                if known is None or use.is_live:
                    found[target][use.type, use.id] = use
    return {target: tuple(uses.values()) for target, uses in found.items()}


def live_document(cache: Cache, row: Row) -> Document | None:
    """What callers hear of an object, if this device has it."""
    number = object_facts(row.data).live_revision
    found = cache.revisions(row.id, number=number) if number is not None else ()
    return revision_facts(found[0].data).document if found else None


def _used_by(cache: Cache, row: Row) -> Iterator[tuple[Target, Use]]:
    facts = object_facts(row.data)
    if facts.archived:
        return
    draft = row.data.get("draft")
    for document, is_live in ((draft, False), (live_document(cache, row), True)):
        if isinstance(document, dict):
            use = Use(type=row.type, id=row.id, name=facts.name, is_live=is_live)
            yield from ((target, use) for target in _targets(row.type, document))


def _targets(kind: str, document: Document) -> frozenset[Target]:
    try:
        return frozenset(refers(kind, document))
    except msgspec.ValidationError:  # a newer program wrote it: its own page explains
        return frozenset()
