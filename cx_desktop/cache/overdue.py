"""What may not be there any more, found by the names of files: no key is needed to delete them.

Sounds are named ``<opaque>.<second of the end>.<part>`` (``sounds.py``), so they go also while
nobody has unlocked the profile, and from profiles that were put aside. A database that was put
aside is dated; nothing that is due can be taken out of it any more, so it goes as a whole when
everything in it that is ever due is due.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from cx_desktop.cache.sealing import shred
from cx_desktop.domain.recordings import delete_by

#: Where sounds lie in a profile.
FOLDER = "recordings"
#: What a database is called that could not be read (``rescue.py``), and then the day.
UNREADABLE = "cache-unreadable-"
_DATABASE = "cache.db"
#: A profile that was put aside as a whole (``auth``), and when.
_ASIDE = re.compile(r"\.aside-(\d{4})(\d\d)(\d\d)T")
_DATED = re.compile(rf"{UNREADABLE}(\d{{4}})-(\d\d)-(\d\d)T")


def name_of(opaque: str, ends: datetime, part: str) -> str:
    """The name of a file that may be there until ``ends``."""
    return f"{opaque}.{int(ends.timestamp())}.{part}"


def end_of(path: Path) -> datetime | None:
    """Until when a sound may be there; none where its name does not say so."""
    _, _, rest = path.name.partition(".")
    second = rest.partition(".")[0]
    if not (second.isascii() and second.isdigit()):
        return None
    try:
        return datetime.fromtimestamp(int(second), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def purge_files(profile: Path, now: datetime) -> int:
    """Delete everything of a profile whose time is over; how many files went.

    What cannot be deleted keeps nothing else; it is told at the end.
    """
    return shred(tuple(whose_time_is_over(profile, now)))


def whose_time_is_over(profile: Path, now: datetime) -> Iterator[Path]:
    """The files of a profile that may not be there any more."""
    sounds = profile / FOLDER
    for path in sounds.iterdir() if sounds.is_dir() else ():
        end = end_of(path)
        if end is not None and end <= now:
            yield path
    today = now.date()
    for path in profile.glob(f"{UNREADABLE}*"):
        if _is_old(_DATED.match(path.name), today):
            yield path
    if _is_old(_ASIDE.search(profile.name), today):
        yield from profile.glob(f"{_DATABASE}*")


def _is_old(dated: re.Match[str] | None, today: date) -> bool:
    """Whether the newest recording in it is due."""
    if dated is None:
        return False
    try:
        return delete_by(date(*map(int, dated.groups()))) <= today
    except ValueError:
        return False
