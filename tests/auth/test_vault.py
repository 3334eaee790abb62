"""The vault opens with the right things only, and a damaged one is told and left alone."""

import atexit
import base64
import hashlib
import json
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cx_desktop.auth.vault import Cost, Vault, wipe
from cx_desktop.domain.errors import CXError
from tests.fakes.credentials import MemoryCredentials

CHEAP = Cost(memory_kib=8, passes=1)
SERVICE_KEY = b"k" * 32
PASSWORD = "correct horse — étable"


class Kept:
    """A vault in a folder of its own, with the keyring beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.credentials = MemoryCredentials()
        self.vault = Vault(folder, self.credentials, cost=CHEAP)
        self.cache_key = self.vault.create(PASSWORD, SERVICE_KEY)
        self.file = folder / "vault"


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


_folder = tempfile.TemporaryDirectory()
atexit.register(_folder.cleanup)
SHARED = Kept(Path(_folder.name))
SOUND = SHARED.file.read_bytes()


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(CXError) as raised:
        work()
    return raised.value.key


def test_both_wraps_open_the_same_key(kept: Kept) -> None:
    assert len(kept.cache_key) == 32
    assert kept.vault.unlock(PASSWORD) == kept.cache_key
    assert kept.vault.unlock_with_service_key(SERVICE_KEY) == kept.cache_key


def test_each_vault_has_a_key_of_its_own(tmp_path: Path) -> None:
    keys = set()
    for name in "ab":
        (tmp_path / name).mkdir()
        keys.add(Kept(tmp_path / name).cache_key)
    assert len(keys) == 2


def test_the_same_password_typed_on_another_system_opens_it(kept: Kept) -> None:
    decomposed = PASSWORD.replace("é", "e\u0301")
    assert decomposed != PASSWORD
    assert kept.vault.unlock(decomposed) == kept.cache_key


@pytest.mark.parametrize("wrong", ["", PASSWORD + " ", PASSWORD.upper(), "x" * 10_000])
def test_a_wrong_password_is_told(kept: Kept, wrong: str) -> None:
    assert refusal(lambda: kept.vault.unlock(wrong)) == "problem.wrong-vault-password"


def test_the_password_alone_does_not_open_it(kept: Kept) -> None:
    kept.credentials.secrets.clear()
    assert refusal(lambda: kept.vault.unlock(PASSWORD)) == "problem.device-secret-missing"


def test_another_device_s_secret_is_told_from_a_wrong_password(kept: Kept) -> None:
    [name] = kept.credentials.secrets
    for other in (base64.b64encode(b"o" * 32).decode(), "not base64", ""):
        kept.credentials.secrets[name] = other
        assert refusal(lambda: kept.vault.unlock(PASSWORD)) == "problem.device-secret-missing"


def test_a_locked_keyring_is_told_as_such(kept: Kept) -> None:
    kept.credentials.problem = "problem.keyring-locked"
    assert refusal(lambda: kept.vault.unlock(PASSWORD)) == "problem.keyring-locked"


def test_another_user_s_service_key_does_not_open_it(kept: Kept) -> None:
    key = refusal(lambda: kept.vault.unlock_with_service_key(b"K" * 32))
    assert key == "problem.vault-of-another-user"


def test_a_new_password_keeps_the_cache_key(kept: Kept) -> None:
    kept.vault.rewrap(kept.cache_key, "new", SERVICE_KEY)
    assert kept.vault.unlock("new") == kept.cache_key
    assert refusal(lambda: kept.vault.unlock(PASSWORD)) == "problem.wrong-vault-password"


def test_a_lost_keyring_is_cured_by_a_full_sign_in(kept: Kept) -> None:
    kept.credentials.secrets.clear()
    found = kept.vault.unlock_with_service_key(SERVICE_KEY)
    kept.vault.rewrap(found, PASSWORD, SERVICE_KEY)
    assert kept.vault.unlock(PASSWORD) == kept.cache_key


def test_a_second_vault_is_not_made_over_the_first(kept: Kept) -> None:
    before = kept.file.read_bytes()
    assert refusal(lambda: kept.vault.create("other", SERVICE_KEY)) == "problem.vault-exists"
    assert kept.file.read_bytes() == before


def test_the_file_is_private_and_holds_no_secret(kept: Kept) -> None:
    assert stat.S_IMODE(kept.file.stat().st_mode) == 0o600
    content = kept.file.read_bytes()
    for secret in (kept.cache_key, SERVICE_KEY, PASSWORD.encode()):
        assert secret not in content
        assert base64.b64encode(secret) not in content
    assert [path.name for path in kept.folder.iterdir()] == ["vault"], "nothing is left beside it"


def test_the_parameters_are_those_of_the_file(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    costly = Vault(tmp_path, kept.credentials)
    assert costly.unlock(PASSWORD) == kept.cache_key
    body = json.loads(kept.file.read_bytes().split(b"\n")[0])
    assert body["cost"] == {"memory_kib": 8, "passes": 1, "lanes": 1}


def test_the_default_cost_is_the_one_decided() -> None:
    assert Cost() == Cost(memory_kib=64 * 1024, passes=3, lanes=1)


def damaged(content: bytes) -> set[str]:
    """The words for both ways in when the file holds this, which must still lie there after."""
    SHARED.file.write_bytes(content)
    keys = {
        refusal(lambda: SHARED.vault.unlock(PASSWORD)),
        refusal(lambda: SHARED.vault.unlock_with_service_key(SERVICE_KEY)),
        refusal(lambda: SHARED.vault.rewrap(SHARED.cache_key, PASSWORD, SERVICE_KEY)),
    }
    assert SHARED.file.read_bytes() == content, "a damaged vault is never written over"
    return keys


@given(st.integers(0, len(SOUND) - 1), st.integers(1, 255))
@example(SOUND.index(b"\n"), 1)
@example(0, 1)
@example(len(SOUND) - 1, 0x20)
def test_one_wrong_byte_anywhere_is_told_as_damage(place: int, flip: int) -> None:
    content = bytearray(SOUND)
    content[place] ^= flip
    assert damaged(bytes(content)) == {"problem.vault-damaged"}


@given(st.integers(0, len(SOUND) - 1))
def test_a_file_cut_anywhere_is_told_as_damage(length: int) -> None:
    assert damaged(SOUND[:length]) == {"problem.vault-damaged"}


@given(st.binary(max_size=300))
def test_any_other_bytes_are_told_as_damage(content: bytes) -> None:
    assert damaged(content) == {"problem.vault-damaged"}
    assert damaged(SOUND + content[:1] + b"x") == {"problem.vault-damaged"}


def forged(**changes: object) -> bytes:
    """The sound file with fields changed by somebody who knows the checksum."""
    body = json.loads(SOUND.split(b"\n")[0])
    text = json.dumps({**body, **changes}).encode()
    return text + b"\n" + hashlib.sha256(text).hexdigest().encode()


@pytest.mark.parametrize(
    "cost",
    [
        {"memory_kib": 1 << 40, "passes": 3, "lanes": 1},
        {"memory_kib": 8, "passes": 10**9, "lanes": 1},
        {"memory_kib": 0, "passes": 0, "lanes": 0},
        "cheap",
    ],
)
def test_a_cost_that_would_hang_the_computer_is_refused(cost: object) -> None:
    assert damaged(forged(cost=cost)) == {"problem.vault-damaged"}


def test_lowering_the_cost_does_not_open_it() -> None:
    SHARED.file.write_bytes(forged(cost={"memory_kib": 16, "passes": 1, "lanes": 1}))
    assert refusal(lambda: SHARED.vault.unlock(PASSWORD)) == "problem.wrong-vault-password"
    key = refusal(lambda: SHARED.vault.unlock_with_service_key(SERVICE_KEY))
    assert key == "problem.vault-of-another-user", "the header is vouched for by both wraps"


def test_the_two_wraps_cannot_change_places() -> None:
    body = json.loads(SOUND.split(b"\n")[0])
    SHARED.file.write_bytes(forged(password=body["service"], service=body["password"]))
    assert refusal(lambda: SHARED.vault.unlock(PASSWORD)) == "problem.wrong-vault-password"


def test_a_newer_format_asks_for_an_update() -> None:
    assert damaged(forged(format=2, shape="unknown")) == {"problem.vault-newer"}


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    vault = Vault(tmp_path, MemoryCredentials(), cost=CHEAP)
    assert not vault.exists
    assert refusal(lambda: vault.unlock(PASSWORD)) == "problem.vault-missing"


def test_wiping_leaves_zeros() -> None:
    secret = bytearray(b"secret")
    wipe(secret)
    assert secret == bytes(6)
