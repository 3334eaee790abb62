"""Hours as people type them: 9, 9h30, 9 h 30, 09:30, 930, 2pm, 24."""

import re

from cx_desktop.domain.schedules.calendar import MIDNIGHT, hour_of

_TYPED = re.compile(r"(\d{1,2})(?:\s*[h:.]?\s*(\d{2})|\s*h)?\s*(am|pm)?", re.IGNORECASE)
_NOON = 12


def hour_typed(text: str) -> str | None:
    """« 09:30 » of what somebody typed; None when it is no hour of a day."""
    match = _TYPED.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hours <= _NOON:
            return None
        hours = hours % _NOON + (_NOON if match[3].lower() == "pm" else 0)
    total = hours * 60 + minutes
    return hour_of(total) if minutes < 60 and total <= MIDNIGHT else None
