"""Run inside ``dbus-run-session``: uses the keyring as the program does, prints what happened."""

import json
import sys
import time

from cx_desktop.auth.credentials import KeyringCredentials
from cx_desktop.domain.errors import CXError


def main() -> None:
    credentials = KeyringCredentials()
    started = time.monotonic()
    told: dict[str, object] = {"state": credentials.state().problem}
    try:
        told["before"] = credentials.get("profile/device-secret")
        credentials.set("profile/device-secret", "s3cret — é")
        told["after"] = KeyringCredentials().get("profile/device-secret")
        if "keep" not in sys.argv:
            credentials.delete("profile/device-secret")
            credentials.delete("profile/device-secret")
            told["deleted"] = credentials.get("profile/device-secret")
    except CXError as error:
        told["problem"] = error.key
    told["seconds"] = time.monotonic() - started
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
