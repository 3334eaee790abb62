"""What is kept for the service's sake: a list with its words, and what can be done with it."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.errors import CXError
from cx_desktop.models.outbox.kept import Keeping, KeptRow
from cx_desktop.models.table import Column, TableModel
from cx_desktop.views.outbox import kept_words
from cx_desktop.views.outbox.let_go_dialog import LetGoDialog
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import EmptyState
from cx_desktop.views.widgets.strip import Strip
from cx_desktop.views.widgets.table_view import TableView

_LEAST = (150, 105, 170, 85)


class KeptPanel(QWidget):
    """Recovered objects, then edits that wait for a backup."""

    opened = Signal(object)  # KeptRow: somebody wants to see it at its place

    def __init__(
        self,
        look: Look,
        keeping: Keeping,
        *,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._keeping = keeping
        self.dialog: LetGoDialog | None = None
        language = look.language
        self.about = Label("", wraps=True)
        self.strip = Strip(look)
        self.open = Button(look, "outbox.open", icon="arrow-square-out")
        self.offer = Button(look, "kept.offer", icon="cloud-arrow-up")
        self.copy = Button(look, "outbox.copy", icon="copy")
        self.let_go = Button(look, "kept.let-go", icon="trash")
        self.rows: TableModel[KeptRow] = TableModel(
            (
                Column("kept.column.what", text=lambda row: kept_words.object_words(language, row)),
                Column("kept.column.kind", text=lambda row: kept_words.kind_words(language, row)),
                Column("kept.column.standing", text=lambda row: kept_words.standing(language, row)),
                Column(
                    "kept.column.at",
                    text=lambda row: language.since(row.at, now()),
                    sort_key=lambda row: row.at,
                    tooltip=lambda row: language.day_and_time(row.at),
                ),
            ),
            key=lambda row: (row.op_id, row.object_id),
            language=language,
            parent=self,
        )
        self.table: TableView[KeptRow] = TableView(look, self.rows, least=_LEAST)
        self.content = QPlainTextEdit()
        self.content.setReadOnly(True)
        self.nothing = EmptyState(look, "shield-check", "kept.empty.title", "kept.empty.text")
        self.stack = QStackedWidget()
        self._lay_out()
        self._connect()
        language.bind(self, self.table.setAccessibleName, "kept.list")
        language.bind(self, self.content.setAccessibleName, "kept.content")
        language.follow(self, self._show)

    def ask_to_let_go(self) -> None:
        """Say how many go and what that means; they go when somebody says yes."""
        chosen = self.table.selected_rows
        if not chosen:
            return
        self.dialog = LetGoDialog(self._look, chosen, parent=self.window())
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.accepted.connect(lambda: self._keeping.let_go(chosen))
        self.dialog.finished.connect(self._forget_dialog)
        self.dialog.open()

    def copy_text(self) -> None:
        """Put what is selected on the clipboard, with all that it holds."""
        chosen = self.table.selected_rows
        if chosen:
            said = kept_words.as_text(self._look.language, chosen)
            QGuiApplication.clipboard().setText(said)

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(8)
        for each in (self.open, self.offer, self.copy, self.let_go):
            tools.addWidget(each)
        tools.addStretch(1)
        beside = QWidget()  # the table ends below its last row, what it holds does not
        within = QVBoxLayout(beside)
        within.setContentsMargins(0, 0, 0, 0)
        within.addWidget(self.table)
        within.addStretch(1)
        listed = QSplitter(Qt.Orientation.Horizontal)
        listed.setChildrenCollapsible(False)
        listed.addWidget(beside)
        listed.addWidget(self.content)
        listed.setSizes([620, 400])
        listed.setStretchFactor(0, 1)
        self._listed = listed
        self.stack.addWidget(self.nothing)
        self.stack.addWidget(listed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.strip)
        layout.addWidget(self.about)
        layout.addLayout(tools)
        layout.addWidget(self.stack, 1)

    def _connect(self) -> None:
        keeping, plural = self._keeping, self._look.language.plural
        keeping.changed.connect(self._show)
        keeping.failed.connect(self._on_failed)
        keeping.let_go_of.connect(
            lambda count: self.strip.say("ok", lambda: plural("kept.let-go.done", count))
        )
        keeping.offered.connect(
            lambda count: self.strip.say("ok", lambda: plural("kept.offered", count))
        )
        self.table.rows_selected.connect(self._on_selected)
        self.table.row_opened.connect(self.opened)
        self.open.clicked.connect(lambda: self.opened.emit(self.table.selected_rows[0]))
        self.offer.clicked.connect(lambda: keeping.offer(self.table.selected_rows))
        self.copy.clicked.connect(self.copy_text)
        self.let_go.clicked.connect(self.ask_to_let_go)

    def _show(self) -> None:
        kept = self._keeping.kept
        rows = kept.rows if kept is not None else ()
        self.rows.set_rows(rows)
        self.stack.setCurrentWidget(self._listed if rows else self.nothing)
        self.about.setVisible(bool(rows))
        words = "" if kept is None else kept_words.about(self._look.language, kept)
        self.about.setText(words if rows else "")
        if rows and not self.table.selected_rows:
            self.table.selectRow(0)
        self._on_selected()

    def _on_selected(self) -> None:
        chosen = self.table.selected_rows
        language = self._look.language
        self.content.setPlainText(kept_words.lines(language, chosen[0]) if chosen else "")
        for button in (self.copy, self.let_go):
            button.setEnabled(bool(chosen))
        self.open.setEnabled(len(chosen) == 1 and chosen[0].standing != "only-here")
        self.offer.setEnabled(any(each.can_offer for each in chosen))
        can_offer = any(each.is_recovered for each in self.rows.rows)
        self.offer.setVisible(can_offer)

    def _on_failed(self, error: CXError) -> None:
        self.strip.say("block", lambda: " ".join(self._look.language.explain(error)))

    def _forget_dialog(self) -> None:
        self.dialog = None
