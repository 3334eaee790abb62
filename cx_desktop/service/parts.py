"""Files as HTTP gives them: as a whole or in part (RFC 9110), each under the digest it has."""

import base64
import re

from msgspec import Struct

from cx_desktop.service.problems import Refusal

_RANGE = re.compile(r"bytes=(?P<first>\d{0,18})-(?P<last>\d{0,18})")


class Part(Struct, frozen=True):
    """The bytes of a file from ``start`` up to ``end``."""

    sha256: str
    size: int
    """Of the whole file."""
    start: int
    end: int
    is_part: bool
    """Whether a part was asked for; the whole file may be one."""

    @property
    def status(self) -> int:
        """200 or 206."""
        return 206 if self.is_part else 200

    @property
    def headers(self) -> dict[str, str]:
        """What says which bytes these are, and of which file."""
        digest = base64.b64encode(bytes.fromhex(self.sha256)).decode()
        headers = {
            "ETag": f'"{self.sha256}"',
            "Accept-Ranges": "bytes",
            "Repr-Digest": f"sha-256=:{digest}:",
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        }
        if self.is_part:
            headers["Content-Range"] = f"bytes {self.start}-{self.end - 1}/{self.size}"
        return headers


def asked(headers: dict[str, str], sha256: str, size: int) -> Part:
    """What a request asks for of a file; what is no single range asks for all of it."""
    whole = Part(sha256, size, 0, size, is_part=False)
    found = _RANGE.fullmatch(headers.get("range", "").strip())
    etag = f'"{sha256}"'
    if found is None or headers.get("if-range", etag) != etag:
        return whole
    first, last = found["first"], found["last"]
    if not first and not last:
        return whole
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if start >= size or end <= start:
        if first and last and int(last) < int(first):
            return whole  # RFC 9110: no valid range at all
        raise Refusal("range-not-satisfiable")
    return Part(sha256, size, start, end, is_part=True)
