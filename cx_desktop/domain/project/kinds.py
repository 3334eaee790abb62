"""The types of objects that a project folder holds: where, in which shape, and when two are one."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec import Struct, structs

from cx_desktop.domain.flow.graph import ATOM_DEPTH, changes_between, flow_of
from cx_desktop.domain.flow.graph import document_of as flow_document
from cx_desktop.domain.objects import QUEUE_REFERENCES, renamed
from cx_desktop.domain.patch import Change, Document, differences, same
from cx_desktop.domain.prompts import prompt_of
from cx_desktop.domain.queues import NOTHING_DECIDED, Queue, queue_of
from cx_desktop.domain.recordings.forms import EMPTY as EMPTY_FORM
from cx_desktop.domain.recordings.forms import form_of
from cx_desktop.domain.schedules import schedule_of


class Kind(Struct, frozen=True, kw_only=True):
    """One type of object with a draft."""

    name: str
    plural: str
    """Its subfolder, and its name in the addresses of the service."""
    empty: Document
    """A draft in which nobody has decided anything."""
    shape: Callable[[Document], object]
    """Reads a draft; raises ``msgspec.ValidationError`` with the place where it is none."""
    depth: Mapping[str, int] = {}
    """How many keys make one place below each part of a draft."""

    def changes(self, old: Document, new: Document) -> tuple[Change, ...]:
        """The places in which two drafts differ; what is absent and what is empty are one."""
        if self.name == "flow":
            return changes_between(flow_of(old), flow_of(new))
        changes = differences(self.empty | old, self.empty | new, depth=self.depth)
        return () if self.name != "queue" and self.shape(old) == self.shape(new) else changes

    def written(self, draft: Document) -> Document:
        """A draft in the form in which files hold it: one form for what says the same."""
        if self.name == "flow":
            return self.empty | flow_document(flow_of(draft))
        if self.name == "queue":
            return {
                name: value
                for name, value in draft.items()
                if name not in self.empty or not same(value, self.empty[name])
            }
        return self.empty | draft


def queue_in(draft: Document) -> Queue:
    """A queue whose references may be names, which are longer than ids."""
    short = queue_of(renamed("queue", draft, lambda _kind, target: target[:1]))
    return structs.replace(
        short, **{name: draft[name] for name in QUEUE_REFERENCES if name in draft}
    )


#: In the order in which they are made: nothing comes before what it refers to, flows aside.
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        each.name: each
        for each in (
            Kind(
                name="schedule",
                plural="schedules",
                empty={
                    "time_zone": "Europe/Paris",
                    "weekly": {},
                    "public_holidays": "",
                    "exceptions": {},
                },
                shape=schedule_of,
            ),
            Kind(name="prompt", plural="prompts", empty={"languages": {}}, shape=prompt_of),
            Kind(name="queue", plural="queues", empty=NOTHING_DECIDED, shape=queue_in),
            Kind(name="form", plural="forms", empty=EMPTY_FORM, shape=form_of),
            Kind(
                name="flow",
                plural="flows",
                empty={part: {} for part in ATOM_DEPTH},
                shape=flow_of,
                depth=ATOM_DEPTH,
            ),
        )
    }
)
