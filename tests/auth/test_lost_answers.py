"""An answer to a token refresh that is lost on the way costs nothing, on the real service."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import httpx
import pytest

from cx_desktop.auth.gate import Gate, Opened
from cx_desktop.auth.profile import Profiles
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import build_http
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Grant, Invitation
from cx_desktop.service.sessions.invitations import invite
from tests.auth.gates import CHEAP, Computer, told
from tests.fakes import faults
from tests.fakes.faults import Fault, Faults

CLAIRE = "claire.martin"
REFRESH = "/sessions/refresh"


class BadLine:
    """Claire's computer on a line that loses what a test says."""

    def __init__(self, computer: Computer) -> None:
        self.computer = computer
        self.faults = Faults(httpx.HTTPTransport())
        computer.gate = self._gate()
        self.opened = computer.sign_in(CLAIRE)

    def _gate(self) -> Gate:
        return Gate(
            profiles=Profiles(self.computer.root),
            credentials=self.computer.keyring,
            clock=self.computer.clock,
            connect=lambda server: ServiceClient(
                build_http(server, loopback_only=True, transport=self.faults)
            ),
            cost=CHEAP,
        )

    def wait(self, **time: float) -> None:
        self.computer.service.clock.advance(timedelta(**time))

    def me(self) -> str:
        return self.opened.client.sessions.me().username

    def reopened(self) -> Opened:
        """Lock, and open again with what was kept on the disk."""
        self.computer.gate.lock(self.opened)
        self.opened = self.computer.unlock(CLAIRE)
        return self.opened

    @property
    def refreshes(self) -> int:
        return sum(each.endswith(REFRESH) for each in self.faults.asked)


@pytest.fixture
def line(computer: Computer) -> Iterator[BadLine]:
    bad = BadLine(computer)
    bad.wait(minutes=11)
    yield bad
    bad.computer.gate.lock(bad.opened)


@pytest.mark.parametrize(
    "fault", [faults.drop_reply, faults.duplicate], ids=["the answer is lost", "it is asked twice"]
)
def test_a_lost_answer_is_asked_for_again_at_once(line: BadLine, fault: Fault) -> None:
    line.faults.strike(REFRESH, fault)
    assert line.me() == CLAIRE
    line.wait(minutes=11)
    assert line.me() == CLAIRE
    line.reopened()
    assert line.me() == CLAIRE, "what was kept is the token that lives"


def late(request: httpx.Request, send: Callable[[httpx.Request], httpx.Response]) -> httpx.Response:
    faults.whole(send(request))
    raise httpx.ReadTimeout("late", request=request)


def closed(
    request: httpx.Request, send: Callable[[httpx.Request], httpx.Response]
) -> httpx.Response:
    faults.whole(send(request))
    raise httpx.RemoteProtocolError("closed", request=request)


@pytest.mark.parametrize("fault", [late, closed])
def test_whatever_way_it_is_lost(line: BadLine, fault: Fault) -> None:
    line.faults.strike(REFRESH, fault)
    assert line.me() == CLAIRE


@pytest.mark.parametrize(
    "fault",
    [faults.truncate(20), faults.answer(502), faults.answer(504), faults.answer(200)],
    ids=["cut", "502", "504", "portal"],
)
def test_an_answer_that_somebody_spoils_leaves_the_session_alive(
    line: BadLine, fault: Fault
) -> None:
    line.faults.strike(REFRESH, fault)
    with pytest.raises(CXError) as raised:
        line.me()
    assert raised.value.retryable
    assert line.me() == CLAIRE


def test_a_line_that_keeps_losing_is_tried_once_per_request(line: BadLine) -> None:
    line.faults.strike(REFRESH, *[faults.drop_reply] * 4)
    for n in (2, 4):
        with pytest.raises(CXError) as raised:
            line.me()
        assert told(raised) == "problem.interrupted"
        assert line.refreshes == n
    line.wait(seconds=100)
    assert line.me() == CLAIRE


def test_what_was_never_sent_is_not_tried_again_at_once(line: BadLine) -> None:
    line.faults.strike(REFRESH, faults.drop_request)
    with pytest.raises(CXError) as raised:
        line.me()
    assert told(raised) == "problem.unreachable"
    assert line.refreshes == 1
    assert line.me() == CLAIRE


def test_after_two_minutes_without_a_line_it_costs_a_sign_in_and_nothing_else(
    line: BadLine,
) -> None:
    line.faults.strike(REFRESH, faults.drop_reply, faults.drop_request)
    with pytest.raises(CXError):
        line.me()
    line.wait(minutes=3)
    with pytest.raises(CXError) as raised:
        line.me()
    assert told(raised) == "problem.token-reused"
    before = line.opened.cache_key
    line.computer.gate.lock(line.opened)
    line.opened = line.computer.sign_in(CLAIRE)
    assert line.opened.cache_key == before
    assert line.me() == CLAIRE


def test_a_program_that_died_before_it_kept_the_token_goes_on_with_the_old_one(
    line: BadLine,
) -> None:
    path = line.computer.profile(CLAIRE).folder / "session"
    before = path.read_bytes()
    assert line.me() == CLAIRE
    assert path.read_bytes() != before
    path.write_bytes(before)
    line.wait(seconds=30)
    line.reopened()
    assert line.me() == CLAIRE


def test_an_invitation_whose_answer_was_lost_was_taken(line: BadLine) -> None:
    invitation = _invitation(line, "nina.faure")
    line.faults.strike("/v1/invitations", faults.drop_reply)
    url, gate = line.computer.service.url, line.computer.gate
    with pytest.raises(CXError) as raised:
        gate.accept(url, invitation)
    assert told(raised) == "problem.interrupted"
    gate.accept(url, invitation)
    assert gate.begin(url, "nina.faure", invitation.password).enrolment is not None
    gate.cancel()
    with pytest.raises(CXError) as raised:
        gate.accept(url, invitation)
    assert told(raised) == "problem.invitation-used"


def test_an_invitation_goes_to_nobody_but_the_service(line: BadLine) -> None:
    invitation = _invitation(line, "nora.faure")
    line.faults.strike("/v1/server", faults.answer(200))
    with pytest.raises(CXError) as raised:
        line.computer.gate.accept(line.computer.service.url, invitation)
    assert told(raised) == "problem.not-the-service"
    assert not any(each.endswith("/invitations") for each in line.faults.asked)


def _invitation(line: BadLine, username: str) -> Invitation:
    service = line.computer.service.service
    assert service is not None
    with service.store.write() as txn:
        token = invite(txn, (Grant(role="supervisor"),), "fr")
    return Invitation(token, username, "Faure", "quatre mots sans rapport")
