"""What the marks on the canvas mean, and how many there are of each."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from cx_desktop.domain.flow.diff import Comparison, Mark
from cx_desktop.views.flow_editor.painting.changes import ROLE_BY_MARK, SIGN_BY_MARK
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

_SIGN = QSize(16, 16)


class Legend(QWidget):
    """The sign of each mark with its word and its count."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._comparison: Comparison | None = None
        self._signs = {mark: QLabel() for mark in Mark}
        self.words = {mark: Label("", "small") for mark in Mark}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for mark in Mark:
            row.addWidget(self._signs[mark])
            row.addWidget(self.words[mark])
            row.addSpacing(8)
        row.addStretch(1)
        look.language.follow(self, self._retext)
        look.theme.changed.connect(self._show_signs)
        self._show_signs()

    def show_comparison(self, comparison: Comparison) -> None:
        """Count what there is."""
        self._comparison = comparison
        self._retext()

    def _show_signs(self) -> None:
        for mark, sign in self._signs.items():
            icon = self._look.icons.icon(SIGN_BY_MARK[mark], ROLE_BY_MARK[mark])
            sign.setPixmap(icon.pixmap(_SIGN, self.devicePixelRatioF()))

    def _retext(self) -> None:
        for mark, label in self.words.items():
            count = self._comparison.count(mark) if self._comparison is not None else 0
            label.setText(self._look.language.plural(f"compare.legend.{mark}", count))
