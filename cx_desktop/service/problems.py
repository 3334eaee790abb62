"""Every way the service says no: stable names, HTTP statuses and RFC 9457 documents.

Titles here are for developers who read the wire; people read the client's catalogue, by name.
"""

from collections.abc import Mapping
from types import MappingProxyType

from cx_desktop.protocol import PROBLEM_BASE, Fault, Problem

PROBLEM_JSON = "application/problem+json"

#: name → (status, title, may succeed when asked again unchanged)
PROBLEMS: Mapping[str, tuple[int, str, bool]] = MappingProxyType(
    {
        "malformed": (400, "The request is not what this endpoint takes", False),
        "wrong-password": (401, "User name or password is wrong", False),
        "wrong-code": (401, "The verification code is wrong", False),
        "code-reused": (401, "This verification code was already used", False),
        "clock-off": (401, "The code belongs to another time: a clock is off", False),
        "challenge-expired": (401, "The sign-in took too long; start again", False),
        "token-invalid": (401, "The token is missing, expired or revoked", False),
        "token-reused": (401, "The refresh token was already used; the session is closed", False),
        "device-unproven": (401, "The device's signature or its challenge does not hold", False),
        "device-revoked": (403, "This device was revoked", False),
        "directive-invalid": (403, "This is no directive of this service for that", False),
        "forbidden": (403, "Your role does not allow this", False),
        "step-up-required": (403, "A fresh verification code is needed", False),
        "on-request": (403, "The provider does this when asked to", False),
        "project-suspended": (403, "The project is suspended: it can be read, not changed", False),
        "feature-not-subscribed": (403, "The project has not subscribed this feature", False),
        "not-found": (404, "There is no such thing here", False),
        "sound-moved": (404, "The sound of this recording is not kept here any more", False),
        "method-not-allowed": (405, "This address does not take this method", False),
        "export-files-there": (409, "Files still lie at the former place", False),
        "recording-held": (409, "A recording is protected; release it first", False),
        "in-use": (409, "Something still uses it", False),
        "archived": (409, "The object is archived", False),
        "op-id-reused": (409, "The op id was used for another edit", False),
        "superseded": (409, "Another op has taken the place of this one", False),
        "expired": (409, "It was to happen earlier, or not at all", False),
        "live-moved": (409, "Something else is live than when it was planned", False),
        "nothing-to-return-to": (409, "Nothing is live that could come back", False),
        "planned-already": (409, "Another publication is planned for the same time", False),
        "time-is-over": (409, "It is over, or its time has passed", False),
        "unknown-revision": (409, "There is no such published version", False),
        "confirmation-needed": (409, "It would delete more recordings than were named", False),
        "idempotency-mismatch": (409, "The Idempotency-Key was used for another request", False),
        "server-rewound": (409, "This service lost changes that you have seen", False),
        "device-cloned": (409, "Another copy of this device pushed already", False),
        "unsupported-schema": (409, "The sync schema is not spoken here", False),
        "username-taken": (409, "The user name is taken", False),
        "cursor-expired": (410, "The cursor is no longer good; take a snapshot", False),
        "recording-gone": (410, "The recording was deleted when its time was over", False),
        "other-offset": (409, "The part does not begin where the last one ended", False),
        "invitation-used": (410, "The invitation is unknown, used or expired", False),
        "stale-version": (412, "Somebody else changed it meanwhile", False),
        "too-large": (413, "The request is too large", False),
        "unsupported-media-type": (415, "Send another media type", False),
        "range-not-satisfiable": (416, "The file has no such part", False),
        "findings-block": (422, "Blocking findings refuse the publication", False),
        "tests-failed": (422, "Tests of a flow have not passed", False),
        "weak-password": (422, "The password is too weak", False),
        "locked-out": (423, "Too many failures; wait", True),
        "version-required": (428, "Say which version you change (If-Match)", False),
        "idempotency-required": (428, "Send an Idempotency-Key", False),
        "rate-limited": (429, "Too many requests", True),
        "internal": (500, "The service failed; the fault is recorded", True),
        "storage-full": (507, "The project may not keep more files", False),
        "unavailable": (503, "The service is busy; ask again", True),
    }
)


class Refusal(Exception):  # noqa: N818  (it is an answer, not an error)
    """An answer of the service that is a problem; raised anywhere, rendered once."""

    def __init__(
        self,
        name: str,
        /,
        *,
        faults: tuple[Fault, ...] = (),
        detail: str = "",
        retry_after: float | None = None,
        **params: str | int,
    ) -> None:
        super().__init__(name, params)
        self.name = name
        self.status = PROBLEMS[name][0]
        self.faults = faults
        self.detail = detail
        self.retry_after = retry_after
        self.params = params

    def problem(self, request_id: str = "") -> Problem:
        """The document that goes over the wire."""
        status, title, retryable = PROBLEMS[self.name]
        return Problem(
            type=PROBLEM_BASE + self.name,
            title=title,
            status=status,
            detail=self.detail,
            request_id=request_id,
            retryable=retryable,
            retry_after=self.retry_after,
            errors=self.faults,
            params=self.params,
        )


def malformed(pointer: str, code: str, message: str = "") -> Refusal:
    """The refusal of a request with one fault at one place."""
    return Refusal("malformed", faults=(Fault(pointer=pointer, code=code, message=message),))
