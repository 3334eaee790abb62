"""What a merge gives: one document, and what somebody has to decide about it."""

from enum import StrEnum

from msgspec import UNSET, Struct

from cx_desktop.domain.patch import Document, Json, Path


class Side(StrEnum):
    """One of the two versions that were merged."""

    MINE = "mine"
    THEIRS = "theirs"

    @property
    def other(self) -> "Side":
        """The version on the other side."""
        return Side.THEIRS if self is Side.MINE else Side.MINE


class Dispute(Struct, frozen=True, omit_defaults=True):
    """An atom that both sides changed, to different values. The merged document holds theirs."""

    path: Path
    base: Json = UNSET
    mine: Json = UNSET
    theirs: Json = UNSET


class Kept(Struct, frozen=True):
    """A node or a note that one side removed while the other changed it, or came to need it.

    It is kept as the other side has it, with its links: nothing that somebody did is lost.
    """

    section: str
    """``nodes`` or ``notes``."""
    id: str
    removed_by: Side


class Merged(Struct, frozen=True):
    """The merged document."""

    document: Document
    disputes: tuple[Dispute, ...] = ()
    kept: tuple[Kept, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether nobody has to decide anything."""
        return not self.disputes and not self.kept
