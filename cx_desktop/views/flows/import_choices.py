"""Which flows of a file are to be brought in: each can be looked at, named, and left out."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.models.import_flow import Preview
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

#: Longer lists scroll.
_MOST_ROWS = 6
_TICKED, _UNTICKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class ImportChoices(QWidget):
    """The flows of one file; Space ticks the one that is looked at."""

    looked_at = Signal(int)  # the position of a flow
    ticked = Signal()

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._flows: Sequence[Preview] = ()
        self._title = Label("", "section")
        self.all = QCheckBox()
        look.language.bind(self.all, self.all.setText, "flows.import.all")
        self.list = QListWidget()
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        look.language.bind(self.list, self.list.setAccessibleName, "flows.import.choices")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for each in (self._title, self.all, self.list):
            layout.addWidget(each)
        self.list.currentRowChanged.connect(self.looked_at)
        self.list.itemChanged.connect(self._on_ticked)
        self.all.clicked.connect(self._on_all_clicked)
        look.language.changed.connect(self._retext)

    def show_flows(self, flows: Sequence[Preview]) -> None:
        """Offer these flows, all of them ticked."""
        self._flows = ()
        self.list.clear()
        for each in flows:
            item = QListWidgetItem()
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(_TICKED)
            item.setText(each.name)
            self.list.addItem(item)
        self._flows = flows
        self._retext()
        rows = min(len(flows), _MOST_ROWS)
        row = max(self.list.sizeHintForRow(0), 1)
        self.list.setFixedHeight(rows * row + 2 * self.list.frameWidth() + 2)
        self.list.setCurrentRow(0)
        self._on_ticked()

    def rename(self, position: int, name: str) -> None:
        """A flow is called otherwise."""
        self._say(position, name)

    @property
    def chosen(self) -> tuple[int, ...]:
        """The positions of the flows that are ticked."""
        return tuple(
            row for row in range(self.list.count()) if self.list.item(row).checkState() is _TICKED
        )

    def _on_ticked(self, _item: QListWidgetItem | None = None) -> None:
        count = len(self.chosen)
        some = Qt.CheckState.PartiallyChecked if count else _UNTICKED
        self.all.setCheckState(_TICKED if count == self.list.count() else some)
        self.ticked.emit()

    def _on_all_clicked(self) -> None:
        state = _UNTICKED if len(self.chosen) == self.list.count() else _TICKED
        for row in range(self.list.count()):
            self.list.item(row).setCheckState(state)

    def _retext(self) -> None:
        self._title.setText(self._look.language.plural("flows.import.several", len(self._flows)))
        for position, each in enumerate(self._flows):
            self._say(position, self.list.item(position).data(_NAME) or each.name)

    def _say(self, position: int, name: str) -> None:
        language, flow = self._look.language, self._flows[position]
        parts = [name, language.plural("flows.steps", len(flow.flow.nodes))]
        if flow.notes:
            parts.append(language.plural("flows.import.to-look-at", len(flow.notes)))
        item = self.list.item(position)
        item.setData(_NAME, name)
        item.setText(" · ".join(parts))
        item.setToolTip(item.text())


_NAME = Qt.ItemDataRole.UserRole
