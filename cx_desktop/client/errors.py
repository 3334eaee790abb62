"""Faults of the way and refusals of the service, translated once into the world's faults.

Failure policy: only an ``application/problem+json`` answer is the service's word
(``ServiceProblem``). Whatever else comes with an error status, a redirect or another content type
is somebody between us and the service, and never a reason to delete or to sign out.
"""

import math
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import msgspec

from cx_desktop.client import waiting
from cx_desktop.client.waiting import NotNow
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Problem

#: The problems that the catalogue has words for, with the placeholders those words use.
KNOWN_PROBLEMS: dict[str, tuple[str, ...]] = {
    "wrong-password": (),
    "wrong-code": (),
    "code-reused": (),
    "locked-out": ("minutes",),
    "challenge-expired": (),
    "clock-off": ("minutes",),
    "device-revoked": (),
    "device-unproven": (),
    "directive-invalid": (),
    "token-invalid": (),
    "token-reused": (),
    "step-up-required": (),
    "forbidden": (),
    "not-found": (),
    "stale-version": ("who",),
    "expired": (),
    "superseded": (),
    "version-required": (),
    "idempotency-required": (),
    "idempotency-mismatch": (),
    "project-suspended": (),
    "feature-not-subscribed": (),
    "findings-block": ("count",),
    "tests-failed": ("count",),
    "in-use": ("name",),
    "unknown-revision": (),
    "live-moved": ("name",),
    "nothing-to-return-to": ("name",),
    "planned-already": ("name",),
    "time-is-over": (),
    "malformed": (),
    "too-large": (),
    "cursor-expired": (),
    "server-rewound": (),
    "device-cloned": (),
    "unsupported-schema": (),
    "rate-limited": ("seconds",),
    "invitation-used": (),
    "weak-password": (),
    "archived": (),
    "username-taken": (),
    "confirmation-needed": ("count",),
    "export-files-there": ("count",),
    "on-request": (),
    "recording-gone": (),
    "recording-held": (),
    "sound-moved": (),
    "storage-full": (),
    "other-offset": (),
    "range-not-satisfiable": (),
    "method-not-allowed": (),
    "unsupported-media-type": (),
    "internal": (),
    "unavailable": (),
}

_MINUTE = 60
_RETRYABLE = frozenset({408, 425, 429, 500, 502, 503, 504})

# OpenSSL's verdicts, openssl/x509_vfy.h
_NOT_YET_VALID, _EXPIRED, _WRONG_NAME, _WRONG_ADDRESS = 9, 10, 62, 64
_CERTIFICATE_KEYS = {
    _NOT_YET_VALID: "problem.certificate-not-yet-valid",
    _EXPIRED: "problem.certificate-expired",
    _WRONG_NAME: "problem.certificate-wrong-name",
    _WRONG_ADDRESS: "problem.certificate-wrong-name",
}

_CAUSE_KEYS: tuple[tuple[type[Exception], str], ...] = (
    (ssl.SSLError, "problem.tls-failed"),
    (socket.gaierror, "problem.unknown-host"),
    (ConnectionRefusedError, "problem.refused"),
)
_KEYS: tuple[tuple[type[Exception], str], ...] = (
    (httpx.TimeoutException, "problem.timeout"),
    (httpx.ProxyError, "problem.proxy-sign-in"),
    (httpx.ConnectError, "problem.unreachable"),
    (httpx.DecodingError, "problem.unexpected-answer"),
    (httpx.InvalidURL, "problem.bad-address"),
)


class ServiceProblem(CXError):  # noqa: N818  (RFC 9457 calls it a problem, and so do we)
    """The service's own word that it will not do something; ``problem`` is what it said."""

    def __init__(self, problem: Problem) -> None:
        is_known = problem.name in KNOWN_PROBLEMS
        params = _params(problem) if is_known else {"said": problem.detail or problem.title}
        super().__init__(
            f"problem.{problem.name}" if is_known else "problem.unknown",
            retryable=problem.retryable or problem.status in _RETRYABLE,
            **params,
        )
        self.problem = problem


def _params(problem: Problem) -> dict[str, str | int]:
    """What the words of this problem need, also when a provider leaves it out."""
    wait = problem.params.get("seconds")
    seconds = abs(wait) if isinstance(wait, int) else problem.retry_after or _MINUTE
    fallback: dict[str, str | int] = {
        "minutes": max(1, math.ceil(seconds / 60)),
        "seconds": math.ceil(seconds),
        "count": len(problem.errors),
        "who": "?",
        "name": "?",
    }
    needed = {name: fallback[name] for name in KNOWN_PROBLEMS[problem.name]}
    return {**needed, **problem.params}


def refusal(*, status: int, headers: httpx.Headers, body: bytes, host: str) -> CXError:
    """The fault that an answer stands for which is not what was asked for."""
    if headers.get("content-type", "").startswith("application/problem+json"):
        try:
            return ServiceProblem(_told(headers, msgspec.json.decode(body, type=Problem)))
        except msgspec.MsgspecError:
            return CXError("problem.unexpected-answer", retryable=True, host=host)
    if status == httpx.codes.PROXY_AUTHENTICATION_REQUIRED:
        return CXError("problem.proxy-sign-in", retryable=True, host=host)
    wait = waiting.asked_for(headers)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        seconds = math.ceil(wait) or _MINUTE
        return NotNow("problem.rate-limited", retry_after=wait, seconds=seconds)
    if status in {502, 503, 504}:
        return NotNow("problem.service-down", retry_after=wait, host=host)
    return CXError("problem.not-the-service", retryable=True, host=host)


def _told(headers: httpx.Headers, problem: Problem) -> Problem:
    """The problem with how long to wait, wherever the service says it."""
    wait = waiting.asked_for(headers)
    if problem.retry_after is None and wait:
        return msgspec.structs.replace(problem, retry_after=wait)
    return problem


def retry_after(error: CXError) -> float:
    """For how many seconds the service, or somebody on the way, asks to be left alone."""
    if isinstance(error, NotNow):
        return error.retry_after
    said = error.problem.retry_after if isinstance(error, ServiceProblem) else None
    return waiting.bounded(said or 0.0)


@contextmanager
def service_errors(host: str) -> Iterator[None]:
    """Whatever the way to ``host`` does to us inside, leaves as a ``CXError``."""
    try:
        yield
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
        raise CXError(_key(error), retryable=True, host=host) from error
    except msgspec.MsgspecError as error:
        raise CXError("problem.unexpected-answer", retryable=True, host=host) from error


def _key(error: Exception) -> str:
    """The word for a fault of the way: by its known cause, else by what httpx calls it."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _CERTIFICATE_KEYS.get(cause.verify_code, "problem.untrusted-certificate")
        for kind, key in _CAUSE_KEYS:
            if isinstance(cause, kind):
                return key
    return next((key for kind, key in _KEYS if isinstance(error, kind)), "problem.interrupted")


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
