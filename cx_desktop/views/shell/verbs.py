"""The verbs of the window itself, for shortcuts, menus and the command palette."""

from collections.abc import Callable
from typing import NamedTuple

from cx_desktop.models.commands import Command
from cx_desktop.models.session import Session
from cx_desktop.models.settings import Settings
from cx_desktop.text import Language as Tongue
from cx_desktop.views.widgets.look import Look

_TEXT_STEP = 10
_SMALLEST, _LARGEST = 80, 200


class Deeds(NamedTuple):
    """What the window can be asked to do."""

    palette: Callable[[], object]
    go: Callable[[str], object]
    show_help: Callable[[], object]
    about: Callable[[], object]
    sync_now: Callable[[], object]
    leave: Callable[[], object]


def shell_verbs(
    look: Look,
    settings: Settings,
    session: Session,
    deeds: Deeds,
) -> tuple[Command, ...]:
    """Everything that can be done on every page."""

    def speak_other() -> None:
        is_french = look.language.current is Tongue.FRENCH
        settings.speak(Tongue.ENGLISH if is_french else Tongue.FRENCH)

    def resize(step: int) -> None:
        size = settings.now.text_size + step
        settings.set("text_size", max(_SMALLEST, min(_LARGEST, size)))

    def turn_theme() -> None:
        settings.turn_theme(is_dark=not look.theme.is_dark)

    def command(name: str, run: Callable[[], object], icon: str, shortcut: str = "") -> Command:
        return Command(
            id=f"shell.{name}",
            text_key=f"shell.{name}",
            run=run,
            icon=icon,
            shortcut=shortcut,
            is_listed=name != "palette",
        )

    return (
        command("palette", deeds.palette, "magnifying-glass", "Ctrl+K"),
        command("help", deeds.show_help, "question", "F1"),
        command("sync-now", deeds.sync_now, "arrows-clockwise", "F5"),
        command("settings", lambda: deeds.go("settings"), "gear", "Ctrl+,"),
        command("speak-other", speak_other, "translate"),
        command("turn-theme", turn_theme, "circle-half"),
        command("larger-text", lambda: resize(_TEXT_STEP), "text-aa"),
        command("smaller-text", lambda: resize(-_TEXT_STEP), "text-aa"),
        command("lock", session.lock, "lock", "Ctrl+Shift+L"),
        command("sign-out", session.sign_out, "sign-out"),
        command("about", deeds.about, "info"),
        command("quit", deeds.leave, "x-circle", "Ctrl+Q"),
    )
