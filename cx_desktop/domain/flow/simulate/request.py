"""What a lookup would really send: for whoever wants to ask it of the network."""

from msgspec import Struct

from cx_desktop.domain.flow.kinds.shapes import rows
from cx_desktop.domain.flow.simulate.call import Call
from cx_desktop.domain.flow.simulate.scope import filled


class Request(Struct, frozen=True):
    """One web request."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    seconds: float = 5.0
    """How long an answer may take."""


def request_of(call: Call) -> Request | None:
    """The request of the lookup that a call is at; ``None`` where it asks no web address."""
    if call.end is not None or call.step.kind.id != "lookup":
        return None
    step = call.step
    url = filled(call, step.text("url")).strip()
    if step.text("source") not in ("", "http") or not url:
        return None
    headers = rows(step.props.get("headers"))
    return Request(
        method=step.text("method") or "GET",
        url=url,
        headers=tuple(
            (name, filled(call, str(each.get("value", ""))))
            for each in headers
            if isinstance(name := each.get("name"), str) and name
        ),
        body=filled(call, step.text("body")),
        seconds=step.number("lookup_timeout"),
    )
