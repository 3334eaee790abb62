"""The guarded verbs on flows and numbers: those that callers can hear."""

from urllib.parse import quote

from cx_desktop.client.exchange import Exchange
from cx_desktop.domain.patch import Document
from cx_desktop.protocol import Assignment, Publication, ReturnTo


class FlowCalls:
    """Publishing, returning, archiving; each names the version that was looked at."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def publish(self, project_id: str, publication: Publication, idempotency_key: str) -> Document:
        """These drafts go live together."""
        return self._exchange.ask(
            "POST",
            f"/projects/{_segment(project_id)}/publications",
            Document,
            body=publication,
            headers={"idempotency-key": idempotency_key},
        )

    def return_to(self, flow_id: str, request: ReturnTo, idempotency_key: str) -> Document:
        """An old revision goes live again as a new one."""
        return self._exchange.ask(
            "POST",
            f"/flows/{_segment(flow_id)}/return",
            Document,
            body=request,
            headers={"idempotency-key": idempotency_key},
        )

    def discard_draft(self, flow_id: str, etag: str) -> Document:
        """The draft becomes what is live."""
        return self._act(flow_id, "discard-draft", etag)

    def archive(self, flow_id: str, etag: str) -> Document:
        """The flow leaves the list; refused while a number or a flow uses it."""
        return self._act(flow_id, "archive", etag)

    def restore(self, flow_id: str, etag: str) -> Document:
        """The flow comes back from the archive."""
        return self._act(flow_id, "restore", etag)

    def assign_number(self, number_id: str, etag: str, assignment: Assignment) -> Document:
        """Which flow answers a number."""
        return self._exchange.ask(
            "PATCH",
            f"/numbers/{_segment(number_id)}",
            Document,
            body=assignment,
            headers={"if-match": etag},
        )

    def _act(self, flow_id: str, verb: str, etag: str) -> Document:
        path = f"/flows/{_segment(flow_id)}/{verb}"
        return self._exchange.ask("POST", path, Document, headers={"if-match": etag})


def _segment(text: str) -> str:
    """An id as one segment of a path, whatever it holds."""
    return quote(text, safe="")
