"""Stretches of rows: item models tell what happened to several rows in a row at once."""

from collections.abc import Iterable


def runs(marked: Iterable[bool]) -> list[range]:
    """The stretches of positions that are marked."""
    found: list[range] = []
    for position, is_marked in enumerate(marked):
        if not is_marked:
            continue
        if found and found[-1].stop == position:
            found[-1] = range(found[-1].start, position + 1)
        else:
            found.append(range(position, position + 1))
    return found
