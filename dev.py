"""Developers' verbs: sets up the program on a bare machine, runs, tests and checks it."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHON = HERE / ".venv" / "bin" / "python"


def text() -> int:
    """Compile the catalogue."""
    return subprocess.call([str(PYTHON), "-m", "cx_desktop.text.compile"], cwd=HERE)


if __name__ == "__main__":
    sys.exit({"text": text}[sys.argv[1]]())
