"""Which numbers a flow answers: callers hear the difference at once."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.numbers import spelled
from cx_desktop.models.flow_entity import NumberFacts
from cx_desktop.models.flow_rows import FlowRow
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip

_NUMBER = Qt.ItemDataRole.UserRole


class AssignDialog(QDialog):
    """The project's numbers, each with the flow that answers it now."""

    assign_requested = Signal(str)  # number id: let this flow answer it
    release_requested = Signal(str)  # number id: let no flow answer it

    def __init__(
        self,
        look: Look,
        row: FlowRow,
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._row = row
        self._numbers: tuple[NumberFacts, ...] = ()
        self._name_by_flow: dict[str, str] = {}
        self.setModal(True)
        self.resize(520, 440)
        self.strip = Strip(look)
        self.list = QListWidget()
        look.language.bind(self.list, self.list.setAccessibleName, "flows.assign.numbers")
        self._consequence = Label("", "muted", wraps=True)
        self.assign = Button(look, "flows.assign.confirm", kind="primary")
        self.release = Button(look, "flows.assign.release", kind="danger")
        self._close = Button(look, "flows.close")
        self._lay_out()
        self.list.currentItemChanged.connect(lambda *_: self._show_choice())
        self.list.itemActivated.connect(lambda _item: self._assign())
        self.assign.clicked.connect(self._assign)
        self.release.clicked.connect(self._release)
        self._close.clicked.connect(self.reject)
        look.language.follow(self, self._retext)

    def show_numbers(self, numbers: Sequence[NumberFacts], names: dict[str, str]) -> None:
        """Show the numbers; ``names`` are those of the flows by id."""
        self._numbers, self._name_by_flow = tuple(numbers), names
        self._retext()
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def set_busy(self, *, is_busy: bool) -> None:
        """The service is working on it, or not any more."""
        self.list.setEnabled(not is_busy)
        if is_busy:
            self.assign.setEnabled(False)
            self.release.setEnabled(False)
        else:
            self._show_choice()

    def _lay_out(self) -> None:
        verbs = QHBoxLayout()
        verbs.setSpacing(8)
        verbs.addWidget(self.release)
        verbs.addStretch(1)
        verbs.addWidget(self._close)
        verbs.addWidget(self.assign)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        self._about = Label("", "muted", wraps=True)
        layout.addWidget(self._about)
        layout.addWidget(self.strip)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._consequence)
        layout.addLayout(verbs)

    @property
    def _chosen(self) -> NumberFacts | None:
        item = self.list.currentItem()
        wanted = item.data(_NUMBER) if item is not None else None
        return next((each for each in self._numbers if each.id == wanted), None)

    def _assign(self) -> None:
        number = self._chosen
        if number is not None and self.assign.isEnabled():
            self.assign_requested.emit(number.id)

    def _release(self) -> None:
        if self._chosen is not None:
            self.release_requested.emit(self._chosen.id)

    def _show_choice(self) -> None:
        number, language = self._chosen, self._look.language
        is_ours = number is not None and number.flow_id == self._row.id
        self.assign.setEnabled(
            number is not None and not is_ours and self._row.live_revision is not None
        )
        self.release.setVisible(is_ours)
        self.release.setEnabled(is_ours)
        if self._row.live_revision is None:
            self._consequence.setText(language.text("flows.assign.not-live"))
        elif number is None or is_ours:
            self._consequence.setText("")
        else:
            other = self._name_by_flow.get(number.flow_id or "", "")
            key = "flows.assign.moves" if other else "flows.assign.begins"
            params = {"number": number.name, "name": self._row.name}
            extra = {"other": other} if other else {}
            self._consequence.setText(language.text(key, **params, **extra))

    def _retext(self) -> None:
        language = self._look.language
        self.setWindowTitle(language.text("flows.assign.title", name=self._row.name))
        self._about.setText(language.text("flows.assign.about", name=self._row.name))
        chosen = self._chosen
        self.list.clear()
        for number in self._numbers:
            self.list.addItem(self._item(number))
        if chosen is not None:
            self.list.setCurrentRow([each.id for each in self._numbers].index(chosen.id))
        self._show_choice()

    def _item(self, number: NumberFacts) -> QListWidgetItem:
        language = self._look.language
        flow = self._name_by_flow.get(number.flow_id or "")
        answer = flow or language.text("flows.assign.nobody")
        written = spelled(number.e164)
        name = f"{number.label} · {written}" if number.label else written
        is_ours = number.flow_id == self._row.id
        icon = "check-circle" if is_ours else "phone"
        item = QListWidgetItem(
            self._look.icons.icon(icon, "ok" if is_ours else "muted"), f"{name}  →  {answer}"
        )
        item.setData(_NUMBER, number.id)
        item.setToolTip(number.e164)
        return item
