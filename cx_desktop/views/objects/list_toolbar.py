"""The row of verbs above a list: the same as in its context menu."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from cx_desktop.views.widgets.button import BESIDE_WORDS
from cx_desktop.views.widgets.look import Look


class ListToolbar(QWidget):
    """Buttons for actions; each follows its action's words and whether it can be used."""

    def __init__(self, look: Look, *, name_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self._row.addStretch(1)
        look.language.bind(self, self.setAccessibleName, name_key)

    def add(self, action: QAction) -> None:
        """A button for one action; it disappears with the action."""
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(BESIDE_WORDS)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setVisible(action.isVisible())
        action.changed.connect(lambda: button.setVisible(action.isVisible()))
        self._row.insertWidget(self._row.count() - 1, button)
