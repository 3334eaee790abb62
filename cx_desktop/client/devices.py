"""What a device asks and hands over in its own name, whether or not somebody is signed in on it."""

import base64
from collections.abc import Callable

from cx_desktop.client.exchange import Exchange
from cx_desktop.protocol import API
from cx_desktop.protocol.directives import (
    CHALLENGE_HEADER,
    DIRECTIVE_HEADER,
    NONCE_HEADER,
    SIGNATURE_HEADER,
    Deposit,
    DeviceChallenge,
    DeviceName,
    Obeyed,
    SignedDirective,
    proof,
)

_SELF = "/devices/self"


class DeviceCalls:
    """The device's own API; no call needs a session."""

    def __init__(self, open_door: Exchange) -> None:
        self._open_door = open_door

    def directive(self, device_id: str, nonce: str, sign: Callable[[bytes], bytes]) -> str:
        """What the device is to do, as the service signed it; ``sign`` is the device's key."""
        named, path = DeviceName(device_id), f"{_SELF}/directive"
        asked = self._open_door.ask("POST", f"{_SELF}/challenge", DeviceChallenge, body=named)
        signature = sign(proof("GET", f"{API}{path}", asked.challenge, nonce))
        headers = {
            CHALLENGE_HEADER: asked.challenge,
            NONCE_HEADER: nonce,
            SIGNATURE_HEADER: base64.b64encode(signature).decode(),
        }
        return self._open_door.ask("GET", path, SignedDirective, headers=headers).directive

    def deposit(self, directive: str, package: bytes) -> Deposit:
        """Hand over a sealed package, for a directive that asks for it."""
        headers = {DIRECTIVE_HEADER: directive}
        return self._open_door.ask(
            "POST", f"{_SELF}/escrow", Deposit, body=package, headers=headers
        )

    def obeyed(self, directive: str, done: Obeyed) -> None:
        """Say that what a directive orders is done."""
        headers = {DIRECTIVE_HEADER: directive}
        self._open_door.ask("POST", f"{_SELF}/wiped", type(None), body=done, headers=headers)
