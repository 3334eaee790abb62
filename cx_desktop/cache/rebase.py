"""Effective value = the service's last word with our unsettled edits over it (``sync.md`` I7)."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection

from cx_desktop.cache import chains, entities
from cx_desktop.cache.chains import Record
from cx_desktop.cache.entities import Shadow, Stored, document_of
from cx_desktop.domain.merging import grounded
from cx_desktop.domain.patch import Document


def rebase(base: Document | None, edits: Iterable[Record]) -> Document | None:
    """A base with edits made to it, oldest first; nothing when there is nothing to edit.

    A creation over a base means that the service has already taken it: its base is the truth.
    """
    for record in edits:
        if base is None:
            base = record.body.value
        elif record.body.value is None:
            base = grounded(record.entity, base, record.body.changes)
    return base


def refresh(connection: Connection, key: bytes) -> None:
    """Make an entity's row say what its shadow and its unsettled edits say."""
    row = entities.load(connection, key)
    if row is None:
        return
    shadow = entities.load_shadow(connection, key)
    edits = chains.chain(connection, key)
    if edits:
        value = rebase(None if shadow is None else document_of(shadow.data), edits)
        entities.set_effective(connection, key, value or document_of(row.data))
    elif row.dirty:
        _clean(connection, row, shadow)


def _clean(connection: Connection, row: Stored, shadow: Shadow | None) -> None:
    """The last edit has gone: only what the service says remains."""
    if shadow is None or shadow.gone:
        entities.remove(connection, row.key)
        return
    entities.store(
        connection,
        msgspec.structs.replace(row, ver=shadow.ver, seq=shadow.seq, dirty=False, data=shadow.data),
    )
    entities.drop_shadow(connection, row.key)


def set_base(connection: Connection, row: Stored, shadow: Shadow) -> None:
    """The service said something new of an entity that has unsettled edits here."""
    entities.keep_origin(connection, row.key)
    entities.set_shadow(connection, row.key, shadow)
    entities.store(
        connection,
        msgspec.structs.replace(row, ver=shadow.ver, seq=shadow.seq, dirty=True),
    )
    refresh(connection, row.key)
