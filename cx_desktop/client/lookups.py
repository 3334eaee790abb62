"""Asking a flow's own web addresses, when somebody wants to simulate with real answers.

Nothing of the session goes along: these servers are strangers. The rules of ``transport`` hold: in
the demo no other computer is reached, plain http only this one, and redirects are not followed.
"""

from collections.abc import Callable

import httpx
import msgspec

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.behaviour import Outcome
from cx_desktop.domain.flow.graph import ExitId
from cx_desktop.domain.flow.simulate.request import Request
from cx_desktop.domain.patch import Json

#: No more of an answer is read.
MOST_BYTES = 1_000_000

_NOT_FOUND = 404


class LookupCalls:
    """Asks strangers; ``elsewhere`` gives a client of a server, by the rules of this program."""

    def __init__(self, elsewhere: Callable[[str], httpx.Client] | None) -> None:
        self._elsewhere = elsewhere

    def ask(self, request: Request) -> Outcome:
        """What the address answers, as the lookup would take it."""
        if self._elsewhere is None:
            raise CXError("problem.no-lookups")
        try:
            url = httpx.URL(request.url)
            server = f"{url.scheme}://{url.netloc.decode('ascii')}"
        except (httpx.InvalidURL, ValueError) as error:
            raise CXError("problem.bad-address", address=request.url) from error
        with self._elsewhere(server) as http:
            return _asked(http, url, request)


def _asked(http: httpx.Client, url: httpx.URL, request: Request) -> Outcome:
    try:
        with http.stream(
            request.method,
            url,
            headers=dict(request.headers),
            content=request.body.encode() or None,
            timeout=request.seconds,
        ) as response:
            content = _content(response)
    except httpx.TimeoutException:
        return Outcome(ExitId("timeout"), seconds=request.seconds)
    except (httpx.HTTPError, UnicodeError, ValueError):
        return Outcome(ExitId("http_error"))
    if response.status_code == _NOT_FOUND:
        return Outcome(ExitId("not_found"))
    if not response.is_success:
        return Outcome(ExitId("http_error"))
    return Outcome(ExitId("ok"), _read(content))


def _content(response: httpx.Response) -> bytes:
    content = b""
    for part in response.iter_bytes():
        content += part
        if len(content) > MOST_BYTES:
            break
    return content[:MOST_BYTES]


def _read(content: bytes) -> Json:
    """JSON where it is some, else the text."""
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError):
        return content.decode("utf-8", "replace")
