"""Recordings sent to a server of the client's own: where, under which names, and until when.

What lies there is the client's alone to answer for, for no longer than here (REC-07, article 4.2).
Names are built from what is known of a call, none of which may leave the folder or hide a file.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from enum import StrEnum

from msgspec import Struct

from cx_desktop.domain.finding import Finding, Severity


class Transport(StrEnum):
    """How files travel."""

    SFTP = "sftp"
    FTPS = "ftps"
    """FTP with TLS asked for before the password (``AUTH TLS``, RFC 4217)."""
    FTP = "ftp"
    """Readable by anybody on the way: only where somebody has said that this is known."""


PORTS: Mapping[str, int] = {Transport.SFTP: 22, Transport.FTPS: 21, Transport.FTP: 21}
USUAL_PATTERN = "{year}-{month}/{date}_{time}_{queue}_{id}"
#: Of each value that a name is made of; of each part of a path, as file systems have it.
LONGEST_VALUE, LONGEST_PART = 40, 250
MOST_PARTS = 8

_HOST = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9a-fA-F:]*:[0-9a-fA-F:.]*"
)
_FIELD = re.compile(r"\{([^{}]*)\}")
_ODD = re.compile(r"[^A-Za-z0-9._-]+")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_LAST_PORT = 65_535


class Destination(Struct, frozen=True):
    """Where the recordings of a project are sent, and when."""

    transport: str = Transport.SFTP.value
    host: str = ""
    port: int = 0
    """0 for the usual one."""
    user: str = ""
    folder: str = ""
    """On the server; relative to where a sign-in leads, or absolute."""
    pattern: str = USUAL_PATTERN
    """The path below it, without the extension."""
    at: str = "02:00"
    """Each day at this time of the project's zone."""
    is_on: bool = False
    purges: bool = True
    """Whether files are removed there on the day when they have to be gone here (REC-07)."""
    accepts_plain: bool = False
    """Somebody has read that plain FTP shows passwords and voices to whoever listens."""
    identity: str = ""
    """The server's host key or certificate, ``SHA256:…``, as somebody has confirmed it.

    Empty for FTPS: whom this computer's authorities vouch for.
    """

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        return self.host, self.port or PORTS.get(self.transport, 0)

    @property
    def time(self) -> time:
        """The time of day."""
        return time.fromisoformat(self.at)


class Called(Struct, frozen=True):
    """What a name may say of a call; times are those of the project's zone."""

    id: str
    started_at: datetime
    queue: str = ""
    agent: str = ""
    direction: str = ""
    duration: int = 0
    """Seconds."""


#: What stands for what in a pattern. No numbers, and of people only the agent's name.
FIELDS: Mapping[str, Callable[[Called], str]] = {
    "year": lambda call: f"{call.started_at:%Y}",
    "month": lambda call: f"{call.started_at:%m}",
    "day": lambda call: f"{call.started_at:%d}",
    "date": lambda call: f"{call.started_at:%Y-%m-%d}",
    "time": lambda call: f"{call.started_at:%H-%M-%S}",
    "queue": lambda call: call.queue,
    "agent": lambda call: call.agent,
    "direction": lambda call: call.direction,
    "duration": lambda call: str(call.duration),
    "id": lambda call: call.id,
}


def faults(wanted: Destination) -> Iterator[tuple[str, str]]:
    """The fields that cannot stay as they are, each with what is wrong (``fault.<code>``)."""
    yield from _address_faults(wanted)
    if not _is_plain_path(wanted.folder):
        yield "folder", "path"
    if not _CLOCK.fullmatch(wanted.at):
        yield "at", "time"
    yield from _pattern_faults(wanted.pattern)
    if wanted.transport == Transport.FTP and not wanted.accepts_plain:
        yield "accepts_plain", "plain"
    if wanted.is_on and wanted.transport == Transport.SFTP and not wanted.identity:
        yield "identity", "unconfirmed"


def findings(wanted: Destination) -> Iterator[Finding]:
    """What is allowed, and worth a word."""
    if wanted.transport == Transport.FTP:
        yield Finding("FTP-PLAIN", Severity.WARNING, property="transport")
    if not wanted.purges:
        yield Finding("REC-07", Severity.WARNING, property="purges")
    if "{agent}" in wanted.pattern:
        yield Finding("FTP-NAMES", Severity.INFORMATION, property="pattern")


def path_of(pattern: str, call: Called, extension: str) -> str:
    """The path of a recording below the folder: plain letters, digits, ``.``, ``_`` and ``-``.

    Whatever an agent or a queue is called, the path stays below the folder and no part of it is
    hidden, empty or too long.
    """
    parts = [_cleaned(_filled(part, call)) for part in pattern.split("/")]
    return "/".join(parts) + extension


def is_due_there(delete_by: date, today: date) -> bool:
    """Whether a file has to be gone from the client's server."""
    return delete_by <= today


def _address_faults(wanted: Destination) -> Iterator[tuple[str, str]]:
    if wanted.transport not in tuple(Transport):
        yield "transport", "unknown"
    if not _HOST.fullmatch(wanted.host):
        yield "host", "address"
    if not 0 <= wanted.port <= _LAST_PORT:
        yield "port", "range"
    if not wanted.user.strip() or not wanted.user.isprintable():
        yield "user", "empty"


def _filled(part: str, call: Called) -> str:
    def value(match: re.Match[str]) -> str:
        # A slash in a name makes no folder.
        return FIELDS[match[1]](call).replace("/", "-")[:LONGEST_VALUE]

    return _FIELD.sub(value, part)


def _cleaned(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = _ODD.sub("-", plain).strip("-. ")
    return name or "_"


def _pattern_faults(pattern: str) -> Iterator[tuple[str, str]]:
    parts = pattern.split("/")
    names = _FIELD.findall(pattern)
    rest = _FIELD.sub("", pattern)
    if not pattern.strip() or not all(part.strip() for part in parts) or len(parts) > MOST_PARTS:
        yield "pattern", "path"
    elif set(names) - set(FIELDS) or "{" in rest or "}" in rest:
        yield "pattern", "field"
    elif "{id}" not in parts[-1]:
        yield "pattern", "id"
    elif any(len(_FIELD.sub("x" * LONGEST_VALUE, part)) > LONGEST_PART for part in parts):
        yield "pattern", "long"


def _is_plain_path(folder: str) -> bool:
    return folder.isprintable() and ".." not in folder.split("/") and "\\" not in folder
