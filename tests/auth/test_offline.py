"""Without the network: password, this device and the lease open what a sign-in left."""

from datetime import timedelta
from pathlib import Path

import pytest

from cx_desktop.domain.errors import CXError
from tests.auth.gates import Computer, told
from tests.fakes.service import RunningService

CLAIRE = "claire.martin"
DAY = timedelta(days=1)


def test_password_and_device_open_the_same_cache_while_the_service_is_down(tmp_path: Path) -> None:
    with RunningService() as service:
        computer = Computer(tmp_path, service)
        online = computer.sign_in(CLAIRE)
        computer.gate.lock(online)
        service.stop()
        computer.restarted()
        offline = computer.unlock(CLAIRE)
        assert not offline.is_online
        assert offline.cache_key == online.cache_key
        assert offline.user == online.user
        assert offline.device_id == online.device_id
        with pytest.raises(CXError) as raised:
            offline.client.sessions.me()
        assert told(raised) == "problem.refused"
        service.start()
        assert offline.client.sessions.me().id == online.user.id, "the session goes on"
        computer.gate.lock(offline)


def test_a_wrong_password_is_told_and_can_be_corrected(left: Computer) -> None:
    with pytest.raises(CXError) as raised:
        left.unlock(CLAIRE, "wrong")
    assert told(raised) == "problem.wrong-vault-password"
    left.gate.lock(left.unlock(CLAIRE))


def test_somebody_who_never_signed_in_here_is_told(left: Computer) -> None:
    with pytest.raises(CXError) as raised:
        left.unlock("leo.bernard")
    assert told(raised) == "problem.never-signed-in"


def test_past_the_lease_it_stays_closed_whatever_the_clock_says(left: Computer) -> None:
    left.clock.advance(13 * DAY)
    left.gate.lock(left.unlock(CLAIRE))
    left.clock.advance(2 * DAY)
    with pytest.raises(CXError) as raised:
        left.unlock(CLAIRE)
    assert told(raised) == "problem.lease-over"
    end = left.gate.known()[0].until
    assert end is not None
    assert raised.value.params["day"] == f"{end.astimezone():%d}"
    for set_back in (3 * DAY, 400 * DAY):
        left.clock.set(left.clock.now() - set_back)
        left.restarted()
        with pytest.raises(CXError) as raised:
            left.unlock(CLAIRE)
        assert told(raised) == "problem.lease-over"


def test_the_clock_set_back_while_working_does_not_extend_the_lease(left: Computer) -> None:
    start = left.clock.now()
    for days in (10, 5):
        opened = left.unlock(CLAIRE)
        left.clock.advance(days * DAY)
        left.clock.set(start)
        left.gate.lock(opened)
        left.restarted()
    with pytest.raises(CXError) as raised:
        left.unlock(CLAIRE)
    assert told(raised) == "problem.lease-over"


def test_a_full_sign_in_gives_a_new_lease(locked: Computer) -> None:
    locked.clock.advance(20 * DAY)
    locked.service.clock.advance(20 * DAY)
    with pytest.raises(CXError):
        locked.unlock(CLAIRE)
    locked.gate.lock(locked.sign_in(CLAIRE))
    locked.gate.lock(locked.unlock(CLAIRE))


def test_a_computer_whose_clock_ran_years_ahead_recovers_with_a_sign_in(left: Computer) -> None:
    truth = left.clock.now()
    left.clock.set(truth + 9999 * DAY)
    with pytest.raises(CXError) as raised:
        left.unlock(CLAIRE)
    assert told(raised) == "problem.lease-over"
    left.clock.set(truth)
    with pytest.raises(CXError):
        left.unlock(CLAIRE)
    left.gate.lock(left.sign_in(CLAIRE))
    left.gate.lock(left.unlock(CLAIRE))


def test_a_lease_that_hello_brings_extends_the_leave(locked: Computer) -> None:
    opened = locked.unlock(CLAIRE)
    locked.service.clock.advance(5 * DAY)
    other = Computer(locked.root.with_name("other"), locked.service)
    fresh = other.sign_in(CLAIRE)
    signed = fresh.profile.signed_lease()
    other.gate.lock(fresh)
    assert signed is not None
    opened.heard(locked.service.clock.now(), signed)
    assert opened.floor.now() >= locked.service.clock.now()
    assert opened.profile.signed_lease() == signed
    with pytest.raises(CXError) as raised:
        opened.heard(locked.service.clock.now(), "forged.lease")
    assert told(raised) == "problem.lease-invalid"
    assert opened.profile.signed_lease() == signed
    locked.gate.lock(opened)


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("lease", None, "problem.lease-missing"),
        ("lease", b"forged.lease", "problem.lease-invalid"),
        ("lease", b"\xff\xfe", "problem.lease-invalid"),
        ("vault", None, "problem.vault-missing"),
        ("vault", b"damaged", "problem.vault-damaged"),
        ("profile", None, "problem.never-signed-in"),
        ("profile", b"damaged", "problem.never-signed-in"),
    ],
)
def test_a_missing_or_damaged_file_is_told(
    left: Computer, name: str, content: bytes | None, key: str
) -> None:
    path = left.profile(CLAIRE).folder / name
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CXError) as raised:
        left.unlock(CLAIRE)
    assert told(raised) == key


@pytest.mark.parametrize("content", [None, b"damaged", b""])
def test_without_the_sealed_session_work_goes_on_signed_out(
    left: Computer, content: bytes | None
) -> None:
    path = left.profile(CLAIRE).folder / "session"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    opened = left.unlock(CLAIRE)
    assert opened.user.username == CLAIRE
    assert opened.user.grants
    with pytest.raises(CXError) as raised:
        opened.client.sessions.me()
    assert told(raised) == "problem.signed-out"
    left.gate.lock(opened)


def test_a_lost_keyring_is_told_and_a_full_sign_in_cures_it(left: Computer) -> None:
    before = left.unlock(CLAIRE)
    left.gate.lock(before)
    left.keyring.secrets.clear()
    with pytest.raises(CXError) as raised:
        left.unlock(CLAIRE)
    assert told(raised) == "problem.device-secret-missing"
    after = left.sign_in(CLAIRE)
    assert after.cache_key == before.cache_key
    assert after.device_id != before.device_id, "a new key is a new device"
    left.gate.lock(after)
    left.gate.lock(left.unlock(CLAIRE))


@pytest.mark.parametrize("problem", ["problem.keyring-locked", "problem.keyring-missing"])
def test_a_keyring_that_cannot_be_used_is_told_before_anything_is_sent(
    left: Computer, problem: str
) -> None:
    left.keyring.problem = problem
    for attempt in (left.begin, left.unlock):
        with pytest.raises(CXError) as raised:
            attempt(CLAIRE)
        assert told(raised) == problem


def test_this_time_only_finds_the_cache_and_leaves_what_was_kept(locked: Computer) -> None:
    kept = locked.unlock(CLAIRE)
    locked.gate.lock(kept)
    locked.keyring.problem = "problem.keyring-locked"
    locked.gate.this_time_only()
    once = locked.sign_in(CLAIRE)
    assert not once.is_lasting
    assert once.cache_key == kept.cache_key
    assert once.device_id != kept.device_id
    locked.gate.sign_out(once)
    locked.keyring.problem = ""
    locked.restarted()
    again = locked.unlock(CLAIRE)
    assert (again.device_id, again.cache_key) == (kept.device_id, kept.cache_key)
    assert again.client.sessions.me().username == CLAIRE, "its session was left alone"
    locked.gate.lock(again)


def test_this_time_only_on_a_fresh_computer_keeps_no_leave(
    tmp_path_factory: pytest.TempPathFactory, running: RunningService
) -> None:
    computer = Computer(tmp_path_factory.mktemp("fresh"), running)
    computer.gate.this_time_only()
    once = computer.sign_in(CLAIRE)
    computer.gate.lock(once)
    assert computer.keyring.secrets == {}
    computer.restarted()
    with pytest.raises(CXError) as raised:
        computer.unlock(CLAIRE)
    assert told(raised) == "problem.lease-missing"
    later = computer.sign_in(CLAIRE)
    assert later.cache_key == once.cache_key, "what was edited that time is found again"
    computer.gate.lock(later)
    computer.gate.lock(computer.unlock(CLAIRE))


def test_a_rotated_token_that_was_never_kept_costs_a_sign_in_and_nothing_else(
    locked: Computer,
) -> None:
    """The program died between the service's rotation and the write, and came back late."""
    path = locked.profile(CLAIRE).folder / "session"
    before = path.read_bytes()
    opened = locked.unlock(CLAIRE)
    opened.client.sessions.me()
    locked.gate.lock(opened)
    assert path.read_bytes() != before
    path.write_bytes(before)
    locked.restarted()
    locked.service.clock.advance(timedelta(minutes=3))
    again = locked.unlock(CLAIRE)
    assert again.cache_key == opened.cache_key, "the cache is not locked"
    for _ in range(2):
        with pytest.raises(CXError) as raised:
            again.client.sessions.me()
        assert told(raised) == "problem.token-reused"
    locked.gate.lock(again)
    cured = locked.sign_in(CLAIRE)
    assert cured.cache_key == opened.cache_key
    assert cured.client.sessions.me().username == CLAIRE
    locked.gate.lock(cured)


def test_a_damaged_vault_stops_a_full_sign_in_too_until_one_starts_afresh(
    left: Computer,
) -> None:
    path = left.profile(CLAIRE).folder / "vault"
    path.write_bytes(b"damaged")
    with pytest.raises(CXError) as raised:
        left.sign_in(CLAIRE)
    assert told(raised) == "problem.vault-damaged"
    assert path.read_bytes() == b"damaged"
    aside = left.gate.start_afresh(left.service.url, CLAIRE)
    assert (left.root / aside / "vault").read_bytes() == b"damaged"
    left.gate.lock(left.sign_in(CLAIRE))
    left.gate.lock(left.unlock(CLAIRE))


def test_signing_out_without_the_network_still_ends_the_session_here(left: Computer) -> None:
    opened = left.unlock(CLAIRE)
    opened.client.close()
    left.gate.sign_out(opened)
    again = left.unlock(CLAIRE)
    with pytest.raises(CXError) as raised:
        again.client.sessions.me()
    assert told(raised) == "problem.signed-out"
    left.gate.lock(again)
