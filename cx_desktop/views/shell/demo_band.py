"""The band over every window of the demo: what this is, the code, and how to start over."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cx_desktop.models.demo import Demo
from cx_desktop.models.session import CODE_SECONDS, Session
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.elided_label import ElidedLabel
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.ring import CountdownRing


class DemoBand(QWidget):
    """Cannot be missed, and holds what a demonstration needs at hand."""

    reset_requested = Signal()

    def __init__(
        self,
        look: Look,
        demo: Demo,
        session: Session,
        clipboard: QClipboard,
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._demo = demo
        self._session = session
        self.setProperty("role", "demo")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._more = ElidedLabel()
        self._who = Label()
        self._code = Label()
        self._ring = CountdownRing(
            look, lambda: demo.seconds_left / CODE_SECONDS, size=18, color="on_demo"
        )
        self.copy = Button(look, "demo.copy-code")
        self.restart = Button(look, "demo.restart")
        self.reset = Button(look, "demo.reset")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 5, 12, 5)
        layout.setSpacing(10)
        layout.addWidget(Label.of(look, "demo.band"))
        layout.addWidget(self._more, 1)
        for each in (self._who, self._code, self._ring, self.copy, self.restart, self.reset):
            layout.addWidget(each)
        self.copy.clicked.connect(lambda: clipboard.setText(demo.code(session.username)))
        self.restart.clicked.connect(demo.start)
        self.reset.clicked.connect(self.reset_requested)
        demo.ticked.connect(self._show)
        demo.ready.connect(self._show)
        demo.stopped.connect(self._show)
        session.step_changed.connect(self._show)
        look.language.follow(self, self._show)

    def _show(self) -> None:
        demo, session = self._demo, self._session
        key = "demo.band-more" if demo.is_running else self._trouble()
        self._more.setText(f"·  {self._look.language.text(key)}")
        code = demo.code(session.username)
        for each in (self._who, self._code, self._ring, self.copy):
            each.setVisible(bool(code))
        if code:
            name = session.display_name
            self._who.setText(self._look.language.text("demo.code-of", name=name))
            self._code.setText(f"{code[:3]} {code[3:]}")
        self.restart.setVisible(not demo.is_running and not demo.is_starting)
        self._ring.update()

    def _trouble(self) -> str:
        return "demo.starting" if self._demo.is_starting else "demo.stopped"
