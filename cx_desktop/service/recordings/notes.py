"""What people say of recordings, as sync brings it: made, changed, taken back, and at its end.

Only its author changes a note or an evaluation; labels and worklists belong to everybody who may
write notes. What is stored is what the type has and nothing else, so that no number and no caller
outlives the recording by riding along.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from sqlalchemy import select

from cx_desktop.domain.access import Verb
from cx_desktop.domain.patch import Change, Document, apply, disturbed
from cx_desktop.domain.recordings.forms import form_of
from cx_desktop.domain.recordings.notes import (
    MOST_TAGS,
    SAID_TYPES,
    Evaluation,
    Labels,
    Note,
    Said,
    SaidType,
    State,
    Visibility,
    end_of_note,
    is_place,
    labels_id,
)
from cx_desktop.domain.recordings.scoring import score
from cx_desktop.domain.wall_time import shown_at
from cx_desktop.protocol import Op
from cx_desktop.service.actor import Actor
from cx_desktop.service.audit.chain import Deed, digest, record
from cx_desktop.service.objects import deeds, revisions
from cx_desktop.service.objects.verbs import Conflict
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.recordings.days import today, zone_of
from cx_desktop.service.store import Entity, Txn, entities
from cx_desktop.service.store.tables import entity as table

MOST_BYTES = 400_000

#: What whoever makes one does not say: it is the service's.
_OWN = frozenset({"author", "delete_by", "removed"})


def create(txn: Txn, actor: Actor, op: Op) -> tuple[Entity, bool]:
    """What somebody said first; whether it was there already.

    Ids of labels follow from their recording: whoever makes them second adds to them.
    """
    kind = SAID_TYPES[op.entity]
    said = _read(kind, (op.value or {}) | {"id": op.id})
    deeds.require(txn, actor, Verb.NOTE_WRITE, said.project_id)
    there = entities.load(txn.connection, kind.name, op.id)
    if there is not None:
        if said.project_id != there.project_id or not (kind.is_common or _is_own(actor, there)):
            raise Refusal("not-found")
        more = _additions(said, there) if isinstance(said, Labels) else ()
        return (_write(txn, actor, kind, there, more) if more else there), True
    if entities.exists(txn.connection, op.id):
        raise Refusal("not-found")
    _refuse_strange(txn, said)
    made = min(said.created_at or txn.now, txn.now)
    ends = end_of_note(shown_at(made, zone_of(txn.connection, said.project_id)).date())
    if kind.has_term and ends <= today(txn, said.project_id):
        raise Refusal("expired", not_after=ends.isoformat())
    known = (each for each in kind.shape.__struct_fields__ if each not in _OWN)
    data: Document = {
        "type": kind.name,
        **{name: (op.value or {})[name] for name in known if name in (op.value or {})},
        "id": op.id,
        "author": msgspec.to_builtins(actor.person),
        "created_at": deeds.instant(made),
    } | ({"delete_by": ends.isoformat()} if kind.has_term else {})
    data = _settled(txn, kind, data) | deeds.signature(txn, actor)
    return deeds.write(txn, actor, Verb.NOTE_WRITE, data, before=None, detail="create"), False


def patch(txn: Txn, actor: Actor, op: Op) -> Entity:
    """Change what was said, where nobody else did; taking it back makes the service forget it."""
    kind = SAID_TYPES[op.entity]
    found = deeds.find(txn, actor, Verb.NOTE_WRITE, kind.name, op.id)
    if not (kind.is_common or _is_own(actor, found)):
        if found.data.get("visibility") == Visibility.PRIVATE:
            raise Refusal("not-found")
        raise Refusal("forbidden", verb=Verb.NOTE_WRITE.value)
    for each in op.changes:
        if not is_place(kind, each.path):
            place = "/" + "/".join(each.path)
            raise malformed(place, "not-writable", "This place is not the client's to write")
    if disturbed(found.data, op.changes):
        raise Conflict(found)
    return _write(txn, actor, kind, found, op.changes)


def forget_ended(txn: Txn) -> int:
    """Take away what has reached its term; how much it was."""
    count = 0
    days = {
        each.id: today(txn, each.id).isoformat()
        for each in entities.each(txn.connection, "project")
    }
    for name in (each.name for each in SAID_TYPES.values() if each.has_term):
        ended = [
            each
            for each in entities.each(txn.connection, name)
            if str(each.data.get("delete_by", "")) <= days.get(each.project_id, "")
        ]
        for each in ended:
            _forget(txn, None, each, "retention")
        count += len(ended)
    return count


def _write(
    txn: Txn, actor: Actor, kind: SaidType, found: Entity, changes: Iterable[Change]
) -> Entity:
    data = apply(found.data, changes)
    if data == found.data:
        return found
    said = _read(kind, data)
    if said.removed:
        return _forget(txn, actor, found, "deleted")
    was = found.data.get("visibility")
    if was != Visibility.PRIVATE and isinstance(said, Note) and _is_private(said):
        # Others have read it, and their computers have it.
        raise malformed("/visibility", "shared-already", "What was shared stays shared")
    data = _settled(txn, kind, data) | deeds.signature(txn, actor)
    return deeds.write(txn, actor, Verb.NOTE_WRITE, data, before=found, detail="patch")


def _forget(txn: Txn, actor: Actor | None, found: Entity, reason: str) -> Entity:
    """Put a tombstone in its place; the last that is told of it is that it went."""
    entities.remove(txn, found.type, found.id, reason)
    deed = Deed(
        who_id=actor.user_id if actor else "",
        who_name=actor.name if actor else deeds.BY_ITSELF,
        verb=Verb.NOTE_WRITE,
        entity=found.type,
        entity_id=found.id,
        project_id=found.project_id,
        before=digest(found.data),
        detail="remove" if actor else reason,
    )
    record(txn, deed)
    place = select(table.c.ver, table.c.seq).where(table.c.id == found.id)
    ver, seq = txn.connection.execute(place).one()
    return msgspec.structs.replace(
        found, ver=ver, seq=seq, data=found.data | {"removed": True, "ver": ver}
    )


def _refuse_strange(txn: Txn, said: Said) -> None:
    """What is said of a recording is said of one of the project, be it gone by now."""
    recording_id = getattr(said, "recording_id", None)
    if recording_id is None:
        return
    own = select(table.c.id).where(
        table.c.id == recording_id,
        table.c.type == "recording",
        table.c.project_id == said.project_id,
    )
    if txn.connection.execute(own).first() is None:
        raise malformed("/recording_id", "unknown", "There never was such a recording here")
    if isinstance(said, Labels) and said.id != labels_id(said.recording_id):
        raise malformed("/id", "not-its-own", "The id of labels follows from their recording")


def _settled(txn: Txn, kind: SaidType, data: Document) -> Document:
    """With what the service works out by itself."""
    said = _read(kind, data)
    if isinstance(said, Labels) and len(said.names) > MOST_TAGS:
        raise malformed("/tags", "too-many", f"At most {MOST_TAGS}")
    if len(msgspec.json.encode(data)) > MOST_BYTES:
        raise Refusal("too-large")
    if isinstance(said, Evaluation):
        return _scored(txn, said, data)
    return data


def _scored(txn: Txn, said: Evaluation, data: Document) -> Document:
    """The score is worked out here, by the version of the form that it names."""
    if said.state is not State.DONE:
        return data | {"score": None, "done_at": None}
    found = revisions.numbered(txn.connection, said.form_id, said.form_number)
    if found is None or found.project_id != said.project_id:
        raise malformed("/form_number", "unknown-form", "No such version of a form was published")
    result = score(form_of(revisions.content(found)[0]), said.answers)
    if not result.is_complete:
        raise malformed("/state", "incomplete", "Every question needs its answer first")
    done_at = _not_later(said.done_at or txn.now, txn.now)
    return data | {"score": result.percent, "done_at": done_at}


def _not_later(at: datetime, now: datetime) -> str:
    return deeds.instant(min(at, now))


def _additions(said: Labels, there: Entity) -> tuple[Change, ...]:
    """The tags that whoever made labels second brings along."""
    tags = there.data.get("tags")
    known = tags if isinstance(tags, dict) else {}
    return tuple(Change(("tags", tag), True) for tag in said.names if known.get(tag) is not True)


def _is_own(actor: Actor, found: Entity) -> bool:
    author = found.data.get("author")
    return isinstance(author, dict) and author.get("id") == actor.user_id


def _is_private(note: Note) -> bool:
    return note.visibility is Visibility.PRIVATE


def _read(kind: SaidType, data: Document) -> Said:
    try:
        return kind.read(data)
    except msgspec.ValidationError as error:
        raise malformed("/value", "shape", str(error)) from error
