"""Opens the dialogs of emergencies from anywhere, and tells what came of them."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cx_desktop.domain.schedules.emergency import Emergency
from cx_desktop.models.commands import Command, Commands
from cx_desktop.models.emergencies import Emergencies, text_of, title_of
from cx_desktop.views.emergency.dialog import EmergencyDialog
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip, Way


class Closing(QObject):
    """One dialog at a time; a strip says what is closed, with the way to reopen it."""

    def __init__(
        self,
        look: Look,
        emergencies: Emergencies,
        commands: Commands,
        strip: Strip,
        *,
        window: Callable[[], QWidget],
    ) -> None:
        """``window`` is what the dialogs stand before."""
        super().__init__(strip)
        self._look = look
        self._emergencies = emergencies
        self._strip = strip
        self._window = window
        self.dialog: EmergencyDialog | None = None
        emergencies.changed.connect(self._show)
        self.withdraw = commands.add(
            Command(
                id="emergency.close",
                text_key="emergency.command.close",
                run=self.close_now,
                is_enabled=lambda: not emergencies.why_not,
                reason_key="flows.reason.role",
                icon="prohibit",
                keywords_key="emergency.keywords",
            ),
            Command(
                id="emergency.reopen",
                text_key="emergency.command.reopen",
                run=self.reopen_latest,
                is_enabled=lambda: bool(emergencies.in_force) and not emergencies.why_not,
                reason_key="emergency.nothing-closed",
                icon="broadcast",
            ),
        )

    def button(self) -> Button:
        """The verb as a button, which says why it cannot be used."""
        button = Button(self._look, "schedules.close-now", kind="danger", icon="prohibit")
        permissions, language = self._emergencies.desk.permissions, self._look.language

        def show() -> None:
            why = self._emergencies.why_not
            button.setEnabled(not why)
            button.setToolTip(language.text(why) if why else "")

        permissions.changed.connect(show)
        language.follow(button, show)
        return button

    def close_now(self) -> None:
        """Ask what is to be closed."""
        self._open(EmergencyDialog(self._look, self._emergencies, parent=self._window()))

    def reopen(self, emergency: Emergency) -> None:
        """Ask to reopen what an emergency closed."""
        dialog = EmergencyDialog(self._look, self._emergencies, emergency, parent=self._window())
        self._open(dialog)

    def reopen_latest(self) -> None:
        """Ask to reopen what was closed last."""
        for each in self._emergencies.in_force[:1]:
            self.reopen(each)

    def _close_again(self, emergency: Emergency) -> None:
        """The way back from reopening: the same choice once more."""
        chosen = frozenset({*emergency.schedules, *emergency.numbers})
        self._open(
            EmergencyDialog(self._look, self._emergencies, chosen=chosen, parent=self._window())
        )

    def _open(self, dialog: EmergencyDialog) -> None:
        self.dialog = dialog
        dialog.finished_act.connect(self._tell)
        dialog.finished.connect(self._on_finished)
        dialog.open()

    def _on_finished(self, _result: int) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _tell(self, made: Emergency) -> None:
        if made.ended_at is not None:
            again = Way(key="emergency.close-again", run=lambda: self._close_again(made))
            self._strip.say("ok", lambda: self._look.language.text("emergency.reopened"), [again])

    def _show(self) -> None:
        """Say what is closed as long as it is."""
        in_force, language = self._emergencies.in_force, self._look.language
        if not in_force:
            if self._strip.property("tone") == "block":
                self._strip.clear()
            return
        latest = in_force[0]
        names = self._emergencies.names(latest)
        reopen = Way(key="emergency.reopen", run=lambda: self.reopen(latest))
        self._strip.say(
            "block",
            lambda: f"{title_of(language, latest)}. {text_of(language, latest, names)}",
            [reopen],
        )
