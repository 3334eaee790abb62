"""The store: whole transactions, the epoch, the library it stands on, keys that stay private."""

import os
import stat
from pathlib import Path

import pytest
import sqlcipher3.dbapi2  # type: ignore[import-untyped]  # the wheel carries no types
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from cryptography.exceptions import InvalidTag

from cx_desktop.ports import RandomIds
from cx_desktop.service.keys import Keys
from cx_desktop.service.store import Store, entities
from cx_desktop.service.store.engine import OLDEST_SQLITE
from cx_desktop.service.store.recording_tables import recording
from cx_desktop.service.store.store import high_seq
from cx_desktop.service.store.tables import Instant
from tests.fakes.clock import FakeClock
from tests.fakes.service import RunningService


def opened(folder: Path) -> Store:
    clock = FakeClock()
    return Store(folder, clock=clock, ids=RandomIds(clock))


def write(store: Store, name: str) -> int:
    with store.write() as txn:
        return entities.save(txn, "queue", name, "p", {"project_id": "p", "name": name}).seq


def write_and_fail(store: Store, name: str) -> None:
    with store.write() as txn:
        entities.save(txn, "queue", name, "p", {"project_id": "p"})
        raise ZeroDivisionError


def test_the_library_is_recent_enough() -> None:
    assert sqlcipher3.dbapi2.sqlite_version_info >= OLDEST_SQLITE


def test_the_migrations_build_the_tables_that_are_declared(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with store.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": _is_other_type, "compare_server_default": False}
        )
        assert compare_metadata(context, recording.metadata) == []
    store.close()


def _is_other_type(*of: object) -> bool | None:
    declared = of[4]
    return False if isinstance(declared, Instant) else None


def test_what_fails_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    store = opened(tmp_path)
    write(store, "first")
    with pytest.raises(ZeroDivisionError):
        write_and_fail(store, "second")
    with store.read() as connection:
        assert high_seq(connection) == 1
        assert entities.load(connection, "queue", "second") is None
    assert write(store, "third") == 2
    store.close()


def test_a_reader_sees_one_moment(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with store.read() as connection:
        assert high_seq(connection) == 0
        write(store, "later")
        assert high_seq(connection) == 0
    with store.read() as connection:
        assert high_seq(connection) == 1
    store.close()


def test_listeners_hear_of_commits_and_of_nothing_else(tmp_path: Path) -> None:
    store = opened(tmp_path)
    heard: list[int] = []
    store.on_commit(lambda moved: heard.extend(each.seq for each in moved))
    write(store, "a")
    with pytest.raises(ZeroDivisionError):
        write_and_fail(store, "b")
    with store.write():
        pass
    assert heard == [1]
    store.close()


def test_the_epoch_stays_over_a_restart(tmp_path: Path) -> None:
    store = opened(tmp_path)
    epoch = store.epoch
    write(store, "a")
    store.close()
    again = opened(tmp_path)
    assert again.epoch == epoch
    again.close()


def test_a_restored_file_starts_a_new_epoch_by_itself(tmp_path: Path) -> None:
    store = opened(tmp_path)
    epoch = store.epoch
    write(store, "a")
    store.close()
    backup = (tmp_path / "service.db").read_bytes()
    store = opened(tmp_path)
    write(store, "b")
    store.close()
    (tmp_path / "service.db").write_bytes(backup)
    restored = opened(tmp_path)
    assert restored.epoch != epoch
    restored.close()


def test_a_file_of_another_folder_starts_a_new_epoch(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    epochs = []
    for name in ("a", "b"):
        store = opened(tmp_path / name)
        write(store, name)
        epochs.append(store.epoch)
        store.close()
    moved = (tmp_path / "a" / "service.db").read_bytes()
    (tmp_path / "b" / "service.db").write_bytes(moved)
    store = opened(tmp_path / "b")
    assert store.epoch not in epochs
    store.close()


def test_a_file_without_its_sidecar_starts_a_new_epoch(tmp_path: Path) -> None:
    """Nobody knows what it has told since: a file moved alone may be of any age."""
    store = opened(tmp_path)
    epoch = store.epoch
    assert not store.is_rewound
    store.close()
    (tmp_path / "told.json").unlink()
    again = opened(tmp_path)
    assert again.epoch != epoch
    assert again.is_rewound
    again.close()


def test_a_damaged_sidecar_does_not_stop_the_service(tmp_path: Path) -> None:
    store = opened(tmp_path)
    write(store, "a")
    store.close()
    (tmp_path / "told.json").write_bytes(b"{")
    store = opened(tmp_path)
    assert write(store, "b") == 2
    store.close()


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_keys_and_data_are_for_their_owner_alone(tmp_path: Path) -> None:
    Keys(tmp_path)
    opened(tmp_path).close()
    for name in ("signing.key", "sealing.key", "service.db"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600, name


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_keys_that_others_can_read_are_refused(tmp_path: Path) -> None:
    Keys(tmp_path)
    (tmp_path / "signing.key").chmod(0o640)
    with pytest.raises(PermissionError, match="0600"):
        Keys(tmp_path)


def test_keys_stay_the_same(tmp_path: Path) -> None:
    first, second = Keys(tmp_path), Keys(tmp_path)
    assert first.public_key == second.public_key
    assert second.unseal(first.seal(b"secret", "totp a"), "totp a") == b"secret"


def test_a_sealed_secret_moved_to_another_owner_does_not_open(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    with pytest.raises(InvalidTag):
        keys.unseal(keys.seal(b"secret", "totp a"), "totp b")
    sealed = keys.seal(b"secret", "totp a")
    with pytest.raises(InvalidTag):
        keys.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), "totp a")


def test_no_secret_lies_open_in_the_database() -> None:
    with RunningService() as running:
        running.stop()
        content = b"".join(path.read_bytes() for path in running.data_dir.glob("service.db*"))
        for account in running.accounts:
            assert account.password.encode() not in content
            if account.totp_secret:
                assert account.totp_secret.encode() not in content
        assert b"Maison Lumen" in content
