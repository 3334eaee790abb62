"""What is open after the gate: one user's profile, key, lease and session."""

from datetime import datetime

from msgspec import Struct, structs

from cx_desktop.auth import lease as leases
from cx_desktop.auth.device import DeviceKey
from cx_desktop.auth.floor import ClockFloor
from cx_desktop.auth.orders import Orders
from cx_desktop.auth.profile import Profile
from cx_desktop.auth.session_file import SessionFile
from cx_desktop.client.service import ServiceClient
from cx_desktop.domain.redacted import Redacted
from cx_desktop.protocol import Lease, User


class Leave(Struct, frozen=True):
    """The lease with what judges it: the pinned key, and the clock that cannot go back."""

    lease: Lease
    signing_key: str
    floor: ClockFloor


class Opened(Redacted, frozen=True):
    """A signed-in or unlocked user. Hand it back to the gate to sign out or to lock."""

    profile: Profile
    user: User
    device_id: str
    cache_key: bytes
    leave: Leave
    client: ServiceClient
    device: DeviceKey
    session_file: SessionFile
    recovery_codes: tuple[str, ...] = ()
    """Ten codes, once: right after enrolment."""
    is_online: bool = False
    """Whether both factors were held just now; else the profile was unlocked offline."""
    is_lasting: bool = True
    """Whether the device's secrets outlive the program (not "this time only")."""

    @property
    def lease(self) -> Lease:
        """The leave to work offline, as it was when the gate opened."""
        return self.leave.lease

    @property
    def floor(self) -> ClockFloor:
        """The clock that cannot go back; retention is judged by it."""
        return self.leave.floor

    def forget(self) -> None:
        """Drop the key, when all is closed: whoever still holds this holds no key."""
        structs.force_setattr(self, "cache_key", b"")

    @property
    def orders(self) -> Orders:
        """What the service orders of this device, when it is asked."""
        return Orders(
            self.profile,
            self.client,
            device_id=self.device_id,
            signing_key=self.leave.signing_key,
            sign=self.device.sign,
        )

    def heard(self, server_time: datetime, signed_lease: str = "") -> Lease | None:
        """The service was there: its time lifts the floor, its fresh lease is kept."""
        self.leave.floor.heard(server_time)
        if not signed_lease:
            return None
        lease = leases.verify(signed_lease, self.leave.signing_key)
        if self.is_lasting:
            self.profile.keep_lease(signed_lease)
        return lease
