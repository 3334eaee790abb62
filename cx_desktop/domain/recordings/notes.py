"""What people say of a recording: notes and markers, labels, evaluations; and what is left to hear.

They keep the recording's id and nothing else of it: no number, no caller. They have a term of their
own, so that a score outlives the sound that it was given for (article 4.2). The service knows them
as entities of the stream ``notes:<project>``; here are read views and the rules both sides share.
"""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from cx_desktop.domain.patch import Document, Path
from cx_desktop.domain.recordings.retention import months_later

#: Notes and evaluations end after so many months, however long their recording is kept.
NOTE_MONTHS = 12
LONGEST_TEXT = 10_000
LONGEST_TAG = 40
MOST_TAGS = 50
#: As good as for ever: no recording is longer.
_LONGEST_MS = 7 * 24 * 3_600_000
_NAMESPACE = uuid.UUID("6f0d5c52-5d0c-5b7a-9a51-0c7f0f7d9b11")

Id = Annotated[str, Meta(max_length=64)]
Text = Annotated[str, Meta(max_length=LONGEST_TEXT)]


class Visibility(StrEnum):
    """Who sees a note."""

    SHARED = "shared"
    PRIVATE = "private"
    """Its author alone."""


class State(StrEnum):
    """Where an evaluation stands."""

    DRAFT = "draft"
    DONE = "done"


class Author(Struct, frozen=True):
    """Who wrote it."""

    id: str
    name: str = ""


class Said(Struct, frozen=True, kw_only=True):
    """What everything that is said of recordings has."""

    id: str
    project_id: Id
    author: Author = Author("")
    created_at: datetime | None = None
    delete_by: date | None = None
    removed: bool = False
    """Whether its author took it back; the service then forgets it."""


class Note(Said, frozen=True, kw_only=True):
    """A note on a recording; with a place in it, a marker."""

    recording_id: Id
    at_ms: Annotated[int, Meta(ge=0, le=_LONGEST_MS)] | None = None
    text: Text = ""
    visibility: Visibility = Visibility.SHARED

    @property
    def is_marker(self) -> bool:
        """Whether it stands at a place of the sound."""
        return self.at_ms is not None


class Labels(Said, frozen=True, kw_only=True):
    """The tags of a recording, those that somebody took away again set to false."""

    recording_id: Id
    tags: dict[Annotated[str, Meta(min_length=1, max_length=LONGEST_TAG)], bool] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The tags it has, in the order of words."""
        return tuple(sorted((tag for tag, is_on in self.tags.items() if is_on), key=str.casefold))


class Answer(Struct, frozen=True, omit_defaults=True):
    """What somebody answered to one question of a form."""

    value: Annotated[str, Meta(max_length=64)] = ""
    """Nothing yet, ``na`` for what does not apply, else what its kind of question takes."""
    comment: Text = ""


class Evaluation(Said, frozen=True, kw_only=True):
    """A recording judged by a form, one revision of it."""

    recording_id: Id
    form_id: Id
    form_number: Annotated[int, Meta(ge=1)]
    agent_id: Id = ""
    agent_name: Annotated[str, Meta(max_length=200)] = ""
    answers: dict[Id, Answer] = {}
    comment: Text = ""
    """On the call as a whole."""
    state: State = State.DRAFT
    done_at: datetime | None = None
    score: float | None = None
    """Percent with one decimal, never rounded up; none where nothing of the form applies."""
    calibrates: Id | None = None
    """The evaluation by somebody else that this one is held against."""
    worklist_id: Id = ""
    week: date | None = None
    """The Monday of the call's week, which the worklist counts it in when the call is gone."""


class Worklist(Said, frozen=True, kw_only=True):
    """What a team is to hear each week: so many calls per agent, drawn within a filter."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    form_id: Id = ""
    quota: Annotated[int, Meta(ge=1, le=50)] = 3
    """Calls per agent and week."""
    filter: Document = {}
    """What is drawn from, as a saved search has it."""


class SaidType(Struct, frozen=True):
    """One type of what is said of recordings, as data."""

    name: str
    shape: type[Said]
    writable: frozenset[str]
    """What its writers change after it was made; all else is decided then, or the service's."""
    depth: Mapping[str, int] = MappingProxyType({})
    """By first key, how many keys make a place that two people can change apart."""
    has_term: bool = True
    """Whether it ends by itself: what speaks of no recording does not."""
    is_common: bool = False
    """Whether everybody who writes notes may change it, and not its author alone."""

    def read(self, data: Document) -> Said:
        """One of them; raises ``msgspec.ValidationError`` with the place where it is none."""
        return msgspec.convert(data, self.shape)


SAID_TYPES: Mapping[str, SaidType] = MappingProxyType(
    {
        each.name: each
        for each in (
            SaidType(
                "note",
                Note,
                frozenset({"at_ms", "text", "visibility", "removed"}),
            ),
            SaidType(
                "labels",
                Labels,
                frozenset({"tags"}),
                MappingProxyType({"tags": 2}),
                is_common=True,
            ),
            SaidType(
                "evaluation",
                Evaluation,
                frozenset({"answers", "comment", "state", "score", "done_at", "removed"}),
                MappingProxyType({"answers": 3}),
            ),
            SaidType(
                "worklist",
                Worklist,
                frozenset({"name", "form_id", "quota", "filter", "removed"}),
                has_term=False,
                is_common=True,
            ),
        )
    }
)


def labels_id(recording_id: str) -> str:
    """The id that a recording's labels have, whoever makes them first, wherever."""
    return str(uuid.uuid5(_NAMESPACE, recording_id))


def end_of_note(created_on: date) -> date:
    """The day from which what was said of a recording may not be there any more."""
    return months_later(created_on, NOTE_MONTHS)


def is_place(kind: SaidType, path: Path) -> bool:
    """Whether a change may name this place: not too deep, and not more than one place at once."""
    return (
        bool(path)
        and path[0] in kind.writable
        and len(path) == kind.depth.get(path[0], 1)
        and (path[0] != "answers" or path[2] in Answer.__struct_fields__)
    )


def tag_of(text: str) -> str:
    """A tag as it is kept: one line, no spaces around or doubled; empty for none."""
    return " ".join(text.split())[:LONGEST_TAG].strip()
