"""Raises children that write to a cache until somebody kills them; run as a process of its own.

Reads ``role folder`` lines; for each it forks a child (so that imports are paid once), says
``pid N``, lets the child say what it has done, and says ``dead`` when it is gone.
"""

import os
import sys
from pathlib import Path

import msgspec

from cx_desktop.cache import Edit
from cx_desktop.domain.patch import Change
from cx_desktop.ports import SystemClock
from tests.cache.world import World, put

ROWS_PER_PAGE = 20


def say(text: str) -> None:
    """One line at once, in one write, so that a kill cannot cut it."""
    os.write(1, f"{text}\n".encode())


def _world(folder: Path) -> World:
    return World(folder, SystemClock())


def _edits(folder: Path, *, says_it_first: bool) -> None:
    world = _world(folder)
    flows = world.cache.rows("flow")
    flow = flows[0].id if flows else world.received()
    start = int(world.cache.meta("run") or 0)
    world.cache.set_meta("run", str(start + 1))
    for count in range(1_000_000):
        node = f"n{start}_{count}"
        place = ("draft", "nodes", node)
        value = {"id": node, "kind": "menu", "title": "x" * 200}
        if count % 7 == 3:
            world.send()  # some edits are in flight when death comes
        if says_it_first:
            say(f"saved {node}")
        world.cache.edit(Edit("flow", flow, changes=(Change(place, value),)))
        if not says_it_first:
            say(f"saved {node}")


def _pages(folder: Path, *, cursor_first: bool) -> None:
    world = _world(folder)
    while True:
        number = int(world.cache.sync.stream("flows").cursor[1:]) + 1
        rows = [
            put(world.flow(f"page {number}"), ver=1, seq=number * ROWS_PER_PAGE + n)
            for n in range(ROWS_PER_PAGE)
        ]
        if cursor_first:  # the deliberately wrong order
            world.receive()
            page = world.page(*rows)
            world.cache.sync.apply_page(msgspec.structs.replace(page, next=page.since))
        else:
            world.receive(*rows)
        say(f"page {number}")


def _child(role: str, folder: Path) -> None:
    match role:
        case "edits":
            _edits(folder, says_it_first=False)
        case "edits-mutant":
            _edits(folder, says_it_first=True)
        case "pages":
            _pages(folder, cursor_first=False)
        case "pages-mutant":
            _pages(folder, cursor_first=True)


def main() -> None:
    for line in sys.stdin:
        role, folder = line.split(maxsplit=1)
        pid = os.fork()
        if pid == 0:
            try:
                _child(role, Path(folder.strip()))
            finally:
                os._exit(1)
        say(f"pid {pid}")
        os.waitpid(pid, 0)
        say("dead")


if __name__ == "__main__":
    main()
