"""What the service orders of this device: asked for with the device's key, believed when signed.

Failure policy: an answer counts only if the pinned key signed it, for this device, in answer to
this very request, and if its number is not lower than that of an order obeyed before. Anything else
raises ``problem.directive-invalid``, upon which the screen is locked and nothing is deleted.
"""

import contextlib
import secrets
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct

from cx_desktop.auth import signed
from cx_desktop.auth.device import DeviceKey
from cx_desktop.auth.files import read_small, write_atomically
from cx_desktop.auth.profile import Card, Profile
from cx_desktop.client.service import ServiceClient
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol.directives import Act, Directive

_FILE = "orders"


class Order(Struct, frozen=True):
    """A directive that was believed, and the service's signature under it."""

    directive: Directive
    signed: str

    @property
    def is_wipe(self) -> bool:
        """Whether everything of the user is to be given up."""
        return self.act is Act.WIPE

    @property
    def act(self) -> Act:
        """What is to be done."""
        return self.directive.act


class Heard(Struct, frozen=True):
    """What a profile remembers of orders: the highest number obeyed, and whether it is locked."""

    n: int = 0
    is_locked: bool = False


class Orders:
    """Asks for one device, on one profile."""

    def __init__(
        self,
        profile: Profile,
        client: ServiceClient,
        *,
        device_id: str,
        signing_key: str,
        sign: Callable[[bytes], bytes],
    ) -> None:
        self.profile = profile
        self.device_id = device_id
        self.client = client
        self._signing_key = signing_key
        self._sign = sign

    def ask(self) -> Order:
        """What this device is to do now."""
        nonce = secrets.token_urlsafe(24)
        text = self.client.devices.directive(self.device_id, nonce, self._sign)
        said = signed.opened(text, self._signing_key, Directive)
        is_ours = said is not None and (said.device_id, said.nonce) == (self.device_id, nonce)
        if said is None or not is_ours or said.n < heard(self.profile.folder).n:
            raise CXError("problem.directive-invalid")
        return Order(said, text)


def orders_of(profile: Profile, card: Card, device: DeviceKey, client: ServiceClient) -> Orders:
    """The orders of a profile that nobody has opened."""
    return Orders(
        profile,
        client,
        device_id=card.device_id,
        signing_key=card.signing_key,
        sign=device.sign,
    )


def heard(folder: Path) -> Heard:
    """What a profile remembers of orders."""
    with contextlib.suppress(msgspec.MsgspecError):
        content = read_small(folder / _FILE)
        if content is not None:
            return msgspec.json.decode(content, type=Heard)
    return Heard()


def remember(folder: Path, n: int, *, is_locked: bool) -> None:
    """Keep the number of an order, and whether only a full sign-in opens the profile now."""
    before = heard(folder)
    fresh = Heard(max(n, before.n), is_locked)
    if fresh != before:
        write_atomically(folder / _FILE, msgspec.json.encode(fresh))


def lock(profile: Profile, order: Order | None) -> None:
    """From now on only a sign-in over the network opens the profile; nothing of it is deleted."""
    remember(profile.folder, order.directive.n if order is not None else 0, is_locked=True)
    profile.drop_lease()
