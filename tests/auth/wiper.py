"""A computer that obeys an order to wipe and dies at a chosen step; run as a process of its own."""

import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from cx_desktop.auth.gate import Gate
from cx_desktop.auth.profile import Profiles
from cx_desktop.auth.unattended import KeptDevice
from cx_desktop.auth.wiping import Wiping
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import build_http
from tests.auth.gates import CHEAP
from tests.fakes.clock import FakeClock


def main() -> None:
    root, keyring, url, username, password, now, step, count = sys.argv[1:]
    clock = FakeClock()
    clock.set(datetime.fromisoformat(now))
    credentials = KeptDevice(Path(keyring))
    gate = Gate(
        profiles=Profiles(Path(root)),
        credentials=credentials,
        clock=clock,
        connect=lambda server: ServiceClient(build_http(server, loopback_only=True)),
        cost=CHEAP,
    )
    opened = gate.unlock_offline(url, username, password)
    left = int(count)

    def die(here: str) -> None:
        nonlocal left
        left -= here == step
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    wiping = Wiping(opened.profile, (credentials,), clock, on_step=die)
    wiping.run(opened.orders.ask(), opened.cache_key, opened.user.id, opened.client)


if __name__ == "__main__":
    main()
