"""One edit looked at closely: the object before and after it. Not for the GUI thread."""

import msgspec
from msgspec import Struct

from cx_desktop.cache import Cache
from cx_desktop.domain.flow.diff import Changelog, changelog
from cx_desktop.domain.flow.graph import flow_of
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.flow.summary import Summary, summary
from cx_desktop.domain.patch import Document
from cx_desktop.models.flow_context import read_context
from cx_desktop.models.outbox.entries import Entry


class Details(Struct, frozen=True):
    """What an edit does."""

    entry: Entry
    before: Document | None
    after: Document | None
    """Nothing where the edit has left meanwhile."""
    context: Context
    changelog: Changelog | None = None
    """Of a flow: what it means to callers."""
    summary: Summary | None = None
    """Of a flow: what is drawn elsewhere, and what was written beside it."""


def read_details(cache: Cache, entry: Entry) -> Details:
    """Work out what an edit does."""
    before, after = cache.outgoing.sides(entry.op_id)
    context = read_context(cache, entry.waiting.project_id) if _has_project(entry) else Context()
    if entry.type != "flow" or after is None:
        return Details(entry, before, after, context)
    old, new = _draft(before), _draft(after)
    try:
        told = changelog(flow_of(old), flow_of(new))
        drawn = summary(old, new)
    except msgspec.ValidationError:  # a newer program wrote it: its fields are told
        return Details(entry, before, after, context)
    return Details(entry, before, after, context, told, drawn)


def _has_project(entry: Entry) -> bool:
    return bool(entry.waiting.project_id)


def _draft(document: Document | None) -> Document:
    draft = (document or {}).get("draft")
    return draft if isinstance(draft, dict) else {}
