"""Where the parts of the page stand: more of them side by side the wider it is."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QSplitter, QWidget

from cx_desktop.overrides import override
from cx_desktop.views.widgets.look import Look

#: In pixels of ordinary text: from so wide on there is room for the review beside the list, else
#: it stands by the player; where that is too narrow as well, below it.
_ROOMY, _PAIRED = 1_480, 700
#: Less than this and the filters stand in the place of the list.
_LIST = 540
_ROWS_HIGH, _WORK_HIGH = 150, 270
_GAP = 16


class Arrangement(QWidget):
    """Filters, the list, and what is done with the recording in hand; each can be made larger.

    Nothing is cut off: what has no room is scrolled to.
    """

    def __init__(
        self, look: Look, filters: QWidget, rows: QWidget, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._filters = filters
        self._rows = rows
        self._beside: list[QWidget] = []
        self._below = _splitter(Qt.Orientation.Vertical)
        self._lower = _splitter(Qt.Orientation.Horizontal, self._below)
        self._middle = _splitter(Qt.Orientation.Vertical, rows, self._lower)
        self._across = _splitter(Qt.Orientation.Horizontal, self._middle)
        self._middle.setStretchFactor(0, 1)
        self._across.setStretchFactor(0, 1)
        self._lower.setStretchFactor(0, 1)
        self._lower.setContentsMargins(0, 8, 0, 0)
        self._lower.hide()
        self._across.setProperty("role", "page")
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._across)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        layout.addWidget(filters)
        layout.addWidget(self._scroll, 1)
        look.theme.changed.connect(self._place)
        self._place()

    def put_below(self, widget: QWidget) -> None:
        """Below the list, after what is there already."""
        self._below.addWidget(widget)

    def put_beside(self, widget: QWidget) -> None:
        """Beside the list where there is room, else beside what stands below it, or under that."""
        self._beside.append(widget)
        self._place()

    def show_work(self, *, is_wanted: bool) -> None:
        """Show what is done with a recording, or only the list."""
        is_there = self._below.count() > 0 or (not self._is_roomy and bool(self._beside))
        if self._lower.isHidden() == (is_wanted and is_there):
            self._lower.setVisible(is_wanted and is_there)
            self._share_height()

    def show_filters(self, *, is_wanted: bool) -> None:
        """Show the filters beside the list, or in its place where there is no room for both."""
        self._filters.setVisible(is_wanted)
        self._place()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    @property
    def _is_roomy(self) -> bool:
        return self.width() >= self._scaled(_ROOMY)

    def _share_height(self) -> None:
        """At first the list has all that the work does not need."""
        if not self._lower.isHidden():
            least = max(self._scaled(_WORK_HIGH), self._lower.minimumSizeHint().height())
            self._middle.setSizes([max(0, self._middle.height() - least), least])

    def _scaled(self, pixels: int) -> int:
        """Pixels as large as the text is."""
        return round(pixels * self._look.theme.pixels("body") / 13)

    def _place(self) -> None:
        self.setMinimumHeight(self._scaled(_ROWS_HIGH))
        self._rows.setMinimumHeight(self._scaled(_ROWS_HIGH))
        is_pair = self.width() >= self._scaled(_PAIRED)
        way = Qt.Orientation.Horizontal if is_pair else Qt.Orientation.Vertical
        if self._lower.orientation() != way:
            self._lower.setOrientation(way)
        beside = 0 if self._filters.isHidden() else self._filters.minimumWidth() + _GAP
        self._scroll.setVisible(not beside or self.width() - beside >= self._scaled(_LIST))
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
    return splitter
