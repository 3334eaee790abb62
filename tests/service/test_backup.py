"""Backups: whole, of one moment, made while the service runs; restores that take no shortcuts."""

import io
import json
import shutil
import tarfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
import sqlcipher3.dbapi2  # type: ignore[import-untyped]  # the wheel carries no types

from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Welcome
from cx_desktop.service.backup import back_up, restore, verify
from cx_desktop.service.keys import Keys
from tests.fakes.service import RunningService
from tests.service.visitor import Visitor

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def welcome(visitor: Visitor) -> Welcome:
    return msgspec.json.decode(visitor.hello().content, type=Welcome)


def _seq(database: Path) -> int:
    with closing(sqlcipher3.dbapi2.connect(str(database))) as connection:
        found = connection.execute("SELECT value FROM counter WHERE name = 'seq'").fetchone()
    return int(found[0])


def key(error: pytest.ExceptionInfo[CXError]) -> str:
    return error.value.key


def test_a_backup_of_a_running_service_tells_clients_what_is_safe(
    leo: Visitor, service: RunningService, tmp_path: Path
) -> None:
    before = welcome(leo)
    seen: list[tuple[int, int]] = []
    made = back_up(
        service.data_dir,
        tmp_path / "b.cx",
        now=NOW,
        on_progress=lambda done, total: seen.append((done, total)),
    )
    after = welcome(leo)
    assert before.durable_seq == 0
    assert after.durable_seq == made.seq == after.high_seq
    assert made.epoch == after.epoch
    assert len(made.blobs) > 0
    assert seen[-1][0] == seen[-1][1]
    assert verify(tmp_path / "b.cx") == made
    assert (tmp_path / "b.cx").stat().st_mode & 0o077 == 0
    assert sorted(each.name for each in tmp_path.iterdir()) == ["b.cx", "b.cx.sha256"]


def test_a_restored_service_has_what_the_backup_had_and_another_epoch(
    leo: Visitor, service: RunningService, tmp_path: Path
) -> None:
    file = tmp_path / "b.cx"
    made = back_up(service.data_dir, file, now=NOW)
    epoch = leo.epoch
    service.stop()
    shutil.rmtree(service.data_dir)
    done = restore(file, service.data_dir, now=NOW)
    assert done.put_aside is None
    service.start()
    again = welcome(leo)
    assert again.high_seq == made.seq
    assert again.epoch != epoch
    for each in made.blobs:
        path = service.data_dir / "blobs" / each.sha256[:2] / each.sha256
        assert path.stat().st_size == each.size


def test_a_running_service_is_never_restored(service: RunningService, tmp_path: Path) -> None:
    file = tmp_path / "b.cx"
    back_up(service.data_dir, file, now=NOW)
    with pytest.raises(CXError) as error:
        restore(file, service.data_dir, now=NOW, may_lose_newer=True)
    assert key(error) == "problem.restore-running"
    service.stop()
    restore(file, service.data_dir, now=NOW, may_lose_newer=True)


def test_later_changes_are_not_overwritten_unless_told(
    service: RunningService, tmp_path: Path
) -> None:
    file = tmp_path / "b.cx"
    made = back_up(service.data_dir, file, now=NOW)
    assert service.service is not None
    with service.service.store.write() as txn:
        txn.next_seq()
    service.stop()
    with pytest.raises(CXError) as error:
        restore(file, service.data_dir, now=NOW)
    assert key(error) == "problem.restore-newer"
    assert sorted(service.data_dir.glob("*.db")) == [service.data_dir / "service.db"]
    done = restore(file, service.data_dir, now=NOW, may_lose_newer=True)
    assert done.manifest == made
    assert done.put_aside is not None
    assert _seq(done.put_aside) == made.seq + 1
    assert _seq(service.data_dir / "service.db") == made.seq


@pytest.mark.parametrize("place", [0.0, 0.3, 0.6, 0.99])
@pytest.mark.parametrize("has_checksum", [True, False])
def test_a_damaged_backup_changes_nothing(
    service: RunningService, tmp_path: Path, place: float, *, has_checksum: bool
) -> None:
    file = tmp_path / "b.cx"
    back_up(service.data_dir, file, now=NOW)
    service.stop()
    content = file.read_bytes().rstrip(b"\0")  # what fills up the last block is no part of it
    file.write_bytes(content[: int(len(content) * place)])
    if not has_checksum:
        (tmp_path / "b.cx.sha256").unlink()
    with pytest.raises(CXError) as error:
        restore(file, tmp_path / "new", now=NOW)
    assert key(error) == "problem.backup-damaged"
    assert not (tmp_path / "new").exists()


def test_a_changed_row_is_found_without_the_checksum(
    service: RunningService, tmp_path: Path
) -> None:
    file = tmp_path / "b.cx"
    back_up(service.data_dir, file, now=NOW)
    (tmp_path / "b.cx.sha256").unlink()
    with tarfile.open(file) as archive:
        at = archive.getmember("service.db").offset_data + 5000
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)
    with pytest.raises(CXError) as error:
        verify(file)
    assert key(error) == "problem.backup-damaged"


def test_a_missing_file_is_told_and_leaves_no_backup(
    leo: Visitor, service: RunningService, tmp_path: Path
) -> None:
    shutil.rmtree(service.data_dir / "blobs")
    with pytest.raises(CXError) as error:
        back_up(service.data_dir, tmp_path / "b.cx", now=NOW)
    assert key(error) == "problem.backup-file-missing"
    assert list(tmp_path.iterdir()) == []
    assert welcome(leo).durable_seq == 0


def test_a_backup_carries_the_key_that_opens_sealed_edits(
    service: RunningService, tmp_path: Path
) -> None:
    file = tmp_path / "b.cx"
    made = back_up(service.data_dir, file, now=NOW)
    assert made.keys == ("signing.key", "sealing.key", "escrow.key", "ssh.key")
    restore(file, tmp_path / "new", now=NOW)
    key = tmp_path / "new" / "escrow.key"
    assert key.read_bytes() == (service.data_dir / "escrow.key").read_bytes()
    assert key.stat().st_mode & 0o077 == 0


def test_a_backup_that_an_older_version_made_is_restored(
    service: RunningService, tmp_path: Path
) -> None:
    """It has two keys and says nothing of them; the service then makes the others."""
    file, older = tmp_path / "b.cx", tmp_path / "older.cx"
    back_up(service.data_dir, file, now=NOW)
    with tarfile.open(file) as archive, tarfile.open(older, "w") as copy:
        for member in archive.getmembers():
            content = archive.extractfile(member)
            assert content is not None
            data = content.read()
            if member.name in {"escrow.key", "ssh.key"}:
                continue
            if member.name == "manifest.json":
                said = json.loads(data) | {"format": 1}
                del said["keys"]
                data = json.dumps(said).encode()
                member.size = len(data)
            copy.addfile(member, io.BytesIO(data))
    assert verify(older).keys == ("signing.key", "sealing.key")
    restore(older, tmp_path / "new", now=NOW)
    assert not (tmp_path / "new" / "escrow.key").exists()
    Keys(tmp_path / "new")
    assert (tmp_path / "new" / "escrow.key").exists()
