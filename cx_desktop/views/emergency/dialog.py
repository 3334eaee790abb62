"""Closing now, or reopening: what it does, a fresh code, the service's answer."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cx_desktop.domain.schedules.emergency import Emergency
from cx_desktop.models.emergencies import Emergencies, text_of, title_of
from cx_desktop.models.guarded import GuardedStep
from cx_desktop.views.emergency.order_panel import OrderPanel
from cx_desktop.views.objects.code_panel import CodePanel
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip

if TYPE_CHECKING:
    from cx_desktop.domain.errors import CXError


class ReopenPanel(QWidget):
    """What is closed, and the verb that reopens it."""

    confirmed = Signal()
    left = Signal()

    def __init__(
        self,
        look: Look,
        emergency: Emergency,
        names: tuple[str, ...],
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        language = look.language
        self.strip = Strip(look)
        self.confirm = Button(look, "emergency.reopen", kind="primary", icon="broadcast")
        cancel = Button(look, "flows.cancel")
        what = Label("", "", wraps=True)
        verbs = QHBoxLayout()
        verbs.setSpacing(8)
        verbs.addStretch(1)
        verbs.addWidget(cancel)
        verbs.addWidget(self.confirm)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(Label.of(look, "emergency.reopen.title", "title"))
        layout.addWidget(self.strip)
        layout.addWidget(what)
        layout.addWidget(Label.of(look, "emergency.reopen.about", "muted", wraps=True))
        layout.addStretch(1)
        layout.addLayout(verbs)
        self.confirm.clicked.connect(self.confirmed)
        cancel.clicked.connect(self.left)
        language.follow(
            self,
            lambda: what.setText(
                f"{title_of(language, emergency)}. {text_of(language, emergency, names)}"
            ),
        )

    def set_busy(self, *, is_busy: bool) -> None:
        """The service is working on it, or not any more."""
        self.confirm.setEnabled(not is_busy)

    def explain(self, error: "CXError") -> None:
        """Say why it was not done."""
        self.strip.say("block", lambda: "\n".join(self._look.language.explain(error)))


class EmergencyDialog(QDialog):
    """Closes without an emergency, reopens with one."""

    finished_act = Signal(object)  # Emergency as the service made it

    def __init__(
        self,
        look: Look,
        emergencies: Emergencies,
        emergency: Emergency | None = None,
        *,
        chosen: frozenset[str] = frozenset(),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._act = emergencies.act()
        self._act.setParent(self)
        self.setModal(True)
        self.resize(560, 620 if emergency is None else 360)
        self.panel: OrderPanel | ReopenPanel
        if emergency is None:
            panel = OrderPanel(look, emergencies.desk.clock.now)
            panel.show_choices(emergencies.choices, chosen)
            panel.confirmed.connect(self._act.close)
            self.panel = panel
            self._verb = "emergency.close"
        else:
            reopening = ReopenPanel(look, emergency, emergencies.names(emergency))
            reopening.confirmed.connect(lambda: self._act.reopen(emergency.id))
            self.panel = reopening
            self._verb = "emergency.reopen"
        self.code = CodePanel(look, self._act.guarded, emergencies.desk.step_ups)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.panel)
        self._stack.addWidget(self.code)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.addWidget(self._stack)
        self._connect()
        look.language.bind(self, self.setWindowTitle, self._verb)

    def _connect(self) -> None:
        self.panel.left.connect(self.reject)
        self.code.left.connect(self._act.guarded.back)
        self._act.guarded.step_changed.connect(self._on_step_changed)
        self._act.failed.connect(self._on_failed)
        self._act.done.connect(self._on_done)

    def _on_step_changed(self, step: GuardedStep) -> None:
        self.panel.set_busy(is_busy=step is GuardedStep.UNDER_WAY)
        if step is GuardedStep.CODE_WANTED and self._stack.currentWidget() is not self.code:
            self.code.say(self._verb)
            self._stack.setCurrentWidget(self.code)
            self.code.begin()
        elif step is GuardedStep.READY:
            self._stack.setCurrentWidget(self.panel)

    def _on_failed(self, error: "CXError") -> None:
        if self._act.guarded.step is GuardedStep.CODE_WANTED:
            self.code.explain(error)
        else:
            self.panel.explain(error)

    def _on_done(self, made: Emergency) -> None:
        self.finished_act.emit(made)
        self.accept()
