"""Whether an answer is whole, by the digest that it brings along."""

import httpx

from cx_desktop.domain.errors import CXError
from cx_desktop.protocol.integrity import REPR_DIGEST, repr_digest


def check(headers: httpx.Headers, content: bytes, *, host: str, needs_one: bool = False) -> None:
    """Refuse an answer whose digest does not fit, or where one is needed and does not come."""
    said = headers.get(REPR_DIGEST)
    if said is None and not needs_one:
        return
    if said != repr_digest(content):
        raise CXError("problem.unexpected-answer", retryable=True, host=host)
