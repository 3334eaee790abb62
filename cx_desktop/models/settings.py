"""The settings as the window sees them: read at once, written off the GUI thread, followed."""

from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from cx_desktop.domain.errors import CXError
from cx_desktop.settings import (
    AppSettings,
    Declaration,
    Scheme,
    Section,
    SettingsFile,
    Speech,
    declarations,
    spoken,
)
from cx_desktop.tasks import Tasks
from cx_desktop.text import Language as Tongue

__all__ = ["Section", "Setting", "Settings"]


class Setting(NamedTuple):
    """One setting on the page, with the value it has now."""

    declaration: Declaration
    value: object


class Settings(QObject):
    """What the person has set, and how to set something else.

    What the command line overrides holds for this window and is not written.
    """

    changed = Signal(object)  # AppSettings
    failed = Signal(object)  # CXError: the file could not be written

    def __init__(
        self,
        file: SettingsFile,
        tasks: Tasks,
        *,
        overrides: dict[str, object] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._file = file
        self._tasks = tasks
        self._kept = file.settings
        self._overrides = dict(overrides or {})

    @property
    def now(self) -> AppSettings:
        """The settings in force."""
        return self._kept.but(self._overrides)

    @property
    def tongue(self) -> Tongue:
        """The language to speak."""
        return Tongue(spoken(self.now.language))

    @property
    def set_aside(self) -> str:
        """The name of the damaged settings file that was set aside, if one was."""
        return self._file.set_aside.name if self._file.set_aside else ""

    def shown(self, section: Section) -> tuple[Setting, ...]:
        """The settings of a section of the page, in order."""
        return tuple(
            Setting(each, getattr(self.now, each.name))
            for each in declarations()
            if each.section is section
        )

    def set(self, name: str, value: object) -> None:
        """Set something from now on, here and at the next start."""
        self._overrides.pop(name, None)
        if getattr(self._kept, name) == value:
            return
        self._kept = self._kept.but({name: value})
        kept = self._kept
        self._tasks.run(lambda: self._write(kept), failed=self.failed.emit)
        self.changed.emit(self.now)

    def speak(self, tongue: Tongue) -> None:
        """Speak this language from now on."""
        self.set("language", Speech(tongue.value))

    def turn_theme(self, *, is_dark: bool) -> None:
        """Show the light or the dark palette from now on."""
        self.set("theme", Scheme.DARK if is_dark else Scheme.LIGHT)

    def remember(self, *, server: str, username: str) -> None:
        """Offer this server and this user at the next start."""
        servers = (server, *(each for each in self._kept.servers if each != server))[:8]
        self.set("servers", servers)
        self.set("last_server", server)
        self.set("last_username", username)

    def _write(self, settings: AppSettings) -> None:
        try:
            self._file.write(settings)
        except OSError as error:
            raise CXError("problem.settings-not-saved", reason=error.strerror or "?") from error
