"""A process on a disk that has no room, or that may not be written to, and what it says of it.

``python -m tests.cache.small_disk <act> <folder>`` prints the key of the problem that it met, then
what it could do when there was room again. Room is what the system lets a process write to a file
(``RLIMIT_FSIZE``), so that nothing is faked; where the superuser runs this, it stops being one.
"""

import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from cx_desktop.cache import Cache, Edit
from cx_desktop.domain.errors import CXError
from tests.cache.crash_points import opened
from tests.cache.world import set_to

NOBODY = 65534
ROOM = 256 << 10
SOUND = os.urandom(2 * ROOM)


def met(work: Callable[[], object]) -> str:
    """The key of the problem that this work meets."""
    try:
        work()
    except CXError as error:
        return error.key
    return "nothing"


def _room(size: int) -> None:
    """From now on no file may become longer."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def _sound(cache: Cache) -> None:
    cache.blobs.keep("p", SOUND, is_sent=False)


def _edit(cache: Cache, length: int) -> None:
    row = cache.rows("flow")[0]
    change = set_to(("description",), row.data["description"], "y" * length)
    cache.edit(Edit("flow", row.id, changes=(change,)))


def full_for_a_sound(folder: Path) -> list[object]:
    cache = opened(folder)
    _room(ROOM)
    problem = met(lambda: _sound(cache))
    left = sorted(each.name for each in (folder / "blobs").iterdir())
    edit = met(lambda: _edit(cache, 10))
    _room(resource.RLIM_INFINITY)
    again = met(lambda: _sound(cache))
    return [problem, left, edit, again, len(cache.blobs.unsent())]


def full_for_an_edit(folder: Path) -> list[object]:
    cache = opened(folder)
    _room(ROOM)
    problem = met(lambda: _edit(cache, 4 * ROOM))
    waiting = len(cache.outbox())
    _room(resource.RLIM_INFINITY)
    return [problem, waiting, cache.sync.verify(), met(lambda: _edit(cache, 10))]


def read_only(folder: Path) -> list[object]:
    os.chdir(folder.parent)  # what lies above need not be open to others
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
    return [met(lambda: _used(Path(folder.name)))]


def _used(folder: Path) -> None:
    cache = opened(folder)
    try:
        _edit(cache, 10)
    finally:
        cache.close()


if __name__ == "__main__":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    acts = {each.__name__: each for each in (full_for_a_sound, full_for_an_edit, read_only)}
    for said in acts[sys.argv[1]](Path(sys.argv[2])):
        print(said, flush=True)
    os._exit(0)
