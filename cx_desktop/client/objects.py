"""The guarded verbs on objects with a draft, and on numbers: those that callers can hear."""

from collections.abc import Iterable

from msgspec import Struct

from cx_desktop.client.exchange import Exchange, segment
from cx_desktop.domain.patch import Change, Document
from cx_desktop.protocol import Assignment, EmergencyOrder, Publication, ReturnTo, TimedOrder


class NewObject(Struct, frozen=True, kw_only=True):
    """What an object begins as."""

    project_id: str
    name: str
    description: str = ""
    draft: Document = {}


class _Patch(Struct, frozen=True):
    changes: tuple[Change, ...]


class ProjectCalls:
    """Projects, for who keeps no copy of them: everything of one, read as it stands."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def every(self) -> tuple[Document, ...]:
        """The projects that the user may see."""
        return _rows(self._exchange.ask("GET", "/projects", Document), "projects")

    def all_of(self, project_id: str, plural: str) -> tuple[Document, ...]:
        """The objects of one sort of a project: ``flows``, ``numbers`` and so on."""
        path = f"/projects/{segment(project_id)}/{plural}"
        return _rows(self._exchange.ask("GET", path, Document), plural)


class ObjectCalls:
    """Publishing, returning, archiving; each names the version that was looked at."""

    def __init__(self, exchange: Exchange, plural: str) -> None:
        """``plural`` is the type of object as the API's addresses name it, such as ``flows``."""
        self._exchange = exchange
        self._plural = plural

    def create(self, object_id: str, new: NewObject) -> Document:
        """A new object under an id of ours; its draft is heard by nobody."""
        path, headers = self._path(object_id), {"if-none-match": "*"}
        return self._exchange.ask("PUT", path, Document, body=new, headers=headers)

    def patch(self, object_id: str, etag: str, changes: Iterable[Change]) -> Document:
        """Change places of an object, each with what stood there."""
        path, headers = self._path(object_id), {"if-match": etag}
        body = _Patch(tuple(changes))
        return self._exchange.ask("PATCH", path, Document, body=body, headers=headers)

    def revision(self, object_id: str, number: int) -> Document:
        """One version of an object that was published."""
        return self._exchange.ask("GET", f"{self._path(object_id)}/revisions/{number}", Document)

    def publish(self, project_id: str, publication: Publication, idempotency_key: str) -> Document:
        """These drafts, of whatever types, go live together."""
        return self._exchange.ask(
            "POST",
            f"/projects/{segment(project_id)}/publications",
            Document,
            body=publication,
            headers={"idempotency-key": idempotency_key},
        )

    def plan(self, project_id: str, order: TimedOrder, idempotency_key: str) -> Document:
        """These drafts go live, or old revisions come back, at the times that are set."""
        return self._exchange.ask(
            "POST",
            f"/projects/{segment(project_id)}/timed-publications",
            Document,
            body=order,
            headers={"idempotency-key": idempotency_key},
        )

    def return_to(self, object_id: str, request: ReturnTo, idempotency_key: str) -> Document:
        """An old revision goes live again as a new one."""
        return self._exchange.ask(
            "POST",
            f"/{self._plural}/{segment(object_id)}/return",
            Document,
            body=request,
            headers={"idempotency-key": idempotency_key},
        )

    def discard_draft(self, object_id: str, etag: str) -> Document:
        """The draft becomes what is live."""
        return self._act(object_id, "discard-draft", etag)

    def archive(self, object_id: str, etag: str) -> Document:
        """The object leaves the list; refused while something uses it."""
        return self._act(object_id, "archive", etag)

    def restore(self, object_id: str, etag: str) -> Document:
        """The object comes back from the archive."""
        return self._act(object_id, "restore", etag)

    def _path(self, object_id: str) -> str:
        return f"/{self._plural}/{segment(object_id)}"

    def _act(self, object_id: str, verb: str, etag: str) -> Document:
        path = f"/{self._plural}/{segment(object_id)}/{verb}"
        return self._exchange.ask("POST", path, Document, headers={"if-match": etag})


class EmergencyCalls:
    """Emergencies: closing at once, and reopening."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def declare(self, project_id: str, order: EmergencyOrder, idempotency_key: str) -> Document:
        """Close these schedules and numbers now."""
        return self._exchange.ask(
            "POST",
            f"/projects/{segment(project_id)}/emergencies",
            Document,
            body=order,
            headers={"idempotency-key": idempotency_key},
        )

    def end(self, emergency_id: str, idempotency_key: str) -> Document:
        """Reopen what an emergency closed."""
        return self._exchange.ask(
            "POST",
            f"/emergencies/{segment(emergency_id)}/end",
            Document,
            headers={"idempotency-key": idempotency_key},
        )


class NumberCalls:
    """Numbers: which flow answers each one."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def assign(self, number_id: str, etag: str, assignment: Assignment) -> Document:
        """Which flow answers a number."""
        return self._exchange.ask(
            "PATCH",
            f"/numbers/{segment(number_id)}",
            Document,
            body=assignment,
            headers={"if-match": etag},
        )


def _rows(answer: Document, field: str) -> tuple[Document, ...]:
    found = answer.get(field)
    return (
        tuple(each for each in found if isinstance(each, dict)) if isinstance(found, list) else ()
    )
