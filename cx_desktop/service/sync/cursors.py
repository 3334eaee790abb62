"""Cursors: opaque to clients, authenticated, and void when what they rest on has changed."""

import hashlib
from collections.abc import Iterable

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select

from cx_desktop.domain.access import Verb, may
from cx_desktop.protocol import Dialect, PerProject, Stream, family_of, is_large, project_of
from cx_desktop.service.actor import Actor
from cx_desktop.service.keys import Keys
from cx_desktop.service.problems import Refusal
from cx_desktop.service.store import entities
from cx_desktop.service.store.tables import counter

VERSION = 1

READ_VERB: dict[Stream | PerProject, Verb] = {
    Stream.PROJECTS: Verb.PROJECT_READ,
    Stream.CONFIG: Verb.CONFIG_READ,
    Stream.FLOWS: Verb.FLOW_READ,
    Stream.REVISIONS: Verb.FLOW_READ,
    PerProject.NOTES: Verb.RECORDING_READ,
    PerProject.RECORDINGS: Verb.RECORDING_READ,
}


class Cursor(Struct, frozen=True, kw_only=True):
    """A place in a stream; everything up to it was delivered."""

    v: int
    epoch: str
    stream: str
    filter: str
    access: str
    schema: int
    seq: int
    id: str = ""
    """In a snapshot: the last id that was delivered; ``seq`` is then where the deltas begin."""


class View(Struct, frozen=True):
    """One stream as one user may see it."""

    stream: str
    projects: frozenset[str] | None
    access: str
    epoch: str
    columns: int = 1
    """The schema whose columns its rows have for whoever asks."""
    reader: str = ""
    """Whoever asks, in a stream with rows that their author alone may read."""

    @property
    def is_large(self) -> bool:
        """Whether it has very many rows, given newest first."""
        return is_large(self.stream)


def verb_of(stream: str) -> Verb:
    """What somebody must be allowed to do who reads a stream."""
    family = family_of(stream)
    if family is None:
        raise ValueError(f"There is no stream {stream}")
    return READ_VERB[family]


def view(actor: Actor, stream: str, epoch: str) -> View:
    """What this user may see of a stream; of another project's nothing."""
    projects = actor.scope(verb_of(stream))
    if own := project_of(stream):
        is_open = projects is None or own in projects
        projects = None if is_open else frozenset()
    named = "*" if projects is None else sorted(projects)
    reader = actor.user_id if family_of(stream) is PerProject.NOTES else ""
    seen = [stream, named, reader] if reader else [stream, named]
    access = hashlib.sha256(msgspec.json.encode(seen)).hexdigest()[:16]
    return View(stream=str(stream), projects=projects, access=access, epoch=epoch, reader=reader)


def views(actor: Actor, connection: Connection, epoch: str) -> tuple[View, ...]:
    """Every stream that this user may read."""
    projects = actor.scope(Verb.PROJECT_READ)
    known = [
        each.id
        for each in entities.each(connection, "project", project_ids=projects)
        if may(actor.grants, Verb.RECORDING_READ, each.id)
    ]
    own = [family.of(project) for family in PerProject for project in known]
    names = [*(stream.value for stream in Stream), *own]
    return tuple(view(actor, name, epoch) for name in names)


def may_read(actor: Actor, stream: str, project_id: str) -> bool:
    """Whether this user may know that something of a project moved in a stream."""
    projects = actor.scope(verb_of(stream))
    return projects is None or project_id in projects


def readable(seen: Iterable[View]) -> tuple[View, ...]:
    """The streams in which this user may see anything at all."""
    return tuple(each for each in seen if each.projects is None or each.projects)


def spoken(seen: View, dialect: Dialect, schema: int) -> View:
    """The same stream with the columns that somebody knows who speaks this schema."""
    family = seen.stream.partition(":")[0]
    return msgspec.structs.replace(seen, columns=dialect.columns_of(family, schema))


def give(keys: Keys, seen: View, seq: int, *, after_id: str = "") -> str:
    """The text of a cursor."""
    return keys.tagged(
        Cursor(
            v=VERSION,
            epoch=seen.epoch,
            stream=seen.stream,
            filter="",
            access=seen.access,
            schema=seen.columns,
            seq=seq,
            id=after_id,
        )
    )


def take(keys: Keys, connection: Connection, seen: View, text: str) -> Cursor:
    """The cursor of a text; refuses one that is no longer good, with the reason."""
    cursor = keys.untagged(text, Cursor)
    if cursor is None or cursor.v != VERSION or cursor.stream != seen.stream:
        raise _expired("unknown")
    if cursor.epoch != seen.epoch:
        raise _expired("epoch")
    if cursor.schema < seen.columns:
        raise _expired("schema")
    if cursor.access != seen.access:
        raise _expired("access")
    if cursor.seq < tombstone_floor(connection):
        raise _expired("too-old")
    return cursor


def tombstone_floor(connection: Connection) -> int:
    """The sequence number up to which tombstones may have been forgotten."""
    floor = connection.execute(
        select(counter.c.value).where(counter.c.name == "tombstone_floor")
    ).scalar()
    return int(floor or 0)


def _expired(reason: str) -> Refusal:
    return Refusal("cursor-expired", reason=reason)
