"""Reading views of the entities that the flow pages show; the JSON itself stays verbatim."""

from typing import cast

import msgspec
from msgspec import Struct

from cx_desktop.domain.flow.graph import ATOM_DEPTH
from cx_desktop.domain.numbers import spelled
from cx_desktop.domain.patch import Document


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


def number_facts(entity: Document) -> NumberFacts:
    """Read a number entity."""
    return msgspec.convert(entity, NumberFacts)


def draft_of(entity: Document) -> Document:
    """The draft inside a flow entity, with its four parts there even when empty."""
    draft = entity.get("draft")
    return whole(cast("Document", draft) if isinstance(draft, dict) else {})


def whole(document: Document) -> Document:
    """The flow document with all its parts there."""
    return {**{part: {} for part in ATOM_DEPTH}, **document}
