"""Sounds whose time is over, found by the names of their files: no key is needed to delete them.

A name says ``<opaque>.<second of the end>.<part>`` (``sounds.py``). So they go also while nobody
has unlocked the profile, and from profiles that were put aside.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from cx_desktop.cache.sealing import shred

#: Where they lie in a profile.
FOLDER = "recordings"


def name_of(opaque: str, ends: datetime, part: str) -> str:
    """The name of a file that may be there until ``ends``."""
    return f"{opaque}.{int(ends.timestamp())}.{part}"


def end_of(path: Path) -> datetime | None:
    """Until when a file may be there; none where its name does not say so."""
    _, _, rest = path.name.partition(".")
    second = rest.partition(".")[0]
    if not (second.isascii() and second.isdigit()):
        return None
    try:
        return datetime.fromtimestamp(int(second), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def purge_files(profile: Path, now: datetime) -> int:
    """Delete every sound of a profile whose time is over; how many files went."""
    doomed = list(whose_time_is_over(profile, now))
    for path in doomed:
        shred(path)
    return len(doomed)


def whose_time_is_over(profile: Path, now: datetime) -> Iterator[Path]:
    """The files of a profile that may not be there any more."""
    folder = profile / FOLDER
    for path in folder.iterdir() if folder.is_dir() else ():
        end = end_of(path)
        if end is not None and end <= now:
            yield path
