"""Sealed files: nothing of them shows on the disk, and nothing that was tampered with opens."""

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.cache import BlobStore, Place
from cx_desktop.cache.sealing import CHUNK
from cx_desktop.domain.errors import CXError

KEY = bytes(range(32))
SOUND = b"RIFF" + b"the words of a person " * 10_000


def place(content: bytes = SOUND, project: str = "p") -> Place:
    return Place(project, hashlib.sha256(content).hexdigest())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


@pytest.fixture
def store(folder: Path) -> BlobStore:
    return BlobStore(folder, KEY)


def the_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_is_kept_is_read_again_also_after_a_restart(folder: Path, size: int) -> None:
    content = os.urandom(size)
    assert BlobStore(folder, KEY).keep("p", content, is_sent=True) == place(content).sha256
    again = BlobStore(folder, KEY)
    assert again.has(place(content))
    assert again.read(place(content)) == content
    assert again.size(place(content)) == size


def test_a_file_that_nobody_wants_any_more_goes_only_if_it_was_never_sent(
    store: BlobStore, folder: Path
) -> None:
    store.keep("p", SOUND, is_sent=False)
    store.discard(place())
    assert not list(folder.iterdir())
    assert store.size(place()) == 0
    store.sent(place())  # it was on its way just then
    store.keep("p", SOUND, is_sent=True)
    store.discard(place())
    assert store.has(place())


def test_nothing_of_it_shows_on_the_disk(store: BlobStore, folder: Path) -> None:
    store.keep("p", SOUND, is_sent=True)
    path = the_file(folder)
    on_disk = path.read_bytes()
    assert b"words" not in on_disk
    assert b"RIFF" not in on_disk
    assert place().sha256.encode() not in on_disk
    assert place().sha256[:12] not in path.name
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_same_file_is_sealed_differently_each_time(tmp_path: Path) -> None:
    one, other = BlobStore(tmp_path / "a", KEY), BlobStore(tmp_path / "b", KEY)
    one.keep("p", SOUND, is_sent=True)
    other.keep("p", SOUND, is_sent=True)
    assert the_file(tmp_path / "a").read_bytes() != the_file(tmp_path / "b").read_bytes()


def test_another_key_finds_nothing_and_destroys_nothing(store: BlobStore, folder: Path) -> None:
    store.keep("p", SOUND, is_sent=False)
    stranger = BlobStore(folder, bytes(32))
    assert not stranger.has(place())
    assert stranger.unsent() == ()
    stranger.forget_all_but(frozenset())
    assert BlobStore(folder, KEY).read(place()) == SOUND


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_file_that_was_tampered_with_does_not_open(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("blobs")
    store = BlobStore(folder, KEY)
    store.keep("p", SOUND, is_sent=True)
    path = the_file(folder)
    sealed = bytearray(path.read_bytes())
    match data.draw(st.sampled_from(["flip", "cut", "swap", "more"])):
        case "flip":
            sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
        case "cut":
            del sealed[data.draw(st.integers(0, len(sealed) - 1)) :]
        case "swap":
            size = CHUNK + 16
            start = len(sealed) - len(sealed) % size - 2 * size
            sealed[start : start + 2 * size] = (
                sealed[start + size : start + 2 * size] + sealed[start : start + size]
            )
        case _:
            sealed += os.urandom(data.draw(st.integers(1, 40)))
    path.write_bytes(sealed)
    with pytest.raises(CXError, match="sound-not-here"):
        store.read(place())
    assert not store.has(place())  # it is fetched again


def test_a_file_under_another_s_name_is_not_taken_for_it(store: BlobStore, folder: Path) -> None:
    store.keep("p", SOUND, is_sent=True)
    path = the_file(folder)
    store.keep("p", b"other", is_sent=True)
    (other,) = (each for each in folder.iterdir() if each != path)
    path.replace(other)
    with pytest.raises(CXError, match="sound-not-here"):
        store.read(place(b"other"))


def test_what_was_not_sent_is_listed_until_it_is(store: BlobStore) -> None:
    store.keep("p", SOUND, is_sent=False)
    store.keep("q", SOUND, is_sent=False)
    store.keep("p", b"held", is_sent=True)
    assert set(store.unsent()) == {place(project="p"), place(project="q")}
    store.sent(place(project="q"))
    assert store.unsent() == (place(project="p"),)
    assert store.read(place(project="q")) == SOUND


def test_what_was_not_sent_outlives_damage_and_forgetting(store: BlobStore, folder: Path) -> None:
    store.keep("p", SOUND, is_sent=False)
    store.forget_all_but(frozenset())
    assert store.has(place())
    path = the_file(folder)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CXError):
        store.read(place())
    assert path.exists()


def test_what_nothing_refers_to_is_let_go(store: BlobStore) -> None:
    store.keep("p", SOUND, is_sent=True)
    store.keep("p", b"old", is_sent=True)
    store.forget_all_but(frozenset({place()}))
    assert store.has(place())
    assert not store.has(place(b"old"))


def test_what_a_crash_left_half_written_is_swept(store: BlobStore, folder: Path) -> None:
    store.keep("p", SOUND, is_sent=True)
    (folder / "x.1234.part").write_bytes(b"half")
    BlobStore(folder, KEY)
    assert [each.suffix for each in folder.iterdir()] == [".held"]


def test_a_disk_that_cannot_be_written_to_says_so(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_bytes(b"a file where the folder should be")
    with pytest.raises(CXError, match="cache-not-writable"):
        BlobStore(tmp_path / "blobs", KEY).keep("p", SOUND, is_sent=True)
