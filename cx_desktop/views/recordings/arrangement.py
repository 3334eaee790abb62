"""Where the parts of the page stand: more of them side by side the wider it is."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from cx_desktop.overrides import override

#: From so wide on there is room for the review beside the list; else it stands by the player.
_ROOMY = 1_480
_GAP, _BETWEEN = 16, 12


class Arrangement(QWidget):
    """Filters, the list, and what is done with the recording in hand; each can be made larger."""

    def __init__(self, filters: QWidget, rows: QWidget, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._beside: list[QWidget] = []
        self._below = _splitter(Qt.Orientation.Vertical)
        self._lower = _splitter(Qt.Orientation.Horizontal, self._below)
        self._middle = _splitter(Qt.Orientation.Vertical, rows, self._lower)
        self._across = _splitter(Qt.Orientation.Horizontal, self._middle)
        self._middle.setStretchFactor(0, 1)
        self._across.setStretchFactor(0, 1)
        self._lower.setStretchFactor(0, 1)
        self._lower.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        layout.addWidget(filters)
        layout.addWidget(self._across, 1)

    def put_below(self, widget: QWidget) -> None:
        """Below the list, after what is there already."""
        self._below.addWidget(widget)

    def put_beside(self, widget: QWidget) -> None:
        """Beside the list where there is room, else beside what stands below it."""
        self._beside.append(widget)
        self._place()

    def show_work(self, *, is_wanted: bool) -> None:
        """Show what is done with a recording, or only the list."""
        is_there = self._below.count() > 0 or (not self._is_roomy and bool(self._beside))
        self._lower.setVisible(is_wanted and is_there)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    @property
    def _is_roomy(self) -> bool:
        return self.width() >= _ROOMY

    def _place(self) -> None:
        home = self._across if self._is_roomy else self._lower
        for widget in self._beside:
            if widget.parentWidget() is not home:
                was_hidden = widget.isHidden() and widget.testAttribute(
                    Qt.WidgetAttribute.WA_WState_ExplicitShowHide
                )
                home.addWidget(widget)
                widget.setVisible(not was_hidden)


def _splitter(way: Qt.Orientation, *parts: QWidget) -> QSplitter:
    splitter = QSplitter(way)
    for each in parts:
        splitter.addWidget(each)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(_BETWEEN)
    return splitter
