"""Keeps a rotating token until it is killed; says which one was kept last."""

import sys
from pathlib import Path

from cx_desktop.auth.session_file import Session, SessionFile
from cx_desktop.protocol import User

USER = User("u", "ana", "Ana", "fr", "Lumen")
KEY = b"c" * 32

if __name__ == "__main__":
    file = SessionFile(Path(sys.argv[1]), KEY)
    number = 0
    while True:
        number += 1
        file.keep(Session(USER, "device", f"{number} {'x' * (number * 977 % 4096)}"))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
