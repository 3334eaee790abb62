"""What floats over the canvas: the minimap, and the scale with its buttons."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton

from cx_desktop.overrides import override
from cx_desktop.views.flow_editor.canvas import FlowCanvas
from cx_desktop.views.flow_editor.ink import Ink
from cx_desktop.views.flow_editor.minimap import Minimap
from cx_desktop.views.widgets.button import IconButton
from cx_desktop.views.widgets.look import Look

MARGIN = 12
REST_MS = 80


class ZoomBar(QFrame):
    """Smaller, the scale, larger, everything."""

    zoomed = Signal(float)  # by which factor
    reset = Signal()
    fitted = Signal()

    def __init__(self, look: Look, canvas: FlowCanvas) -> None:
        super().__init__(canvas)
        self._viewport = canvas.stage.viewport
        self.setProperty("role", "floating")
        smaller = IconButton(look, "minus", "editor.verb.zoom-out", shortcut="Ctrl+-")
        larger = IconButton(look, "plus", "editor.verb.zoom-in", shortcut="Ctrl++")
        whole = IconButton(look, "corners-out", "editor.verb.fit", shortcut="Ctrl+9")
        self._scale = QToolButton()
        look.language.bind(self._scale, self._scale.setToolTip, "editor.verb.zoom-100")
        look.language.bind(self._scale, self._scale.setAccessibleName, "editor.verb.zoom-100")
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        for each in (smaller, self._scale, larger, whole):
            row.addWidget(each)
        smaller.clicked.connect(lambda: self.zoomed.emit(1 / 1.25))
        larger.clicked.connect(lambda: self.zoomed.emit(1.25))
        self._scale.clicked.connect(self.reset)
        whole.clicked.connect(self.fitted)
        self._viewport.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self._scale.setText(f"{self._viewport.scale:.0%}".replace("%", " %"))
        self._scale.setMinimumWidth(self._scale.fontMetrics().horizontalAdvance("0000 %") + 12)
        self.adjustSize()


class Overlay(QObject):
    """Keeps minimap and zoom bar in the corners of the canvas."""

    def __init__(self, look: Look, canvas: FlowCanvas, ink: Ink) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.minimap = Minimap(canvas.stage, ink, canvas)
        self.zoom_bar = ZoomBar(look, canvas)
        look.language.bind(self.minimap, self.minimap.setAccessibleName, "editor.minimap")
        self._is_minimap_wanted = True
        # Once the view rests: measuring the flow at each step of a zoom would be felt.
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._show_minimap)
        canvas.stage.viewport.changed.connect(self._rest.start)
        canvas.stage.geometry.moved.connect(self._rest.start)
        canvas.stage.geometry.reset.connect(self._rest.start)
        canvas.installEventFilter(self)
        self._place()

    def toggle_minimap(self) -> None:
        """Show the minimap whenever a part of the flow is out of sight, or never."""
        self._is_minimap_wanted = not self._is_minimap_wanted
        self._show_minimap()

    def _show_minimap(self) -> None:
        self.minimap.setVisible(self._is_minimap_wanted and self.minimap.is_useful)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        size = self._canvas.size()
        self.zoom_bar.adjustSize()
        self.zoom_bar.move(MARGIN, size.height() - self.zoom_bar.height() - MARGIN)
        self.minimap.move(
            size.width() - self.minimap.width() - MARGIN,
            size.height() - self.minimap.height() - MARGIN,
        )
