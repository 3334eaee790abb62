"""A process that signs in, reads everything once, and says how much memory that took at most."""

import base64
import sys
from pathlib import Path
from random import Random
from threading import Event, Thread

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cx_desktop.cache import Cache
from cx_desktop.client.bearer import Bearer
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import build_http
from cx_desktop.ports import RandomIds, SystemClock
from cx_desktop.protocol import DeviceFacts, SignInRequest, Verification
from cx_desktop.sync import Engine


def resident() -> int:
    """What this process holds in memory, in KiB."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def main(url: str, username: str, password: str, code: str, folder: str) -> None:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    door = ServiceClient(build_http(url, loopback_only=True))
    facts = DeviceFacts("memory", base64.b64encode(public).decode())
    challenge = door.sessions.sign_in(SignInRequest(username, password, facts))
    signed_in = door.sessions.verify(challenge.id, Verification(code))
    bearer = Bearer(
        device_id=signed_in.device_id,
        refresh_token=signed_in.tokens.refresh_token,
        access_token=signed_in.tokens.access_token,
        sign=key.sign,
        persist=lambda _tokens: None,
    )
    clock = SystemClock()
    cache = Cache.open(Path(folder), bytes(range(32)), clock=clock, ids=RandomIds(clock))
    engine = Engine(
        cache=cache,
        client=door.signed_in(bearer),
        device_id=signed_in.device_id,
        clock=clock,
        random=Random(0),  # noqa: S311  (repeatable pauses, not secrets)
        on_status=lambda _status: None,
    )
    idle, most, over = resident(), [0], Event()

    def watch() -> None:
        while not over.wait(0.01):
            most[0] = max(most[0], resident() - idle)

    watcher = Thread(target=watch)
    watcher.start()
    status = engine.sync_once()
    over.set()
    watcher.join()
    cache.close()
    sys.stdout.write(f"{status.is_all_synced} {most[0]}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
