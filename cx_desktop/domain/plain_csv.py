"""Tables for spreadsheets in which nothing is a formula (CWE-1236)."""

import csv
import io
from collections.abc import Iterable, Sequence

#: Spreadsheets take a cell that begins so for a formula.
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def table(rows: Iterable[Sequence[object]], *, separator: str = ";") -> str:
    """Rows as CSV (RFC 4180, CRLF); an apostrophe stands before what would run in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_cell(each) for each in row])
    return out.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    if isinstance(value, str) and text.startswith(_ACTIVE):
        return f"'{text}"
    return text
