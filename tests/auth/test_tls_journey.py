"""The real service behind TLS, with an authority of the organisation's own."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from cx_desktop.auth.gate import Gate, Opened
from cx_desktop.auth.profile import Profiles
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import build_http
from cx_desktop.domain.errors import CXError
from cx_desktop.ports import RandomIds
from cx_desktop.service.config import PasswordCost, ServiceConfig
from cx_desktop.service.demo import DemoAccount, seed
from cx_desktop.service.server import Server, Tls
from cx_desktop.service.service import Service
from cx_desktop.service.sessions.codes import code_at, step_of
from cx_desktop.settings import resources
from tests.auth.gates import CHEAP, told
from tests.fakes.clock import FakeClock
from tests.fakes.credentials import MemoryCredentials


class Organisation:
    """Its authority, its service, and a user of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.ca_file = folder / "authority.pem"
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.ca_file))
        leaf = authority.issue_cert("localhost", "127.0.0.1")
        leaf.private_key_pem.write_to_path(str(folder / "key.pem"))
        leaf.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
        cost = PasswordCost(kibibytes=64, passes=1, lanes=1)
        service = Service(
            ServiceConfig(
                data_dir=folder / "service",
                clock=self.clock,
                ids=RandomIds(self.clock),
                name="Maison Lumen",
                is_demo=True,
                password_cost=cost,
            )
        )
        self.user: DemoAccount = seed(service, resources() / "demo", "fr")[0]
        self.server = Server(service, tls=Tls(folder / "cert.pem", folder / "key.pem"))

    def gate(self, ca_file: Path | None) -> Gate:
        return Gate(
            profiles=Profiles(self.folder / "profiles"),
            credentials=MemoryCredentials(),
            clock=self.clock,
            connect=lambda server: ServiceClient(
                build_http(server, loopback_only=False, ca_file=ca_file)
            ),
            cost=CHEAP,
        )

    def sign_in(self, gate: Gate) -> Opened:
        gate.begin(self.server.url, self.user.username, self.user.password)
        return gate.verify(code_at(self.user.totp_secret or "", step_of(self.clock.now())))


@pytest.fixture
def organisation(tmp_path: Path) -> Iterator[Organisation]:
    organisation = Organisation(tmp_path)
    thread = threading.Thread(target=organisation.server.run)
    thread.start()
    yield organisation
    organisation.server.stop()
    thread.join()


def test_its_certificate_is_refused_until_its_authority_is_named(
    organisation: Organisation,
) -> None:
    with pytest.raises(CXError) as raised:
        organisation.sign_in(organisation.gate(None))
    assert told(raised) == "problem.untrusted-certificate"
    assert not list((organisation.folder / "profiles").rglob("vault"))

    gate = organisation.gate(organisation.ca_file)
    opened = organisation.sign_in(gate)
    assert opened.client.sessions.me().username == organisation.user.username

    with opened.client.sync.events() as hints:
        ended = threading.Event()

        def read() -> None:
            list(hints)
            ended.set()

        reader = threading.Thread(target=read)
        reader.start()
        assert not ended.wait(0.1)
        hints.stop()
        assert ended.wait(5), "a reader behind TLS is woken too"
        reader.join()
    gate.sign_out(opened)
