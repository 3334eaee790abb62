"""A fault that belongs beside no field: what happened, what to do, how long to wait."""

import math

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.models.session import Fault, Session
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look, restyle


class FaultNote(QFrame):
    """The words of a fault, its countdown, and the ways out that fit it."""

    offline_requested = Signal()
    retry_requested = Signal()
    this_time_only_requested = Signal()
    authority_requested = Signal()
    afresh_requested = Signal()
    waiting_changed = Signal(object)  # bool: trying again is useless for now

    def __init__(self, look: Look, session: Session, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._session = session
        self._fault: Fault | None = None
        self.setProperty("role", "note")
        self._title = Label("", "strong", wraps=True)
        self._hint = Label("", wraps=True)
        self._wait = Label("", "strong")
        self._offline = Button(look, "sign-in.open-offline", kind="primary")
        self._retry = Button(look, "widget.retry")
        self._only_now = Button(look, "sign-in.this-time-only")
        self._authority = Button(look, "sign-in.choose-authority")
        self._afresh = Button(look, "sign-in.start-afresh")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(4)
        layout.addWidget(self._title)
        layout.addWidget(self._hint)
        layout.addWidget(self._wait)
        row = QHBoxLayout()
        row.setContentsMargins(0, 6, 0, 2)
        for each in (self._offline, self._authority, self._only_now, self._afresh, self._retry):
            row.addWidget(each)
        row.addStretch(1)
        layout.addLayout(row)
        self._ticks = QTimer(self, interval=250)
        self._ticks.timeout.connect(self._tick)
        self._offline.clicked.connect(self.offline_requested)
        self._retry.clicked.connect(self.retry_requested)
        self._only_now.clicked.connect(self.this_time_only_requested)
        self._authority.clicked.connect(self.authority_requested)
        self._afresh.clicked.connect(self.afresh_requested)
        look.language.follow(self, self._retext)
        self.hide()

    @property
    def is_waiting(self) -> bool:
        """Whether trying again is useless for now."""
        until = self._fault.until if self._fault else None
        return until is not None and until > self._session.now()

    @property
    def offers_retry(self) -> bool:
        """Whether it offers another try."""
        return not self._retry.isHidden()

    @property
    def offers_offline(self) -> bool:
        """Whether it offers to open what this computer holds."""
        return not self._offline.isHidden()

    @property
    def offers_this_time_only(self) -> bool:
        """Whether it offers to go on without the keyring."""
        return not self._only_now.isHidden()

    def explain(self, fault: Fault | None, *, can_open_offline: bool = False) -> None:
        """Say what happened, or nothing."""
        self._fault = fault
        self.setVisible(fault is not None)
        self._ticks.stop()
        if fault is None:
            self.waiting_changed.emit(False)
            return
        restyle(self, "tone", "warn" if fault.is_of_the_network else "block")
        self._offline.setVisible(fault.is_of_the_network and can_open_offline)
        self._only_now.setVisible(fault.is_of_the_keyring)
        self._authority.setVisible(fault.is_of_trust)
        self._afresh.setVisible(fault.is_of_the_profile)
        self._retry.setVisible(fault.error.retryable or fault.is_of_the_keyring)
        self._retext()
        self._tick()
        if self.is_waiting:
            self._ticks.start()

    def _retext(self) -> None:
        if self._fault is None:
            return
        title, hint = self._look.language.explain(self._fault.error)
        self._title.setText(title)
        self._hint.setText(hint)
        self.setAccessibleName(title)
        self.setAccessibleDescription(hint)

    def _tick(self) -> None:
        fault = self._fault
        is_waiting = self.is_waiting
        self._wait.setVisible(is_waiting)
        self._retry.setEnabled(not is_waiting)
        if fault is not None and fault.until is not None and is_waiting:
            seconds = math.ceil((fault.until - self._session.now()).total_seconds())
            self._wait.setText(countdown(self._look, seconds))
        elif self._ticks.isActive():
            self._ticks.stop()
        self.waiting_changed.emit(is_waiting)


def countdown(look: Look, seconds: int) -> str:
    """How long is left, in words that do not jump."""
    minutes, rest = divmod(max(0, seconds), 60)
    if minutes:
        return look.language.text("sign-in.wait-minutes", minutes=minutes, seconds=f"{rest:02}")
    return look.language.text("sign-in.wait-seconds", seconds=rest)
