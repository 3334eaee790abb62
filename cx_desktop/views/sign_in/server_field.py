"""The server's address, with those used before at hand.

Not an editable combo box: that takes 5 ms of the start to make its completer.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from cx_desktop.overrides import override
from cx_desktop.views.widgets.look import Look

_DOWN = 0x01000015  # Qt.Key.Key_Down; see look.set_enum


class ServerField(QLineEdit):
    """A field; the arrow at its end, or the Down key, lists the servers used before."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._servers: tuple[str, ...] = ()
        self._menu: QMenu | None = None
        self._arrow = QAction(look.icons.icon("caret-down", "muted"), "", self)
        self._arrow.triggered.connect(self.show_servers)
        look.language.bind(self, self._arrow.setText, "sign-in.servers")

    def offer(self, servers: Sequence[str]) -> None:
        """List these."""
        self._servers = tuple(servers)
        if self._servers:
            self.addAction(self._arrow, QLineEdit.ActionPosition.TrailingPosition)
        else:
            self.removeAction(self._arrow)

    def show_servers(self) -> None:
        """Open the list below the field."""
        self._menu = QMenu(self)
        for server in self._servers:
            self._menu.addAction(server).triggered.connect(partial(self._choose, server))
        self._menu.setMinimumWidth(self.width())
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == _DOWN and self._servers and not self.isReadOnly():
            self.show_servers()
        else:
            super().keyPressEvent(event)

    def _choose(self, server: str) -> None:
        self.setText(server)
        self.setFocus()
