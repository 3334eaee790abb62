"""The system's dialog for a file of sound."""

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from cx_desktop.models.language import Language
from cx_desktop.views.flows.file_dialogs import ask_for_file


def ask_for_sound(
    owner: QWidget,
    language: Language,
    suffixes: Iterable[str],
    *,
    done: Callable[[Path], object],
) -> QFileDialog:
    """Let a file of sound be chosen, or any other one: what it is, its content says."""
    dialog = ask_for_file(owner, language.text("prompts.sound.choose"), done=done)
    sounds = " ".join(f"*.{each}" for each in suffixes)
    dialog.setNameFilters(
        [f"{language.text('prompts.files')} ({sounds})", f"{language.text('prompts.any-file')} (*)"]
    )
    return dialog
