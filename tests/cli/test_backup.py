"""Backup and restore from a terminal: what they print, and what they refuse."""

from pathlib import Path

from tests.cli.terminal import child, cx
from tests.fakes.service import RunningService


def test_a_service_is_backed_up_while_it_runs_and_restored_when_it_is_stopped(
    tmp_path: Path,
) -> None:
    file = tmp_path / "backup.cx"
    with RunningService() as service:
        made = cx("backup", "--data-dir", service.data_dir, "--to", file, "--json")
        assert made.code == 0
        assert made.json["file"] == str(file)
        assert made.err == ""
        running = cx("restore", "--from", file, "--data-dir", service.data_dir, "--json")
        assert (running.code, running.out) == (1, "")
        assert str(running.problem["type"]).endswith("restore-running")
    done = cx("restore", "--from", file, "--data-dir", tmp_path / "new", "--language", "en")
    assert done.code == 0
    assert done.out.startswith(f"Restored into {tmp_path / 'new'}: the service as of ")
    again = cx("restore", "--from", file, "--data-dir", tmp_path / "new", "--json")
    assert again.json["seq"] == made.json["seq"]
    assert Path(str(again.json["put_aside"])).is_file()


def test_a_backup_shows_its_progress(tmp_path: Path) -> None:
    file = tmp_path / "backup.cx"
    with RunningService() as service:
        said = child("backup", "--data-dir", service.data_dir, "--to", file, "--language", "en")
    assert said.code == 0
    assert "Copied: 100 %" in said.err
    assert said.out.startswith(f"Backed up and verified: {file} (")


def test_what_is_no_data_folder_is_told(tmp_path: Path) -> None:
    said = cx("backup", "--data-dir", tmp_path, "--to", tmp_path / "b.cx", "--json")
    assert (said.code, said.out) == (1, "")
    assert str(said.problem["type"]).endswith("backup-no-service")
