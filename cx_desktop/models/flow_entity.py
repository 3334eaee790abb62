"""Reading views of the entities that the flow pages show; the JSON itself stays verbatim."""

from datetime import datetime
from enum import StrEnum
from typing import cast

import msgspec
from msgspec import Struct

from cx_desktop.domain.flow.graph import ATOM_DEPTH
from cx_desktop.domain.numbers import spelled
from cx_desktop.domain.patch import Document
from cx_desktop.protocol import Person


class FlowState(StrEnum):
    """Where a flow stands between its draft and what callers hear; ``flows.state.<value>``."""

    LIVE = "live"
    AHEAD = "ahead"
    NEVER = "never"
    ARCHIVED = "archived"


class FlowFacts(Struct, frozen=True, omit_defaults=True):
    """A flow entity without its draft."""

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

    def state(self, *, is_draft_unsent: bool, is_like_live: bool = False) -> FlowState:
        """The state in one word.

        Edits that wait to be sent count as a draft that is ahead, unless it was compared with
        what is live and is equal (``is_like_live``).
        """
        if self.archived:
            return FlowState.ARCHIVED
        if self.live_revision is None:
            return FlowState.NEVER
        if is_like_live or not self.may_be_ahead(is_draft_unsent=is_draft_unsent):
            return FlowState.LIVE
        return FlowState.AHEAD


class NumberFacts(Struct, frozen=True, omit_defaults=True):
    """A number entity: which flow answers it."""

    id: str
    e164: str = ""
    label: str = ""
    etag: str = ""
    flow_id: str | None = None

    @property
    def name(self) -> str:
        """What people call it: its label, or the number as it is written."""
        return self.label or spelled(self.e164)


class RevisionFacts(Struct, frozen=True, omit_defaults=True):
    """A revision entity."""

    id: str
    object_id: str
    number: int
    message: str = ""
    published_at: datetime | None = None
    published_by: Person | None = None
    document: Document = {}
    returned_from: int | None = None


def flow_facts(entity: Document) -> FlowFacts:
    """Read a flow entity."""
    return msgspec.convert(entity, FlowFacts)


def number_facts(entity: Document) -> NumberFacts:
    """Read a number entity."""
    return msgspec.convert(entity, NumberFacts)


def revision_facts(entity: Document) -> RevisionFacts:
    """Read a revision entity."""
    return msgspec.convert(entity, RevisionFacts)


def draft_of(entity: Document) -> Document:
    """The draft inside a flow entity, with its four parts there even when empty."""
    draft = entity.get("draft")
    return whole(cast("Document", draft) if isinstance(draft, dict) else {})


def whole(document: Document) -> Document:
    """The flow document with all its parts there."""
    return {**{part: {} for part in ATOM_DEPTH}, **document}
