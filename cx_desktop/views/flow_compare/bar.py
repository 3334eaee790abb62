"""The line above a comparison: what is compared, where one is, and what can be done."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.models.flow_comparison import FlowComparison
from cx_desktop.views.flow_compare.legend import Legend
from cx_desktop.views.widgets.button import Button, IconButton
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look


class CompareBar(QWidget):
    """« Version 12 → brouillon · 3 sur 12 », the legend, both orders, and the way out."""

    left = Signal()

    def __init__(self, look: Look, model: FlowComparison, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._model = model
        self._names = ("", "")
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = Label("", "strong")
        self.swap = IconButton(look, "arrows-left-right", "compare.swap")
        self.before = IconButton(look, "caret-up", "compare.previous", shortcut="Shift+F7")
        self.after = IconButton(look, "caret-down", "compare.next", shortcut="F7")
        self.place = Label("", "muted")
        self.hide_moved = QCheckBox()
        self.close_view = Button(look, "compare.leave", icon="x")
        self.legend = Legend(look)
        self._lay_out()
        self._connect()

    def show_names(self, old: str, new: str) -> None:
        """Which two are compared."""
        self._names = (old, new)
        self._retext()

    def _lay_out(self) -> None:
        upper = QHBoxLayout()
        upper.setSpacing(8)
        upper.addWidget(self.title)
        upper.addWidget(self.swap)
        upper.addStretch(1)
        for each in (self.place, self.before, self.after, self.close_view):
            upper.addWidget(each)
        lower = QHBoxLayout()
        lower.addWidget(self.legend, 1)
        lower.addWidget(self.hide_moved)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(4)
        column.addLayout(upper)
        column.addLayout(lower)

    def _connect(self) -> None:
        model = self._model
        self.before.clicked.connect(lambda: model.step(-1))
        self.after.clicked.connect(lambda: model.step(1))
        self.swap.clicked.connect(self._swap)
        self.hide_moved.toggled.connect(model.hide_moved)
        self.close_view.clicked.connect(self.left)
        model.laid.connect(self._on_laid)
        model.current_changed.connect(self._retext)
        model.spots_changed.connect(self._retext)
        self._look.language.follow(self, self._retext)

    def _swap(self) -> None:
        old, new = self._names
        self.show_names(new, old)
        self._model.swap()

    def _on_laid(self) -> None:
        if self._model.comparison is not None:
            self.legend.show_comparison(self._model.comparison)
        self._retext()

    def _retext(self) -> None:
        language, model = self._look.language, self._model
        old, new = self._names
        self.title.setText(language.text("compare.title", old=old, new=new))
        count = len(model.spots)
        if not count:
            words = language.text("compare.same") if model.comparison is not None else ""
        elif model.position:
            words = language.text("compare.place", place=model.position, count=count)
        else:
            words = language.plural("compare.count", count)
        self.place.setText(words)
        for each in (self.before, self.after):
            each.setEnabled(bool(count))
        self.hide_moved.setText(language.text("compare.hide-moved"))
