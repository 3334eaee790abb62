"""What is drafted and published, as data: flows, schedules, prompts, queues, forms: one rule.

Editing changes a draft and nothing that callers hear; publishing makes an immutable revision of it
and lets callers hear that (``docs/architecture.md``, draft and live).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from cx_desktop.domain.access import Verb
from cx_desktop.domain.finding import Finding
from cx_desktop.domain.flow.findings import findings
from cx_desktop.domain.flow.graph import flow_of
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.flow.summary import are_same
from cx_desktop.domain.patch import Document
from cx_desktop.domain.prompts import Around, prompt_of
from cx_desktop.domain.prompts import findings as prompt_findings
from cx_desktop.domain.queues import NOTHING_DECIDED, queue_of
from cx_desktop.domain.queues import findings as queue_findings
from cx_desktop.domain.recordings.form_rules import findings as form_findings
from cx_desktop.domain.recordings.forms import EMPTY as EMPTY_FORM
from cx_desktop.domain.recordings.forms import form_of
from cx_desktop.domain.schedules import schedule_of
from cx_desktop.domain.schedules.judging import faults
from cx_desktop.service.problems import malformed


class ObjectType(Struct, frozen=True, kw_only=True):
    """One type of object with a draft and revisions."""

    name: str
    plural: str
    """As in the addresses of the API."""
    read: Verb
    edit: Verb
    archive: Verb
    publish: Verb
    empty: Document
    """A draft in which nobody has decided anything: every draft has these parts."""
    depth: int
    """How many keys below the draft make the smallest place that an edit may name."""
    shape: Callable[[Document], object]
    """Reads a draft; raises ``msgspec.ValidationError`` with the place where it is none."""
    judge: Callable[[Document, Context], tuple[Finding, ...]]
    """The findings of a draft; a blocking one refuses its publication."""
    is_same: Callable[[Document, Document], bool]
    """Whether two drafts say the same; what is absent and what is empty are one."""


def object_type(name: str, *, pointer: str = "/entity") -> ObjectType:
    """The type of this name, or a refusal that names the place of the request."""
    found = OBJECT_TYPES.get(name)
    if found is None:
        raise malformed(pointer, "unknown-entity", f"One of {', '.join(OBJECT_TYPES)}")
    return found


#: What a live version goes on using as it was, until it is published again.
PINNED = frozenset({"flow", "prompt"})


def _judge_flow(draft: Document, context: Context) -> tuple[Finding, ...]:
    return findings(flow_of(draft), context)


def _judge_prompt(draft: Document, context: Context) -> tuple[Finding, ...]:
    around = Around(features=context.features, held=context.files)
    return prompt_findings(prompt_of(draft), around)


def _judge_schedule(draft: Document, _context: Context) -> tuple[Finding, ...]:
    return faults(schedule_of(draft))


def _judge_queue(draft: Document, context: Context) -> tuple[Finding, ...]:
    return queue_findings(queue_of(draft), context)


def _judge_form(draft: Document, _context: Context) -> tuple[Finding, ...]:
    return form_findings(form_of(draft))


def _config(
    name: str,
    *,
    empty: Document,
    shape: Callable[[Document], object],
    judge: Callable[[Document, Context], tuple[Finding, ...]],
) -> ObjectType:
    return ObjectType(
        name=name,
        plural=f"{name}s",
        read=Verb.CONFIG_READ,
        edit=Verb.CONFIG_EDIT,
        archive=Verb.CONFIG_ARCHIVE,
        publish=Verb.CONFIG_PUBLISH,
        empty=empty,
        depth=1,
        shape=shape,
        judge=judge,
        is_same=lambda one, other: shape(one) == shape(other),
    )


OBJECT_TYPES: Mapping[str, ObjectType] = MappingProxyType(
    {
        each.name: each
        for each in (
            ObjectType(
                name="flow",
                plural="flows",
                read=Verb.FLOW_READ,
                edit=Verb.FLOW_EDIT,
                archive=Verb.FLOW_ARCHIVE,
                publish=Verb.FLOW_PUBLISH,
                empty={"meta": {}, "nodes": {}, "links": {}, "notes": {}, "tests": {}},
                depth=2,
                shape=flow_of,
                judge=_judge_flow,
                is_same=are_same,
            ),
            _config(
                "schedule",
                empty={
                    "time_zone": "Europe/Paris",
                    "weekly": {},
                    "public_holidays": "",
                    "exceptions": {},
                },
                shape=schedule_of,
                judge=_judge_schedule,
            ),
            _config("prompt", empty={"languages": {}}, shape=prompt_of, judge=_judge_prompt),
            _config("queue", empty=NOTHING_DECIDED, shape=queue_of, judge=_judge_queue),
            replace(
                _config("form", empty=EMPTY_FORM, shape=form_of, judge=_judge_form),
                edit=Verb.FORM_EDIT,
                archive=Verb.FORM_EDIT,
                publish=Verb.FORM_PUBLISH,
            ),
        )
    }
)
