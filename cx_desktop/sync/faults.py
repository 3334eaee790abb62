"""What a fault means for the sync cycle: to wait, to read anew, or to give up and say so."""

from cx_desktop.client.errors import ServiceProblem
from cx_desktop.domain.errors import CXError
from cx_desktop.sync.events import Kind

_EPOCH = frozenset({"server-rewound"})
_ENDED = frozenset(
    {
        "token-invalid",
        "token-reused",
        "device-revoked",
        "unsupported-schema",
        "forbidden",
    }
)
_ORDERED = frozenset({"problem.locked-by-service", "problem.directive-invalid"})
_BATCH_STATUSES = frozenset({400, 413, 422})
_HERE = ("problem.disk-full", "problem.cache-")


def kind_of(error: CXError, *, is_push: bool) -> Kind:
    """Only the service's own words, in its own format, mean more than *not now*."""
    if not isinstance(error, ServiceProblem):
        if error.key in _ORDERED:
            return Kind.ENDED
        return Kind.HERE if error.key.startswith(_HERE) else Kind.AWAY
    name = error.problem.name
    if name.startswith("cursor-"):
        return Kind.CURSOR
    if name in _EPOCH:
        return Kind.EPOCH
    if name == "device-cloned" and is_push:
        return Kind.CLONED
    if name in _ENDED:
        return Kind.ENDED
    if is_push and error.problem.status in _BATCH_STATUSES:
        return Kind.BATCH
    return Kind.AWAY


def newest_spoken(error: CXError) -> int | None:
    """The highest schema of a service that does not speak ours."""
    if not isinstance(error, ServiceProblem) or error.problem.name != "unsupported-schema":
        return None
    newest = error.problem.params.get("max")
    return newest if isinstance(newest, int) else None


def highest_used(error: CXError) -> int:
    """Up to where another copy of this device has counted, by the service's own word."""
    highest = error.problem.params.get("highest") if isinstance(error, ServiceProblem) else None
    return highest if isinstance(highest, int) else 0
