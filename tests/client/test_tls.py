"""Every way a certificate can be wrong has its own word; nothing is sent before it is right."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import build_http
from cx_desktop.domain.errors import CXError
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language
from tests.fakes.http_server import Reply, ScriptedServer

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ca") / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def serving(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def refused(certificate: trustme.LeafCert, ca_file: Path | None, *, loopback_only: bool) -> CXError:
    with (
        ScriptedServer(lambda _: Reply(), context=serving(certificate)) as server,
        build_http(server.url, loopback_only=loopback_only, ca_file=ca_file) as http,
        pytest.raises(CXError) as raised,
    ):
        ServiceClient(http).sessions.server_facts()
    assert server.asked == [], "nothing was sent"
    for language in Language:
        title, hint = Catalogue(resources() / "text", language).explain(raised.value)
        assert title
        assert hint
        assert "⟦" not in title + hint
    return raised.value


def test_a_server_whose_authority_is_known_is_believed(
    authority: trustme.CA, ca_file: Path
) -> None:
    context = serving(authority.issue_cert("127.0.0.1"))
    for loopback_only in (True, False):
        with (
            ScriptedServer(lambda _: Reply(body=b"{}"), context=context) as server,
            build_http(server.url, loopback_only=loopback_only, ca_file=ca_file) as http,
        ):
            assert ServiceClient(http).sync.state() == {}


@pytest.mark.parametrize("loopback_only", [True, False])
def test_wrong_certificates_are_told_apart(
    authority: trustme.CA,
    ca_file: Path,
    loopback_only: bool,  # noqa: FBT001  (a parameter of the test)
) -> None:
    good = authority.issue_cert("127.0.0.1")
    other_name = authority.issue_cert("cx.example.fr")
    expired = authority.issue_cert("127.0.0.1", not_before=NOW - 9 * DAY, not_after=NOW - DAY)
    future = authority.issue_cert("127.0.0.1", not_before=NOW + DAY, not_after=NOW + 9 * DAY)
    found = [
        refused(certificate, file, loopback_only=loopback_only).key
        for certificate, file in [
            (good, None),
            (other_name, ca_file),
            (expired, ca_file),
            (future, ca_file),
        ]
    ]
    assert found == [
        "problem.untrusted-certificate",
        "problem.certificate-wrong-name",
        "problem.certificate-expired",
        "problem.certificate-not-yet-valid",
    ]


def test_a_server_that_signed_for_itself_is_not_trusted(ca_file: Path) -> None:
    stranger = trustme.CA().issue_cert("127.0.0.1")
    key = refused(stranger, ca_file, loopback_only=False).key
    assert key == "problem.untrusted-certificate"


def test_a_server_that_does_not_speak_tls_is_told() -> None:
    with ScriptedServer(lambda _: Reply()) as server:
        url = server.url.replace("http://", "https://")
        with build_http(url, loopback_only=True) as http, pytest.raises(CXError) as raised:
            ServiceClient(http).sessions.server_facts()
    assert raised.value.key == "problem.tls-failed"
