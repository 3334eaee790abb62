"""A part of « Conservation »: its page, the code it asks for, and what stands there before it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.models.guarded import GuardedStep
from cx_desktop.models.load_state import LoadState
from cx_desktop.models.recording_settings.desk import GuardedDesk
from cx_desktop.views.objects.code_panel import CodePanel
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import ErrorPanel, Skeleton
from cx_desktop.views.widgets.strip import Strip


class GuardedPanel(QWidget):
    """Shows the page, or the code panel while a code is wanted, or why there is nothing to show."""

    def __init__(self, look: Look, desk: GuardedDesk, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._guarded_desk = desk
        self.strip = Strip(look)
        self.code = CodePanel(look, desk.guarded, desk.step_ups)
        self.error = ErrorPanel(look)
        self.waiting = Skeleton(look)
        self.stack = QStackedWidget()
        self._page = QWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.strip)
        layout.addWidget(self.stack, 1)

    def begin(self) -> None:
        """It came into view."""
        raise NotImplementedError

    def _hold(self, page: QWidget) -> None:
        """Take the page, and follow what is being done."""
        self._page = page
        for each in (page, self.code, self.error, self.waiting):
            self.stack.addWidget(each)
        guarded = self._guarded_desk.guarded
        self.code.left.connect(guarded.back)
        guarded.step_changed.connect(self._on_step_changed)
        self._guarded_desk.failed.connect(self._on_failed)

    def _show_verbs(self) -> None:
        """What can be done has changed."""
        raise NotImplementedError

    def _show_page(self) -> None:
        desk = self._guarded_desk
        if desk.guarded.step is GuardedStep.CODE_WANTED:
            return
        if desk.problem is not None and desk.state is LoadState.FAILED:
            self.error.explain(desk.problem)
            self.stack.setCurrentWidget(self.error)
        else:
            self.stack.setCurrentWidget(self.waiting if desk.is_awaited else self._page)

    def _on_step_changed(self, step: GuardedStep) -> None:
        if step is GuardedStep.CODE_WANTED:
            self.stack.setCurrentWidget(self.code)
            self.code.begin()
        elif step is not GuardedStep.UNDER_WAY or self.stack.currentWidget() is not self.code:
            self._show_page()
        self._show_verbs()

    def _on_failed(self, error: CXError) -> None:
        if self.stack.currentWidget() is self.code:
            self.code.explain(error)
            return
        self.strip.say("block", lambda: "\n".join(self._look.language.explain(error)))


def scrolled(inside: QWidget) -> QScrollArea:
    """A page that scrolls where it has no room."""
    inside.setProperty("role", "page")
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setWidget(inside)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return scroll
