"""A file that comes bit by bit is sealed as it comes, and taken up again wherever it broke off."""

import hashlib
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.cache.blobs import BlobStore, Place
from cx_desktop.cache.sealing import CHUNK

KEY = bytes(range(32))
CONTENT = Random(3).randbytes(3 * CHUNK + 123)  # noqa: S311  (any bytes)
PLACE = Place("p", hashlib.sha256(CONTENT).hexdigest())


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 123])
def test_what_came_whole_is_what_was_kept(tmp_path: Path, size: int) -> None:
    content = CONTENT[:size]
    place = Place("p", hashlib.sha256(content).hexdigest())
    store = BlobStore(tmp_path, KEY)
    arriving = store.arriving(place)
    for at in range(0, size, 10_000):
        arriving.add(content[at : at + 10_000])
    assert not store.has(place)
    assert arriving.finish()
    assert store.read(place) == content
    assert store.size(place) == size


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(CONTENT)), st.integers(0, 4 * CHUNK), st.integers(0, 7))
def test_after_any_cut_and_any_damage_it_goes_on_from_what_opens(
    tmp_path_factory: pytest.TempPathFactory, came: int, torn: int, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("blobs")
    BlobStore(folder, KEY).arriving(PLACE).add(CONTENT[:came])
    (path,) = folder.glob("*.coming")
    sealed = bytearray(path.read_bytes())
    if torn < len(sealed):
        sealed[torn] ^= 1 << bit
        path.write_bytes(sealed[: torn + 1] if bit < 3 else sealed)
    again = BlobStore(folder, KEY).arriving(PLACE)
    assert again.size <= came
    assert again.size % CHUNK == 0
    again.add(CONTENT[again.size :])
    assert again.finish()
    assert BlobStore(folder, KEY).read(PLACE) == CONTENT


def test_another_file_than_was_asked_for_gets_no_name(tmp_path: Path) -> None:
    store = BlobStore(tmp_path, KEY)
    arriving = store.arriving(PLACE)
    arriving.add(CONTENT[:-1] + b"x")
    assert not arriving.finish()
    assert not store.has(PLACE)
    arriving.begin_again()
    arriving.add(CONTENT)
    assert arriving.finish()


def test_another_key_takes_nothing_over(tmp_path: Path) -> None:
    BlobStore(tmp_path, KEY).arriving(PLACE).add(CONTENT)
    assert BlobStore(tmp_path, bytes(32)).arriving(PLACE).size == 0


def test_nothing_of_it_can_be_read_on_the_disk(tmp_path: Path) -> None:
    BlobStore(tmp_path, KEY).arriving(PLACE).add(CONTENT)
    (path,) = tmp_path.glob("*.coming")
    assert CONTENT[:64] not in path.read_bytes()
    assert PLACE.sha256 not in path.name
