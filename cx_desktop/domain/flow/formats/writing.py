"""The formats of other products that a flow can be written as."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from cx_desktop.domain.flow.formats import Written, connect, twilio, voicexml
from cx_desktop.domain.flow.graph import Flow

#: How a flow becomes a file; raises ``CXError`` when it cannot be said there at all.
Writer: TypeAlias = Callable[[Flow], Written]

#: How a flow is written in each format; ours is ``cx.write``, which needs more than the flow.
WRITERS: Mapping[str, Writer] = MappingProxyType(
    {
        "connect-flowlang": connect.written,
        twilio.FORMAT: twilio.written,
        voicexml.FORMAT: voicexml.written,
    }
)

#: Formats whose files have one ending.
IN_JSON = frozenset({"connect-flowlang", twilio.FORMAT})


def format_by_origin(flow: Flow, otherwise: str) -> str:
    """Which of the formats in JSON a flow came from, if it came from one; else ``otherwise``."""
    if otherwise not in IN_JSON:
        return otherwise
    origin = flow.meta.get("origin")
    name = origin.get("format") if isinstance(origin, dict) else None
    return name if isinstance(name, str) and name in IN_JSON else otherwise
