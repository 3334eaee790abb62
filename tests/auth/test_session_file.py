"""The sealed session: whole after any crash, and closed to everybody without the cache key."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cx_desktop.auth.session_file import Session, SessionFile
from tests.auth.rotator import KEY, USER


@pytest.mark.parametrize("writes", [1, 3, 8, 40])
def test_a_token_said_to_be_kept_is_there_after_a_kill(tmp_path: Path, writes: int) -> None:
    program = subprocess.Popen(  # noqa: S603  (our own interpreter)
        [sys.executable, "-m", "tests.auth.rotator", str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
    )
    with program:
        assert program.stdout is not None
        said = [int(program.stdout.readline()) for _ in range(writes)]
        program.kill()
        said += [int(line) for line in program.stdout.read().splitlines()]
    session = SessionFile(tmp_path, KEY).read()
    assert session is not None
    number, padding = session.refresh_token.split(" ")
    assert int(number) - max(said) in {0, 1}, "the last one said, or one that was not said yet"
    assert len(padding) == int(number) * 977 % 4096


SESSION = Session(USER, "device", "refresh-token-s3cret")


def test_it_opens_with_its_key_only(tmp_path: Path) -> None:
    SessionFile(tmp_path, KEY).keep(SESSION)
    assert SessionFile(tmp_path, KEY).read() == SESSION
    assert SessionFile(tmp_path, b"d" * 32).read() is None
    assert b"s3cret" not in (tmp_path / "session").read_bytes()
    assert "s3cret" not in repr(SESSION)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 150), flip=st.integers(1, 255))
def test_one_wrong_byte_makes_it_no_session(tmp_path: Path, place: int, flip: int) -> None:
    file, path = SessionFile(tmp_path, KEY), tmp_path / "session"
    if not path.exists():
        file.keep(SESSION)
    sound = path.read_bytes()
    damaged = bytearray(sound)
    damaged[place % len(sound)] ^= flip
    path.write_bytes(damaged)
    assert file.read() is None
    path.write_bytes(sound)


def test_it_can_be_forgotten(tmp_path: Path) -> None:
    file = SessionFile(tmp_path, KEY)
    file.remove()
    file.keep(SESSION)
    file.remove()
    assert file.read() is None
