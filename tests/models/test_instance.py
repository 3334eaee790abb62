"""One window per folder; the second start raises the first window."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from cx_desktop.models.instance import Instance
from cx_desktop.models.instance_call import Listener, call


def test_the_second_start_knows_that_it_is_not_the_first(tmp_path: Path) -> None:
    first, second = Instance(tmp_path), Instance(tmp_path)
    assert first.is_first
    assert not second.is_first
    first.close()
    third = Instance(tmp_path)
    assert third.is_first
    third.close()


def test_two_folders_are_two_windows(tmp_path: Path) -> None:
    one, other = Instance(tmp_path / "a"), Instance(tmp_path / "b")
    assert one.is_first
    assert other.is_first
    assert one.name != other.name
    one.close()
    other.close()


def test_the_first_start_hears_the_call(tmp_path: Path, qtbot: QtBot) -> None:
    name = Instance(tmp_path).name
    listener = Listener(name)
    with qtbot.waitSignal(listener.called, timeout=3000):
        assert call(name)
    listener.close()


def test_nobody_listens_after_a_crash(tmp_path: Path) -> None:
    assert not call(Instance(tmp_path).name)
