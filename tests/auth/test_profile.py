"""One folder, one user, one process at a time; and nothing secret in the clear."""

import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cx_desktop.auth.files import make_private_folder, read_small, write_atomically
from cx_desktop.auth.profile import Card, KnownAccount, Profile, Profiles
from cx_desktop.domain.errors import CXError

if sys.platform != "win32":
    import resource

SERVER = "https://cx.example"


@contextmanager
def another_program(root: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """What another process says when it takes the profile of ana."""
    program = subprocess.Popen(  # noqa: S603  (our own interpreter)
        [sys.executable, "-m", "tests.auth.lock_holder", str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with program:
        assert program.stdout is not None
        try:
            yield program.stdout.readline().strip(), program
        finally:
            program.kill()


def refused(profile: Profile) -> bool:
    try:
        profile.lock()
    except CXError as error:
        return error.key == "problem.profile-in-use"
    return False


def test_a_second_process_is_refused_until_the_first_ends(tmp_path: Path) -> None:
    """Invariant 31 of sync.md."""
    here = Profiles(tmp_path).for_user(SERVER, "ana")
    with another_program(tmp_path) as (said, program):
        assert said == "held"
        assert refused(here)
        assert program.stdin is not None
        program.stdin.close()
        program.wait(10)
        assert not refused(here)
    with another_program(tmp_path) as (said, _):
        assert said == "problem.profile-in-use"
    here.unlock()
    with another_program(tmp_path) as (said, _):
        assert said == "held"


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    with another_program(tmp_path) as (said, program):
        assert said == "held"
        program.kill()
        program.wait(10)
        assert not refused(Profiles(tmp_path).for_user(SERVER, "ana"))


def test_two_windows_of_one_process_share_no_profile(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path)
    first, second = profiles.for_user(SERVER, "ana"), profiles.for_user(SERVER, "Ana ")
    first.lock()
    first.lock()
    assert refused(second)
    first.unlock()
    first.unlock()
    assert not refused(second)


@pytest.mark.parametrize(
    "username", ["ana", "../../etc/passwd", "Ana Dupont", "анна", "a" * 500, "CON", "", "a/b\\c\0"]
)
def test_a_user_name_never_becomes_a_path(tmp_path: Path, username: str) -> None:
    profile = Profiles(tmp_path).for_user(SERVER, username)
    assert profile.folder.parent == tmp_path
    assert len(profile.folder.name) <= 48
    profile.lock()
    assert profile.folder.is_dir()
    profile.unlock()


def test_users_and_servers_do_not_mix(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path)
    pairs = [(SERVER, "ana"), (SERVER, "an a"), ("https://b.example", "ana"), (SERVER, "ana-")]
    folders = [profiles.for_user(server, username).folder for server, username in pairs]
    assert len(set(folders)) == 4
    assert profiles.for_user(SERVER, " ANA ").folder == folders[0]


def test_what_a_crash_left_half_written_is_swept(tmp_path: Path) -> None:
    profile = Profiles(tmp_path).for_user(SERVER, "ana")
    profile.lock()
    profile.unlock()
    half = profile.folder / ".session.unfinished-abc"
    half.write_bytes(b"half")
    (profile.folder / "session").write_bytes(b"whole")
    profile.lock()
    assert not half.exists()
    assert (profile.folder / "session").exists()


def test_known_accounts_are_listed_by_name(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path)
    assert profiles.known() == ()
    for username, name in (("zoe", "Zoé"), ("ana", "ana")):
        profile = profiles.for_user(SERVER, username)
        profile.lock()
        profile.remember(Card(SERVER, username, name, "key", "device"))
        profile.unlock()
    damaged = profiles.for_user(SERVER, "ben")
    damaged.lock()
    (damaged.folder / "profile").write_bytes(b"{")
    assert profiles.known() == (
        KnownAccount(SERVER, "ana", "ana"),
        KnownAccount(SERVER, "zoe", "Zoé"),
    )


def test_a_profile_is_set_aside_whole(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path)
    profile = profiles.for_user(SERVER, "ana")
    profile.lock()
    profile.remember(Card(SERVER, "ana", "Ana", "key"))
    (profile.folder / "cache.db").write_bytes(b"unreadable")
    aside = profile.set_aside(datetime(2026, 11, 16, 9, 0, tzinfo=UTC))
    assert (aside / "cache.db").read_bytes() == b"unreadable"
    assert not profile.folder.exists()
    assert profiles.known() == ()
    profile.lock()
    assert profile.card() is None


def test_folders_and_files_are_private(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    make_private_folder(folder)
    write_atomically(folder / "file", b"content")
    assert [stat.S_IMODE(each.stat().st_mode) for each in (folder, folder.parent)] == [0o700] * 2
    assert stat.S_IMODE((folder / "file").stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file size are POSIX's")
def test_a_full_disk_leaves_the_old_file_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2, hard))
    try:
        with pytest.raises(CXError) as raised:
            write_atomically(path, b"new content")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert raised.value.key == "problem.cannot-write"
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_an_absent_file_is_none_and_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    assert read_small(tmp_path / "absent") is None
    with pytest.raises(CXError) as raised:
        read_small(tmp_path)
    assert raised.value.key == "problem.unreadable-file"
