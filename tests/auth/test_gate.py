"""The way in and out with the network there: two factors, enrolment, and every refusal."""

import base64
import logging
import stat
from datetime import timedelta

import pyotp
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cx_desktop.auth.vault import Vault
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import build_http
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import DeviceFacts, SignInRequest, Verification
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language
from tests.auth.gates import CHEAP, Computer, told
from tests.fakes.service import RunningService

CLAIRE, LEO, NADIA = "claire.martin", "leo.bernard", "nadia.petit"


def test_both_factors_open_the_profile_and_the_session(computer: Computer) -> None:
    opened = computer.sign_in(CLAIRE)
    assert opened.is_online
    assert len(opened.cache_key) == 32
    assert opened.user.username == CLAIRE
    assert opened.lease.device_id == opened.device_id
    assert opened.recovery_codes == ()
    assert opened.client.sessions.me().id == opened.user.id
    computer.gate.lock(opened)


def test_the_next_sign_in_finds_the_same_device_and_cache(computer: Computer) -> None:
    first = computer.sign_in(CLAIRE)
    computer.gate.sign_out(first)
    computer.restarted()
    second = computer.sign_in(CLAIRE)
    assert (second.device_id, second.cache_key) == (first.device_id, first.cache_key)
    computer.gate.lock(second)


def test_accounts_known_here_are_listed_with_their_end(computer: Computer) -> None:
    opened = computer.sign_in(CLAIRE)
    computer.gate.lock(opened)
    [known] = computer.gate.known()
    assert (known.username, known.server) == (CLAIRE, computer.service.url)
    assert known.until == opened.lease.not_after


def test_a_first_sign_in_enrols_and_recovery_codes_open_once(computer: Computer) -> None:
    gate, url = computer.gate, computer.service.url
    challenge = gate.begin(url, NADIA, computer.password(NADIA))
    assert challenge.enrolment is not None
    code = pyotp.TOTP(challenge.enrolment.secret).at(computer.service.clock.now())
    opened = gate.verify(code)
    assert len(set(opened.recovery_codes)) == 10
    gate.sign_out(opened)
    assert gate.begin(url, NADIA, computer.password(NADIA)).enrolment is None
    again = gate.verify(recovery_code=opened.recovery_codes[0].lower())
    assert again.cache_key == opened.cache_key
    gate.sign_out(again)
    computer.begin(NADIA)
    with pytest.raises(CXError) as raised:
        gate.verify(recovery_code=opened.recovery_codes[0])
    assert told(raised) == "problem.wrong-code"
    gate.cancel()


@pytest.mark.parametrize("username", [LEO, "nobody"])
def test_a_wrong_password_is_told_and_can_be_corrected(computer: Computer, username: str) -> None:
    with pytest.raises(CXError) as raised:
        computer.begin(username, "wrong")
    assert told(raised) == "problem.wrong-password"
    computer.gate.lock(computer.sign_in(LEO))


def test_a_wrong_code_is_told_and_can_be_corrected(computer: Computer) -> None:
    computer.begin(CLAIRE)
    right = computer.service.code(CLAIRE)
    with pytest.raises(CXError) as raised:
        computer.gate.verify(f"{(int(right) + 1) % 10**6:06d}")
    assert told(raised) in {"problem.wrong-code", "problem.clock-off"}
    computer.gate.lock(computer.sign_in(CLAIRE))


def test_a_reused_code_is_told(computer: Computer) -> None:
    computer.gate.lock(computer.sign_in(CLAIRE))
    computer.begin(CLAIRE)
    with pytest.raises(CXError) as raised:
        computer.gate.verify(computer.service.code(CLAIRE))
    assert told(raised) == "problem.code-reused"
    computer.gate.cancel()


@pytest.mark.parametrize("steps", [8, -8])
def test_a_phone_that_is_minutes_off_is_told_by_how_much(computer: Computer, steps: int) -> None:
    computer.begin(CLAIRE)
    with pytest.raises(CXError) as raised:
        computer.gate.verify(computer.service.code(CLAIRE, steps=steps))
    assert told(raised) == "problem.clock-off"
    _, hint = Catalogue(resources() / "text", Language.FRENCH).explain(raised.value)
    assert "environ 4\u00a0min" in hint
    computer.gate.cancel()
    computer.service.clock.advance(timedelta(minutes=10))


def test_a_challenge_that_took_too_long_starts_again(computer: Computer) -> None:
    computer.begin(CLAIRE)
    computer.service.clock.advance(timedelta(minutes=6))
    for _ in range(2):
        with pytest.raises(CXError) as raised:
            computer.gate.verify(computer.service.code(CLAIRE))
        assert told(raised) == "problem.challenge-expired"
    computer.gate.lock(computer.sign_in(CLAIRE))


def test_too_many_failures_lock_out_and_say_for_how_long(computer: Computer) -> None:
    with RunningService() as service:
        gate, url = computer.gate, service.url
        keys = []
        for _ in range(7):
            with pytest.raises(CXError) as raised:
                gate.begin(url, CLAIRE, "wrong")
            keys.append(told(raised))
        assert keys[0] == "problem.wrong-password"
        assert keys[-1] == "problem.locked-out"
        _, hint = Catalogue(resources() / "text", Language.ENGLISH).explain(raised.value)
        assert f"in {raised.value.params['minutes']} min" in hint


def test_a_service_that_is_not_there_is_told(computer: Computer) -> None:
    with RunningService() as service:
        url = service.url
    with pytest.raises(CXError) as raised:
        computer.gate.begin(url, CLAIRE, "any")
    assert told(raised) == "problem.refused"
    assert raised.value.retryable


def test_the_demo_gate_reaches_no_live_service(computer: Computer) -> None:
    with pytest.raises(CXError) as raised:
        computer.gate.begin("cx.example.fr", CLAIRE, "any")
    assert told(raised) == "problem.live-blocked-in-demo"


def test_a_server_with_another_signature_gets_no_password(computer: Computer) -> None:
    computer.gate.lock(computer.sign_in(CLAIRE))
    profile = computer.profile(CLAIRE)
    card = profile.card()
    assert card is not None
    stranger = base64.b64encode(b"x" * 32).decode()
    text = (profile.folder / "profile").read_text()
    (profile.folder / "profile").write_text(text.replace(card.signing_key, stranger))
    with pytest.raises(CXError) as raised:
        computer.begin(CLAIRE, "never sent")
    assert told(raised) == "problem.server-changed"
    assert not computer.keyring.secrets.get("password")
    computer.gate.start_afresh(computer.service.url, CLAIRE)
    computer.gate.lock(computer.sign_in(CLAIRE))


def test_a_second_window_is_refused(computer: Computer) -> None:
    opened = computer.sign_in(CLAIRE)
    other = Computer(computer.root, computer.service)
    other.keyring = computer.keyring
    other.restarted()
    for attempt in (other.begin, other.unlock):
        with pytest.raises(CXError) as raised:
            attempt(CLAIRE)
        assert told(raised) == "problem.profile-in-use"
    computer.gate.lock(opened)
    other.gate.lock(other.unlock(CLAIRE))


def test_another_user_of_the_same_computer_has_a_profile_of_their_own(computer: Computer) -> None:
    claire = computer.sign_in(CLAIRE)
    computer.gate.sign_out(claire)
    leo = computer.sign_in(LEO)
    assert leo.profile.folder != claire.profile.folder
    assert leo.cache_key != claire.cache_key
    assert leo.device_id != claire.device_id
    computer.gate.lock(leo)


def test_an_attempt_given_up_lets_the_profile_go(computer: Computer) -> None:
    computer.begin(CLAIRE)
    computer.begin(CLAIRE)
    computer.gate.cancel()
    computer.gate.cancel()
    with pytest.raises(CXError) as raised:
        computer.gate.verify("123456")
    assert told(raised) == "problem.challenge-expired"
    computer.gate.lock(computer.sign_in(CLAIRE))


def test_signing_out_ends_the_session_on_the_service(computer: Computer) -> None:
    opened = computer.sign_in(CLAIRE)
    computer.gate.sign_out(opened)
    with pytest.raises(CXError) as raised:
        opened.client.sessions.me()
    assert told(raised) == "problem.signed-out"


def test_a_new_password_opens_the_vault_from_then_on(computer: Computer) -> None:
    opened = computer.sign_in(CLAIRE)
    vault = Vault(opened.profile.folder, computer.keyring, cost=CHEAP)
    service_key = _service_key(computer)
    assert vault.unlock_with_service_key(service_key) == opened.cache_key
    vault.rewrap(opened.cache_key, "the old password", service_key)
    computer.gate.lock(opened)
    again = computer.sign_in(CLAIRE)
    assert again.cache_key == opened.cache_key
    computer.gate.lock(again)
    computer.gate.lock(computer.unlock(CLAIRE))


def test_a_service_key_that_changed_is_taken_over_with_the_password(computer: Computer) -> None:
    opened = computer.sign_in(CLAIRE)
    vault = Vault(opened.profile.folder, computer.keyring, cost=CHEAP)
    vault.rewrap(opened.cache_key, computer.password(CLAIRE), b"of yesterday".ljust(32))
    computer.gate.lock(opened)
    again = computer.sign_in(CLAIRE)
    assert again.cache_key == opened.cache_key
    assert vault.unlock_with_service_key(_service_key(computer)) == opened.cache_key
    computer.gate.lock(again)


def test_a_vault_that_neither_key_opens_is_left_alone(computer: Computer) -> None:
    opened = computer.sign_in(CLAIRE)
    vault = Vault(opened.profile.folder, computer.keyring, cost=CHEAP)
    vault.rewrap(opened.cache_key, "somebody else's", b"of somebody else".ljust(32))
    computer.gate.lock(opened)
    before = (opened.profile.folder / "vault").read_bytes()
    with pytest.raises(CXError) as raised:
        computer.sign_in(CLAIRE)
    assert told(raised) == "problem.vault-of-another-user"
    assert (opened.profile.folder / "vault").read_bytes() == before


def _service_key(computer: Computer) -> bytes:
    """The service key of Claire, as any sign-in of hers is told it."""
    computer.service.clock.advance(timedelta(minutes=1))
    key = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    device = DeviceFacts(name="another", public_key=base64.b64encode(key).decode())
    with build_http(computer.service.url, loopback_only=True) as http:
        sessions = ServiceClient(http).sessions
        challenge = sessions.sign_in(SignInRequest(CLAIRE, computer.password(CLAIRE), device))
        code = Verification(code=computer.service.code(CLAIRE))
        return base64.b64decode(sessions.verify(challenge.id, code).vault_key)


def test_files_are_private_and_secrets_lie_in_none(computer: Computer) -> None:
    opened = computer.sign_in(CLAIRE)
    computer.gate.lock(opened)
    secrets = [opened.cache_key, computer.password(CLAIRE).encode()]
    secrets += [value.encode() for value in computer.keyring.secrets.values()]
    for path in [computer.root, *computer.root.rglob("*")]:
        if path.is_dir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o700
            continue
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        content = path.read_bytes()
        for secret in secrets:
            assert secret not in content
            assert base64.b64encode(secret) not in content


def test_nothing_secret_shows_in_values_or_logs(
    computer: Computer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    opened = computer.sign_in(CLAIRE)
    opened.client.sessions.me()
    session = opened.session_file.read()
    assert session is not None
    shown = (
        f"{opened!r} {opened} {computer.gate!r} {session!r} {vars(opened.profile)!r} {caplog.text}"
    )
    secrets = [session.refresh_token, computer.password(CLAIRE), repr(opened.cache_key)]
    secrets += [*computer.keyring.secrets.values(), base64.b64encode(opened.cache_key).decode()]
    for secret in secrets:
        assert secret not in shown
    assert "HTTP" in caplog.text, "the log was really listened to"
    assert "Bearer" not in caplog.text
    computer.gate.lock(opened)
