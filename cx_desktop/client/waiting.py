"""For how long whoever answered asks to be left alone: seconds, or a date (RFC 9110, 10.2.3)."""

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from cx_desktop.domain.errors import CXError

#: Nobody is obeyed for longer: a clock may be wrong, a proxy may mean well.
LONGEST = 15 * 60.0


class NotNow(CXError):  # noqa: N818  (it is an answer, not an error)
    """Somebody on the way says that the service cannot be asked just now."""

    def __init__(self, key: str, *, retry_after: float, **params: str | int) -> None:
        super().__init__(key, retryable=True, **params)
        self.retry_after = retry_after


def bounded(seconds: float) -> float:
    """A wait that is one: neither negative nor without end."""
    return min(max(0.0, seconds), LONGEST) if math.isfinite(seconds) else 0.0


def asked_for(headers: httpx.Headers) -> float:
    """The seconds that ``Retry-After`` asks for; 0 where it asks for nothing that can be read."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdecimal():
        return bounded(float(said))
    until = _moment(said)
    if until is None:
        return 0.0
    # By the clock of whoever says it, where they tell: ours may be off.
    now = _moment(headers.get("date", "")) or datetime.now(UTC)
    return bounded((until - now).total_seconds())


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
