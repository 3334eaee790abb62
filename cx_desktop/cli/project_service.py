"""A project on a service, for who keeps no copy of it: read as it stands, and brought to a plan.

Failure policy: each act is whole by itself and names the version that was looked at. A run that
breaks off is continued by planning again: what is done is no longer in the plan.
"""

from collections.abc import Callable, Iterable, Mapping

from cx_desktop.auth.unattended import Visit
from cx_desktop.client.errors import ServiceProblem
from cx_desktop.client.objects import NewObject, ObjectCalls
from cx_desktop.client.service import ServiceClient
from cx_desktop.domain.access import StepUpClass
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Document
from cx_desktop.domain.project import (
    KINDS,
    Act,
    Held,
    HeldNumber,
    Plan,
    Present,
    Step,
    blobs_of,
)
from cx_desktop.ports import Ids
from cx_desktop.protocol import Assignment, Publication, PublishedObject

_IN_USE = "problem.in-use"


def project_named(client: ServiceClient, name: str) -> Document:
    """The project of that name; the only one where no name is given."""
    every = client.projects.every()
    found = [each for each in every if not name or name in (each.get("name"), each.get("id"))]
    if len(found) == 1:
        return found[0]
    names = ", ".join(sorted(str(each.get("name", "")) for each in every)) or "–"
    raise CXError("problem.project-which", name=name or "–", names=names)


def present_of(client: ServiceClient, project: Document) -> Present:
    """Everything of a project that a plan looks at."""
    project_id = str(project["id"])
    return Present(
        project_id=project_id,
        name=str(project.get("name", "")),
        objects=tuple(
            _held(_calls(client, kind.name), kind.name, entity)
            for kind in KINDS.values()
            for entity in client.projects.all_of(project_id, kind.plural)
        ),
        numbers=tuple(
            HeldNumber(
                id=str(each["id"]),
                etag=str(each["etag"]),
                e164=str(each.get("e164", "")),
                label=str(each.get("label", "")),
                flow_id=flow if isinstance(flow := each.get("flow_id"), str) else None,
            )
            for each in client.projects.all_of(project_id, "numbers")
        ),
    )


def entities_of(client: ServiceClient, project_id: str) -> tuple[Document, ...]:
    """The objects of a project and its numbers, as the service says them."""
    plurals = (*(kind.plural for kind in KINDS.values()), "numbers")
    return tuple(
        entity for plural in plurals for entity in client.projects.all_of(project_id, plural)
    )


def sounds_of(client: ServiceClient, entities: Iterable[Document]) -> dict[str, bytes]:
    """The files that prompts in use play."""
    wanted: set[str] = set()
    for each in entities:
        draft = each.get("draft")
        if isinstance(draft, dict) and not each.get("archived"):
            wanted |= blobs_of(str(each["type"]), draft)
    return {blob: client.blobs.read(blob) for blob in sorted(wanted)}


def surely(call: Callable[[str], Document], key: str) -> Document:
    """Do it; where the answer is lost on the way, ask again with the same key: it is done once."""
    try:
        return call(key)
    except CXError as error:
        if not error.retryable or isinstance(error, ServiceProblem):
            raise
    return call(key)


class Doing:
    """Carries a plan out, act by act; ``told`` hears of each one that is done."""

    def __init__(
        self,
        visit: Visit,
        plan: Plan,
        sounds: Mapping[str, bytes],
        *,
        ids: Ids,
        told: Callable[[Step], object],
    ) -> None:
        self._visit = visit
        self._client = visit.client
        self._plan = plan
        self._sounds = sounds
        self._ids = ids
        self._told = told
        self._etags: dict[str, str] = {}

    def drafts(self) -> None:
        """Make, bring back and change drafts."""
        for step in self._of(Act.CREATE, Act.RESTORE, Act.CHANGE):
            self._send_sounds(step)
            calls = _calls(self._client, step.type)
            match step.act:
                case Act.CREATE:
                    made = calls.create(step.id, self._new(step))
                case Act.RESTORE:
                    made = calls.restore(step.id, self._etag(step))
                case _:
                    made = calls.patch(step.id, self._etag(step), step.changes)
            self._done(step, made)

    def publish(self, message: str, *, overrides: tuple[str, ...] = ()) -> None:
        """Let callers hear it, all of it together; then let numbers lead to it.

        ``overrides`` are what is known to refuse it and is not to; the service writes that down.
        """
        steps = self._of(Act.PUBLISH)
        assigned = self._of(Act.ASSIGN)
        if steps:
            objects = tuple(PublishedObject(s.type, s.id, self._etag(s)) for s in steps)
            publication = Publication(message=message, objects=objects, overrides=overrides)
            self._visit.step_up_once(StepUpClass.PUBLISH)
            project_id, publish = self._plan.project_id, self._client.flows.publish
            surely(lambda key: publish(project_id, publication, key), self._ids.new())
            for step in steps:
                self._told(step)
        for step in assigned:
            wanted = Assignment(flow_id=step.flow_id)
            self._client.numbers.assign(step.id, step.etag, wanted)
            self._told(step)

    def archive(self) -> None:
        """Put away what the folder has not; what uses another goes before it."""
        waiting = list(self._of(Act.ARCHIVE))
        while waiting:
            left, refused = [], None
            for step in waiting:
                try:
                    calls = _calls(self._client, step.type)
                    self._done(step, calls.archive(step.id, self._etag(step)))
                except CXError as error:
                    if error.key != _IN_USE:
                        raise
                    left.append(step)
                    refused = error
            if refused is not None and len(left) == len(waiting):
                raise refused
            waiting = left

    def _new(self, step: Step) -> NewObject:
        return NewObject(
            project_id=self._plan.project_id,
            name=step.name,
            description=step.description,
            draft=step.draft,
        )

    def _send_sounds(self, step: Step) -> None:
        for blob in sorted(step.blobs & self._sounds.keys()):
            self._client.blobs.put(self._plan.project_id, blob, self._sounds[blob])

    def _etag(self, step: Step) -> str:
        return self._etags.get(step.id, step.etag)

    def _done(self, step: Step, made: Document) -> None:
        self._etags[step.id] = str(made["etag"])
        self._told(step)

    def _of(self, *acts: Act) -> tuple[Step, ...]:
        return tuple(each for each in self._plan.steps if each.act in acts)


def _calls(client: ServiceClient, kind: str) -> ObjectCalls:
    calls = {
        "flow": client.flows,
        "schedule": client.schedules,
        "prompt": client.prompts,
        "queue": client.queues,
        "form": client.forms,
    }
    return calls[kind]


def _held(calls: ObjectCalls, kind: str, entity: Document) -> Held:
    object_id, number = str(entity["id"]), entity.get("live_revision")
    draft = _document(entity.get("draft"))
    live, pins = None, {}
    if isinstance(number, int) and not entity.get("archived"):
        revision = calls.revision(object_id, number)
        live, pins = _document(revision.get("document")), _document(revision.get("pins"))
    return Held(
        type=kind,
        id=object_id,
        etag=str(entity["etag"]),
        name=str(entity.get("name", "")),
        description=str(entity.get("description", "")),
        is_archived=bool(entity.get("archived")),
        entity=entity,
        draft=draft,
        live=live,
        live_revision=number if isinstance(number, int) else None,
        pins={key: value for key, value in pins.items() if isinstance(value, int)},
    )


def _document(value: object) -> Document:
    return value if isinstance(value, dict) else {}
