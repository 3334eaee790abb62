"""The system's dialogs for files; work goes on below while one is open."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def ask_for_file(owner: QWidget, title: str, *, done: Callable[[Path], object]) -> QFileDialog:
    """Let a file be chosen that is there."""
    dialog = _dialog(owner, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(lambda name: done(Path(name)))
    dialog.open()
    return dialog


def ask_where_to_save(
    owner: QWidget,
    title: str,
    name: str,
    suffix_by_kind: Mapping[str, str],
    *,
    done: Callable[[Path, str], object],
) -> QFileDialog:
    """Let a name be given to a file of one of these kinds; ``done`` gets the path and the kind.

    The name gets the kind's ending before the dialog asks whether an old file may be replaced.
    """
    dialog = _dialog(owner, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    kind_by_filter = {f"{kind} (*{suffix})": kind for kind, suffix in suffix_by_kind.items()}
    dialog.setNameFilters(list(kind_by_filter))

    def take(chosen: str) -> None:
        dialog.setDefaultSuffix(suffix_by_kind[kind_by_filter[chosen]].removeprefix("."))

    take(dialog.selectedNameFilter())
    dialog.filterSelected.connect(take)
    dialog.selectFile(name)
    dialog.fileSelected.connect(
        lambda path: done(Path(path), kind_by_filter[dialog.selectedNameFilter()])
    )
    dialog.open()
    return dialog


def _dialog(owner: QWidget, title: str) -> QFileDialog:
    dialog = QFileDialog(owner, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return dialog
