"""A second program on the same profile: takes its lock, says so, and holds it until told to go."""

import sys
from pathlib import Path

from cx_desktop.auth.profile import Profiles
from cx_desktop.domain.errors import CXError

if __name__ == "__main__":
    profile = Profiles(Path(sys.argv[1])).for_user("https://cx.example", "ana")
    try:
        profile.lock()
    except CXError as error:
        sys.stdout.write(f"{error.key}\n")
    else:
        sys.stdout.write("held\n")
    sys.stdout.flush()
    sys.stdin.read()
