"""Types of objects as pages show them, and one object of such a list."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from msgspec import Struct

from cx_desktop.domain.access import Verb
from cx_desktop.domain.patch import Document
from cx_desktop.domain.prompts import prompt_of
from cx_desktop.domain.queues import queue_of
from cx_desktop.domain.recordings.forms import form_of
from cx_desktop.domain.schedules import schedule_of
from cx_desktop.models.objects.facts import ObjectFacts, ObjectState
from cx_desktop.models.objects.uses import Use

if TYPE_CHECKING:
    from cx_desktop.client.service import ServiceClient
    from cx_desktop.protocol import Publication, ReturnTo, TimedOrder

Draft = TypeVar("Draft")


class ObjectCalls(Protocol):
    """The guarded verbs of the service on objects of one type."""

    def publish(self, project_id: str, publication: "Publication", key: str, /) -> Document:
        """Put drafts live together."""

    def plan(self, project_id: str, order: "TimedOrder", key: str, /) -> Document:
        """Keep what is to go live, or to come back, until its time."""

    def return_to(self, object_id: str, back: "ReturnTo", key: str, /) -> Document:
        """Put an old revision live again, as a new one."""

    def archive(self, object_id: str, etag: str, /) -> Document:
        """Put an object away."""

    def restore(self, object_id: str, etag: str, /) -> Document:
        """Take an object out again."""


class KindVerbs(NamedTuple):
    """What somebody must be allowed to do to objects of one type."""

    edit: Verb = Verb.CONFIG_EDIT
    archive: Verb = Verb.CONFIG_ARCHIVE
    publish: Verb = Verb.CONFIG_PUBLISH


_OF_CONFIG = KindVerbs()


class Kind(Generic[Draft]):
    """A type of object on this device: its name, how its drafts are read, who keeps it."""

    def __init__(
        self,
        name: str,
        *,
        read: Callable[[Document], Draft],
        calls: "Callable[[ServiceClient], ObjectCalls]",
        verbs: KindVerbs = _OF_CONFIG,
    ) -> None:
        """``read`` raises ``msgspec.ValidationError`` for what a newer program wrote."""
        self.name = name
        self.read = read
        self.calls = calls
        self.verbs = verbs


class Shelved(Struct, Generic[Draft], frozen=True):
    """One object of a list."""

    facts: ObjectFacts
    state: ObjectState
    draft: Draft
    document: Document
    """The draft verbatim."""
    live: Draft | None
    """What callers hear now, if this device has it."""
    uses: tuple[Use, ...]
    is_unsent: bool
    is_disputed: bool = False
    """Whether somebody wrote at the same places, and nobody has chosen yet."""

    @property
    def id(self) -> str:
        """The object's id."""
        return self.facts.id

    @property
    def name(self) -> str:
        """What people call it."""
        return self.facts.name

    @property
    def description(self) -> str:
        """What somebody wrote about it."""
        return self.facts.description

    @property
    def is_archived(self) -> bool:
        """Whether it is put away."""
        return self.facts.archived


#: The types whose pages are made alike; flows have pages of their own.
SCHEDULES = Kind("schedule", read=schedule_of, calls=lambda client: client.schedules)
PROMPTS = Kind("prompt", read=prompt_of, calls=lambda client: client.prompts)
QUEUES = Kind("queue", read=queue_of, calls=lambda client: client.queues)
FORMS = Kind(
    "form",
    read=form_of,
    calls=lambda client: client.forms,
    verbs=KindVerbs(Verb.FORM_EDIT, Verb.FORM_EDIT, Verb.FORM_PUBLISH),
)
