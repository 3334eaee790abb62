"""A fault that belongs beside no field: what happened, what to do, how long to wait."""

import math
from collections.abc import Mapping
from enum import Enum

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.models.fault import Fault
from cx_desktop.models.session import Session
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look, restyle


class Way(Enum):
    """A way out of a fault; the value is what its button says."""

    OFFLINE = "sign-in.open-offline"
    SIGN_IN = "sign-in.sign-in"
    AUTHORITY = "sign-in.choose-authority"
    NO_AUTHORITY = "sign-in.forget-authority"
    THIS_TIME_ONLY = "sign-in.this-time-only"
    AFRESH = "sign-in.start-afresh"
    RETRY = "widget.retry"


_PRIMARY = frozenset({Way.OFFLINE, Way.SIGN_IN})


class FaultNote(QFrame):
    """The words of a fault, its countdown, and those of its ways out that the place knows."""

    chosen = Signal(object)  # Way
    waiting_changed = Signal(object)  # bool: trying again is useless for now

    def __init__(
        self, look: Look, session: Session, *ways: Way, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._session = session
        self._fault: Fault | None = None
        #: The name of the file whose authorities are believed and no others, if one was chosen.
        self.authority = ""
        self.setProperty("role", "note")
        self._title = Label("", "strong", wraps=True)
        self._hint = Label("", wraps=True)
        self._more = Label("", "strong")
        self._buttons = {
            way: Button(look, way.value, kind="primary" if way in _PRIMARY else "") for way in ways
        }
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(4)
        layout.addWidget(self._title)
        layout.addWidget(self._hint)
        layout.addWidget(self._more)
        row = QHBoxLayout()
        row.setContentsMargins(0, 6, 0, 2)
        for way, button in self._buttons.items():
            row.addWidget(button)
            button.clicked.connect(lambda _=False, way=way: self.chosen.emit(way))
        row.addStretch(1)
        layout.addLayout(row)
        self._ticks = QTimer(self, interval=250)
        self._ticks.timeout.connect(self._tick)
        look.language.follow(self, self._retext)
        self.hide()

    @property
    def is_waiting(self) -> bool:
        """Whether trying again is useless for now."""
        until = self._fault.until if self._fault else None
        return until is not None and until > self._session.now()

    @property
    def error(self) -> CXError | None:
        """The fault it tells of."""
        return self._fault.error if self._fault else None

    @property
    def ways(self) -> Mapping[Way, Button]:
        """The ways out on offer, with the buttons that take them."""
        return {way: button for way, button in self._buttons.items() if not button.isHidden()}

    @property
    def text(self) -> str:
        """What is said of the fault."""
        return f"{self._title.text()}\n{self._hint.text()}\n{self._more.text()}"

    def explain(self, fault: Fault | None, *, can_open_offline: bool = False) -> None:
        """Say what happened, or nothing."""
        self._fault = fault
        self.setVisible(fault is not None)
        self._ticks.stop()
        if fault is None:
            self.waiting_changed.emit(False)
            return
        is_soft = fault.is_news or (fault.is_of_the_network and not fault.is_of_trust)
        restyle(self, "tone", "warn" if is_soft else "block")
        fitting = {
            Way.OFFLINE: fault.is_of_the_network and can_open_offline,
            Way.SIGN_IN: fault.needs_sign_in,
            Way.AUTHORITY: fault.is_of_trust,
            Way.NO_AUTHORITY: fault.is_of_trust and bool(self.authority),
            Way.THIS_TIME_ONLY: fault.is_of_the_keyring,
            Way.AFRESH: fault.is_of_the_profile,
            Way.RETRY: not fault.is_of_trust and (fault.error.retryable or fault.is_of_the_keyring),
        }
        for way, button in self._buttons.items():
            button.setVisible(fitting[way])
        self._retext()
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
        self._tick()

    def _tick(self) -> None:
        fault = self._fault
        is_waiting = self.is_waiting
        in_use = fault.is_of_trust and self.authority if fault else ""
        self._more.setVisible(is_waiting or bool(in_use))
        if Way.RETRY in self._buttons:
            self._buttons[Way.RETRY].setEnabled(not is_waiting)
        if fault is not None and fault.until is not None and is_waiting:
            seconds = math.ceil((fault.until - self._session.now()).total_seconds())
            self._more.setText(countdown(self._look, seconds))
        else:
            text = self._look.language.text
            self._more.setText(text("sign-in.authority-in-use", name=in_use) if in_use else "")
            self._ticks.stop()
        self.waiting_changed.emit(is_waiting)


def countdown(look: Look, seconds: int) -> str:
    """How long is left, in words that do not jump."""
    minutes, rest = divmod(max(0, seconds), 60)
    if minutes:
        return look.language.text("sign-in.wait-minutes", minutes=minutes, seconds=f"{rest:02}")
    return look.language.text("sign-in.wait-seconds", seconds=rest)
