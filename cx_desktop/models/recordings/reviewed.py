"""What the parts of a review share: the recording in hand, and how something is said of it."""

from datetime import date, datetime
from typing import Protocol

from msgspec import Struct

from cx_desktop.domain.patch import Json, Path
from cx_desktop.domain.recordings.notes import Said
from cx_desktop.models.recordings.said import Found


class Playhead(Protocol):
    """Where the sound is, in seconds, and how to get elsewhere in it."""

    @property
    def place(self) -> float:
        """Where it is."""

    def seek(self, place: float) -> None:
        """Go there."""

    def skip(self, seconds: float) -> None:
        """Go on or back by so much."""

    def toggle(self) -> None:
        """Play or pause."""


class Subject(Struct, frozen=True):
    """Of a recording what outlives it: no number, no caller."""

    id: str
    agent_id: str
    agent_name: str
    day: date


class Purpose(Struct, frozen=True):
    """Why a recording is judged, beside of itself."""

    worklist_id: str = ""
    form_id: str = ""


class Reviewed(Protocol):
    """The review as its notebook and its scoring see it."""

    subject: Subject | None
    purpose: Purpose
    playhead: Playhead | None

    @property
    def found(self) -> Found:
        """What was read of the recording."""

    @property
    def said(self) -> tuple[Said, ...]:
        """Everything that is said of it."""

    @property
    def why_not(self) -> str:
        """The key of the reason why nothing can be said; "" when it can."""

    @property
    def user_id(self) -> str:
        """Who reviews."""

    def now(self) -> datetime:
        """The time it is."""

    def write(self, kind: str, *, said_id: str = "", **fields: Json) -> str:
        """Say something new; its id."""

    def change(self, kind: str, said_id: str, *places: tuple[Path, Json]) -> None:
        """Change places of what was said."""

    def tell(self) -> None:
        """Something else is to be shown."""
