"""The checksum of a page, as both ends reckon it."""

import hashlib


class Seal:
    """Runs over the head and every row line, each with its line feed; a cursor closes it.

    The cursor is part of what is vouched for: one that was damaged on the way would be kept, and
    the next page would be asked for from nowhere.
    """

    def __init__(self, head: bytes) -> None:
        self.rows = 0
        self._digest = hashlib.sha256()
        self._add(head)

    def add(self, line: bytes) -> None:
        """One row line."""
        self.rows += 1
        self._add(line)

    def add_lines(self, lines: bytes, rows: int) -> None:
        """So many row lines at once, each with its line feed."""
        self.rows += rows
        self._digest.update(lines)

    def closed_by(self, cursor: str) -> str:
        """The hex digest of all so far and this cursor (or resume mark); rows may still follow."""
        closed = self._digest.copy()
        closed.update(cursor.encode())
        return closed.hexdigest()

    def _add(self, line: bytes) -> None:
        self._digest.update(line.removesuffix(b"\n"))
        self._digest.update(b"\n")
