"""An invitation as people paste it: the bare token, a line around it, or a link with the server."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from cx_desktop.domain.errors import CXError

#: As the fragment of a link it reaches no server and no log: ``https://cx.example.fr/#invitation=…``
_IN_LINK = re.compile(r"(?:^|[#&?])invitation=([^&#\s]+)")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,200}")


class Pasted(NamedTuple):
    """The token, and the server where the link named one."""

    token: str
    server: str = ""


def read(text: str) -> Pasted:
    """What was pasted; raises ``problem.invitation-malformed``."""
    typed = text.strip()
    server = ""
    if "://" in typed:
        try:
            link = urlsplit(typed)
        except ValueError:
            raise CXError("problem.invitation-malformed") from None
        found = _IN_LINK.search(f"?{link.query}#{link.fragment}")
        server = f"{link.scheme}://{link.netloc}" if link.scheme in {"http", "https"} else ""
        typed = found[1] if found and server and "@" not in link.netloc else ""
    if not _TOKEN.fullmatch(typed):
        raise CXError("problem.invitation-malformed")
    return Pasted(typed, server)
