"""Every error leaves as an RFC 9457 problem, whoever raised it."""

import logging

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from sqlalchemy.exc import OperationalError

from cx_desktop.protocol.integrity import REPR_DIGEST, repr_digest
from cx_desktop.service.call import request_id
from cx_desktop.service.problems import PROBLEM_JSON, Refusal

Asked = Request[object, object, State]

_log = logging.getLogger("cx_desktop.service")

_BY_STATUS = {
    400: "malformed",
    401: "token-invalid",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
    429: "rate-limited",
}


def refused(request: Asked, refusal: Refusal) -> Response[bytes]:
    """A refusal of ours."""
    problem = refusal.problem(request_id(request.scope))
    content = msgspec.json.encode(problem)
    headers = {"X-Request-Id": problem.request_id, REPR_DIGEST: repr_digest(content)}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="cx-desktop"'
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(int(refusal.retry_after))
    return Response(
        content,
        status_code=problem.status,
        media_type=PROBLEM_JSON,
        headers=headers,
    )


def not_served(request: Asked, error: HTTPException) -> Response[bytes]:
    """What the framework refuses: unknown address, wrong method, too large."""
    name = _BY_STATUS.get(error.status_code)
    if name is None:
        return failed(request, error)
    response = refused(request, Refusal(name))
    for key, value in (error.headers or {}).items():
        response.headers[key] = value
    return response


def busy(request: Asked, error: OperationalError) -> Response[bytes]:
    """The database is locked or full: nothing was done."""
    _log.error("The database refused %s", request.scope.get("path"), exc_info=error)
    return refused(request, Refusal("unavailable", retry_after=2))


def failed(request: Asked, error: Exception) -> Response[bytes]:
    """A bug of ours: logged with the id that the caller sees."""
    _log.error("Request failed: %s", request.scope.get("path"), exc_info=error)
    return refused(request, Refusal("internal"))
