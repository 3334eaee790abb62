"""What clocks on the wall show: an hour that a night skips, and one that it shows twice."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def instants_of(shown: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The instants at which clocks in a zone show this: none, one or two, the first one first."""
    both = {shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(each for each in sorted(both) if shown_at(each, zone) == shown)


def shown_at(instant: datetime, zone: ZoneInfo) -> datetime:
    """What clocks in a zone show at an instant."""
    return instant.astimezone(zone).replace(tzinfo=None)
