"""``dev.py bench [NAME …]``: run the benchmarks, print a table, write ``results.json``."""

import importlib
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec

from benchmarks.measure import Row, table

NAMES = (
    "startup",
    "layout",
    "findings",
    "analysis",
    "comparing",
    "simulator",
    "editor",
    "sync",
    "blobs",
    "recordings",
    "listening",
)
RESULTS = Path(__file__).parent / "results.json"


def main(names: list[str]) -> None:
    """Run these benchmarks, or all."""
    unknown = set(names) - set(NAMES)
    if unknown:
        raise SystemExit(f"No such benchmark: {', '.join(sorted(unknown))}. There are {NAMES}.")
    rows: list[Row] = []
    for name in names or NAMES:
        print(f"{name} …", file=sys.stderr, flush=True)
        rows += importlib.import_module(f"benchmarks.{name}").run()
    print(table(rows))
    if not names:
        RESULTS.write_bytes(msgspec.json.format(msgspec.json.encode(_report(rows)), indent=1))


def _report(rows: list[Row]) -> dict[str, object]:
    libraries = ("pyside6-essentials", "msgspec", "sqlalchemy", "httpx")
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="minutes"),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in libraries},
        "rows": [{**msgspec.to_builtins(row), "ratio": round(row.ratio, 4)} for row in rows],
    }


if __name__ == "__main__":
    main(sys.argv[1:])
