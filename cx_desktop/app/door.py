"""The gate behind a light door: what it needs is imported when somebody knocks."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from cx_desktop.app.world import Transport
from cx_desktop.domain.errors import CXError
from cx_desktop.models.session import Guest, Known
from cx_desktop.ports import Clock
from cx_desktop.settings import AppSettings

if TYPE_CHECKING:
    from cx_desktop.auth.credentials import Credentials
    from cx_desktop.auth.gate import Gate
    from cx_desktop.auth.opened import Opened
    from cx_desktop.auth.orders import Order
    from cx_desktop.auth.retention import Retention
    from cx_desktop.protocol import Challenge


#: What is deleted at its time while nobody is in (``cache/overdue.py``).
_ENDS = ("*/recordings/*", "*/cache-unreadable-*", "*.aside-*/cache.db")


class Door:
    """The session's gateway. Lets one thread at a time through, as the gate asks."""

    def __init__(
        self,
        *,
        profiles: Path,
        transport: Transport,
        credentials: "Callable[[], Credentials]",
        clock: Clock,
        settings: Callable[[], AppSettings],
    ) -> None:
        self._profiles = profiles
        self._transport = transport
        self._credentials = credentials
        self._clock = clock
        self._settings = settings
        self._one_at_a_time = Lock()
        self._made: Gate | None = None
        self._retention: Retention | None = None

    def known(self) -> tuple[Known, ...]:
        """Who has signed in on this computer before."""
        from cx_desktop.app.gatekeeper import known_in

        return known_in(self._profiles)

    def accept(self, guest: Guest) -> None:
        """A one-time invitation becomes an account."""
        from cx_desktop.protocol import Invitation

        invitation = Invitation(
            token=guest.token, username=guest.username, name=guest.name, password=guest.password
        )
        with self._one_at_a_time:
            self._gate.accept(guest.server, invitation)

    def begin(self, server: str, username: str, password: str) -> "Challenge":
        """The first factor."""
        with self._one_at_a_time:
            return self._gate.begin(server, username, password)

    def verify(self, *, code: str = "", recovery_code: str = "") -> "Opened":
        """The second factor."""
        with self._one_at_a_time:
            return self._gate.verify(code, recovery_code=recovery_code)

    def unlock_offline(self, server: str, username: str, password: str) -> "Opened":
        """The password and this device, under the lease."""
        with self._one_at_a_time:
            return self._gate.unlock_offline(server, username, password)

    def sign_out(self, opened: "Opened") -> None:
        """End the session here and, if it can be reached, on the service."""
        with self._one_at_a_time:
            self._gate.sign_out(opened)

    def lock(self, opened: "Opened") -> None:
        """Let go of the profile and of the connections; the session lives on."""
        with self._one_at_a_time:
            self._gate.lock(opened)

    def obey(self, opened: "Opened", order: "Order | None") -> CXError:
        """Lock or give up what is open, as the service orders; the words for it."""
        with self._one_at_a_time:
            return self._gate.obey(opened, order)

    def go_on(self) -> tuple[CXError, ...]:
        """Finish what earlier orders left to be done; where there is nothing, nothing is imported.

        Nobody at the door waits for it: it may have to wait for the network.
        """
        if next(self._profiles.glob("*.sealed"), None) is None:
            return ()
        with self._one_at_a_time:
            gate = self._gate
        return gate.go_on(self._profiles)

    def purge(self) -> None:
        """Delete what is over from profiles that nobody has unlocked.

        Where nothing lies that could be, nothing is imported.
        """
        if all(next(self._profiles.glob(each), None) is None for each in _ENDS):
            return
        with self._one_at_a_time:
            if self._retention is None:
                from cx_desktop.auth.retention import Retention

                self._retention = Retention(self._profiles, self._clock)
            self._retention.purge()

    def this_time_only(self) -> None:
        """Keep secrets in memory from now on."""
        with self._one_at_a_time:
            self._gate.this_time_only()

    def start_afresh(self, server: str, username: str) -> None:
        """Set aside what this computer holds of a user."""
        with self._one_at_a_time:
            self._gate.start_afresh(server, username)

    def cancel(self) -> None:
        """Give up a sign-in between its two factors; nobody may have knocked."""
        with self._one_at_a_time:
            if self._made is not None:
                self._made.cancel()

    @property
    def awaits_code(self) -> bool:
        """Whether the second factor may be tried, or tried again."""
        return self._made is not None and self._made.awaits_code

    @property
    def _gate(self) -> "Gate":
        if self._made is None:
            from cx_desktop.app.gatekeeper import gate

            self._made = gate(
                profiles=self._profiles,
                transport=self._transport,
                credentials=self._credentials(),
                clock=self._clock,
                settings=self._settings,
            )
        return self._made
