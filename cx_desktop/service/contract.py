"""What an endpoint promises: its verb, what it takes and gives. Data, read by guard and OpenAPI."""

from collections.abc import Callable
from functools import wraps

from litestar.concurrency import sync_to_thread
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from cx_desktop.domain.access import Verb, changes_project, feature_of, step_up_of

Handle = Callable[..., object]
"""An endpoint's function; it runs on a worker thread."""

JSON = "application/json"
NDJSON = "application/x-ndjson"
EVENTS = "text/event-stream"
BYTES = "application/octet-stream"

#: The only addresses that answer without a signed-in user. Those of ``/devices/self`` are for
#: devices whose session is over: they ask for a device's signature, or for a directive of ours.
OPEN_ENDPOINTS = frozenset(
    {
        ("GET", "/openapi.json"),
        ("GET", "/v1/server"),
        ("POST", "/v1/sessions"),
        ("POST", "/v1/sessions/{challenge_id}/verify"),
        ("POST", "/v1/sessions/refresh"),
        ("POST", "/v1/invitations"),
        ("POST", "/v1/devices/self/challenge"),
        ("GET", "/v1/devices/self/directive"),
        ("POST", "/v1/devices/self/escrow"),
        ("POST", "/v1/devices/self/wiped"),
    }
)


class Contract(Struct, frozen=True, kw_only=True):
    """The promise of one endpoint."""

    method: str
    path: str
    name: str
    """What the operation is called in the OpenAPI document."""
    verb: Verb | None
    """What the user must hold somewhere to be let in; None only in ``OPEN_ENDPOINTS``."""
    answer: type | None = None
    status: int = 200
    media: str = JSON
    body: type | None = None
    query: type | None = None
    takes: str = ""
    """The media type of a body that is no JSON: the bytes are the file."""
    is_ranged: bool = False
    """``Range`` gives a part of what ``ETag`` names, and 206."""
    has_offset: bool = False
    """``Upload-Offset`` is required."""
    needs_version: bool = False
    """``If-Match`` is required, and the answer carries an ``ETag``."""
    is_creation: bool = False
    """``If-None-Match: *`` is required."""
    is_conditional: bool = False
    """``If-None-Match`` gives 304 when nothing moved."""
    needs_key: bool = False
    """``Idempotency-Key`` is required."""
    is_proven: bool = False
    """The device has signed the request with its key, over a challenge."""
    is_directed: bool = False
    """The request comes with the signed directive that it follows."""
    problems: tuple[str, ...] = ()
    """Names of refusals that are this endpoint's own."""

    @property
    def refusals(self) -> frozenset[str]:
        """Every refusal this endpoint may answer with, by name."""
        return frozenset(self.problems) | {
            name
            for applies, names in (
                (True, ("malformed", "method-not-allowed", "internal", "unavailable")),
                (self.verb is not None, ("token-invalid", "device-revoked", "forbidden")),
                ("{" in self.path, ("not-found",)),
                (self.method != "GET", ("too-large",)),
                (self.body is not None or self.takes, ("unsupported-media-type",)),
                (self.is_ranged, ("range-not-satisfiable",)),
                (self.needs_version, ("version-required", "stale-version")),
                (self.is_creation, ("version-required", "stale-version")),
                (self.needs_key, ("idempotency-required", "idempotency-mismatch")),
                (self.is_proven, ("device-unproven",)),
                (self.is_directed, ("directive-invalid",)),
                (self.verb is not None and changes_project(self.verb), ("project-suspended",)),
                (self.verb is not None and feature_of(self.verb), ("feature-not-subscribed",)),
                (self.verb is not None and step_up_of(self.verb), ("step-up-required",)),
            )
            if applies
            for name in names
        }


def endpoint(
    method: HttpMethod,
    path: str,
    *,
    verb: Verb | None,
    name: str = "",
    **promise: object,
) -> Callable[[Handle], HTTPRouteHandler]:
    """Declare an endpoint with its contract; ``{name}`` in the path is a text parameter.

    The operation is called as its function is, unless it has another ``name``.
    """
    if (verb is None) is not ((method.value, path) in OPEN_ENDPOINTS):
        raise ValueError(f"{method.value} {path}: open endpoints stand in one table")

    def declare(handle: Handle) -> HTTPRouteHandler:
        contract = Contract(
            method=method.value,
            path=path,
            name=name or handle.__name__,
            verb=verb,
            **promise,  # type: ignore[arg-type]
        )

        # Not ``sync_to_thread=True``: Litestar wraps a handler twice that shares its path.
        @wraps(handle)
        async def in_thread(**parts: object) -> object:
            return await sync_to_thread(handle, **parts)

        return HTTPRouteHandler(
            path.replace("}", ":str}"),
            http_method=method,
            status_code=200,  # answers carry their own
            media_type=contract.media,
            opt={"contract": contract},
        )(in_thread)

    return declare
