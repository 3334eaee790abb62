"""Reading views of objects with a draft, and of their revisions; the JSON stays verbatim."""

from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec import Struct

from cx_desktop.domain.patch import Document
from cx_desktop.protocol import Person


class ObjectState(StrEnum):
    """Where an object stands between its draft and what callers hear; ``flows.state.<value>``."""

    LIVE = "live"
    AHEAD = "ahead"
    NEVER = "never"
    ARCHIVED = "archived"


class ObjectFacts(Struct, frozen=True, omit_defaults=True):
    """An object without its draft."""

    id: str
    name: str = ""
    description: str = ""
    project_id: str = ""
    etag: str = ""
    archived: bool = False
    draft_ver: int = 0
    live_revision: int | None = None
    live_draft_ver: int | None = None
    updated_at: datetime | None = None
    updated_by: Person | None = None

    def may_be_ahead(self, *, is_draft_unsent: bool) -> bool:
        """Whether something is live, and by its versions the draft is another."""
        is_other = is_draft_unsent or self.live_draft_ver != self.draft_ver
        return self.live_revision is not None and is_other

    def state(self, *, is_draft_unsent: bool, is_like_live: bool = False) -> ObjectState:
        """The state in one word.

        Edits that wait to be sent count as a draft that is ahead, unless it was compared with
        what is live and is equal (``is_like_live``).
        """
        if self.archived:
            return ObjectState.ARCHIVED
        if self.live_revision is None:
            return ObjectState.NEVER
        if is_like_live or not self.may_be_ahead(is_draft_unsent=is_draft_unsent):
            return ObjectState.LIVE
        return ObjectState.AHEAD


class RevisionFacts(Struct, frozen=True, omit_defaults=True):
    """A revision entity."""

    id: str
    object_id: str
    number: int
    message: str = ""
    published_at: datetime | None = None
    published_by: Person | None = None
    document: Document = {}
    pins: dict[str, int] = {}
    """The versions of other objects that it uses, by their ids."""
    returned_from: int | None = None


def object_facts(entity: Document) -> ObjectFacts:
    """Read an object with a draft."""
    return msgspec.convert(entity, ObjectFacts)


def revision_facts(entity: Document) -> RevisionFacts:
    """Read a revision."""
    return msgspec.convert(entity, RevisionFacts)
