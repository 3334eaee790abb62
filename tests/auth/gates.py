"""What the gate's tests share: a computer with a gate, in front of the real service."""

from datetime import timedelta
from pathlib import Path

import pytest

from cx_desktop.auth.gate import Gate, Opened
from cx_desktop.auth.profile import Profile, Profiles
from cx_desktop.auth.vault import Cost
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import build_http
from cx_desktop.domain.errors import CXError
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language
from tests.fakes.clock import FakeClock
from tests.fakes.credentials import MemoryCredentials
from tests.fakes.service import RunningService

CHEAP = Cost(memory_kib=8, passes=1)


class Computer:
    """One computer: its disk, its keyring and its clock. ``gate`` is the program just started."""

    def __init__(self, root: Path, service: RunningService, clock: FakeClock | None = None) -> None:
        self.root = root
        self.service = service
        self.keyring = MemoryCredentials()
        self.clock = clock or service.clock
        self.gate = self.restarted()

    def restarted(self) -> Gate:
        """The program starts again on the same disk and keyring."""
        self.gate = Gate(
            profiles=Profiles(self.root),
            credentials=self.keyring,
            clock=self.clock,
            connect=lambda server: ServiceClient(build_http(server, loopback_only=True)),
            cost=CHEAP,
        )
        return self.gate

    def password(self, username: str) -> str:
        return next(each.password for each in self.service.accounts if each.username == username)

    def begin(self, username: str, password: str | None = None) -> None:
        self.gate.begin(self.service.url, username, password or self.password(username))

    def sign_in(self, username: str) -> Opened:
        """Both factors, with a code that was not used yet."""
        self.service.clock.advance(timedelta(seconds=60))
        self.begin(username)
        return self.gate.verify(self.service.code(username))

    def unlock(self, username: str, password: str | None = None) -> Opened:
        return self.gate.unlock_offline(
            self.service.url, username, password or self.password(username)
        )

    def profile(self, username: str) -> Profile:
        return Profiles(self.root).for_user(self.service.url, username)


def told(raised: pytest.ExceptionInfo[CXError]) -> str:
    """The key of a fault, once both languages have words for it."""
    for language in Language:
        title, hint = Catalogue(resources() / "text", language).explain(raised.value)
        assert title
        assert hint
        assert "⟦" not in title + hint
        assert "{" not in title + hint
    return raised.value.key
