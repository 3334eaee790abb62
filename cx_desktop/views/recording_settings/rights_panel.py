"""« Droits des personnes »: a caller asks; somebody looks, deletes, answers, keeps the proof."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.models.guarded import GuardedStep
from cx_desktop.models.recording_settings.rights import FoundCall, Kind, Request, RightsDesk
from cx_desktop.models.table import Column, TableModel
from cx_desktop.overrides import override
from cx_desktop.views.flow_editor.inspector.fields.choice import ComboBox
from cx_desktop.views.recording_settings.guarded_panel import GuardedPanel, scrolled
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.date_field import DateField
from cx_desktop.views.widgets.field import Field
from cx_desktop.views.widgets.label import Badge, Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Way
from cx_desktop.views.widgets.table_view import TableView

_TABLE, _WIDEST, _LONGEST = 150, 300, 2_000


class RightsPanel(GuardedPanel):
    """Requests of callers of the project in view."""

    def __init__(self, look: Look, desk: RightsDesk, *, parent: QWidget | None = None) -> None:
        super().__init__(look, desk, parent=parent)
        self._desk = desk
        self.number, self.note, self.answer = (QLineEdit() for _ in range(3))
        self.note.setMaxLength(_LONGEST)
        self.answer.setMaxLength(_LONGEST)
        self.kind = ComboBox()
        for each in Kind:
            self.kind.addItem("", each)
        self.asked_on = DateField(look)
        self.fields = {
            name: Field(look, f"rights.{name}", editor, help_key=help_key)
            for name, editor, help_key in (
                ("number", self.number, "rights.number.help"),
                ("kind", self.kind, ""),
                ("asked_on", self.asked_on, ""),
                ("note", self.note, "rights.note.help"),
            )
        }
        self.look_up = Button(look, "rights.find", kind="primary", icon="magnifying-glass")
        self.why_not = Label("", "muted", wraps=True)
        self.badge = Badge()
        self.summary = Label("", "", wraps=True)
        self.found = TableModel(
            _found_columns(look), key=lambda row: row.id, language=look.language, parent=self
        )
        self.found_table: TableView[FoundCall] = TableView(
            look, self.found, least=(120, 100, 60, 60, 90)
        )
        self.delete = Button(look, "rights.delete.do", kind="danger", icon="trash")
        self.copy = Button(look, "rights.copy", icon="copy")
        self.do = Button(look, "rights.answer.do")
        self.register = TableModel(
            _register_columns(look), key=lambda row: row.id, language=look.language, parent=self
        )
        self.register_table: TableView[Request] = TableView(
            look, self.register, least=(100, 110, 60, 70, 80)
        )
        self.nobody = Label.of(look, "rights.register.none", "muted", wraps=True)
        self.card = self._card()
        self._hold(self._lay_out())
        self._connect()
        look.language.follow(self, self._retext)

    @override
    def begin(self) -> None:
        """It came into view."""
        self.asked_on.show_day(self._desk.workspace.today)
        self._desk.load()

    def _card(self) -> QFrame:
        look = self._look
        for table, key in (
            (self.found_table, "rights.section.found"),
            (self.register_table, "rights.section.register"),
        ):
            look.language.bind(table, table.setAccessibleName, key)
            table.setMinimumHeight(_TABLE)
        for bind in (self.answer.setAccessibleName, self.answer.setPlaceholderText):
            look.language.bind(self.answer, bind, "rights.answer")
        told = QHBoxLayout()
        told.addWidget(self.answer, 1)
        told.addWidget(self.do)
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(16, 14, 16, 14)
        inside.setSpacing(10)
        inside.addWidget(Label.of(look, "rights.section.found", "section"))
        inside.addWidget(self.badge, alignment=Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(self.summary)
        inside.addWidget(self.found_table)
        inside.addWidget(self.delete, alignment=Qt.AlignmentFlag.AlignLeft)
        inside.addLayout(told)
        inside.addWidget(self.copy, alignment=Qt.AlignmentFlag.AlignLeft)
        return card

    def _lay_out(self) -> QWidget:
        look = self._look
        top = QHBoxLayout()
        top.setSpacing(12)
        for name in ("number", "kind", "asked_on"):
            self.fields[name].editor.setMaximumWidth(_WIDEST)
            top.addWidget(self.fields[name], 1, Qt.AlignmentFlag.AlignTop)
        verbs = QHBoxLayout()
        verbs.addWidget(self.look_up)
        verbs.addWidget(self.why_not, 1)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 8, 12, 8)
        column.setSpacing(12)
        column.addWidget(Label.of(look, "rights.about", "muted", wraps=True))
        column.addLayout(top)
        column.addWidget(self.fields["note"])
        column.addLayout(verbs)
        column.addWidget(self.card)
        column.addWidget(Label.of(look, "rights.section.register", "section"))
        column.addWidget(self.nobody)
        column.addWidget(self.register_table)
        column.addStretch(1)
        return scrolled(inside)

    def _connect(self) -> None:
        desk = self._desk
        self.number.textChanged.connect(lambda _text: self._show_verbs())
        self.number.returnPressed.connect(self._on_find)
        self.answer.textChanged.connect(lambda _text: self._show_verbs())
        self.look_up.clicked.connect(self._on_find)
        self.delete.clicked.connect(self._on_delete)
        self.copy.clicked.connect(self._on_copy)
        self.do.clicked.connect(lambda: desk.answer(self.answer.text()))
        self.register_table.row_opened.connect(desk.look_at)
        desk.changed.connect(self._show)
        desk.done.connect(self._on_done)

    def _retext(self) -> None:
        text = self._look.language.text
        for index in range(self.kind.count()):
            self.kind.setItemText(index, text(f"rights.kind.{self.kind.itemData(index)}"))
        self._show()

    def _show(self) -> None:
        desk, language = self._desk, self._look.language
        page = desk.page
        self.card.setVisible(page is not None)
        if page is not None:
            request = page.request
            self.badge.show_text(*_state(self._look, request))
            said = [language.plural("rights.exist", len(page.recordings))]
            if request.deleted:
                said.append(language.plural("rights.were_deleted", len(request.deleted)))
            if page.earlier:
                said.append(language.plural("rights.earlier", len(page.earlier)))
            self.summary.setText(" · ".join(said))
            self.found.set_rows(page.recordings)
            self.found_table.setVisible(bool(page.recordings))
            self.answer.setText(request.answer or self.answer.text())
            self.answer.setReadOnly(request.done_at is not None)
        self.register.set_rows(desk.requests)
        self.register_table.setVisible(bool(desk.requests))
        self.nobody.setVisible(not desk.requests)
        self._show_verbs()
        self._show_page()

    @override
    def _show_verbs(self) -> None:
        desk, language, reason = self._desk, self._look.language, self._desk.why_not
        self.why_not.setText(language.text(reason) if reason else "")
        is_busy = desk.guarded.step is GuardedStep.UNDER_WAY
        self.look_up.setEnabled(desk.is_number(self.number.text()) and not reason and not is_busy)
        count = len(desk.deletable)
        self.delete.setVisible(count > 0)
        self.delete.setText(language.plural("rights.delete", count))
        is_open = desk.page is not None and desk.page.request.done_at is None
        self.do.setVisible(is_open)
        self.do.setEnabled(bool(self.answer.text().strip()))

    def _on_find(self) -> None:
        kind = Kind(self.kind.currentData())
        self.answer.clear()
        self._desk.open(kind, self.number.text(), self.asked_on.day, self.note.text().strip())

    def _on_delete(self) -> None:
        language, count = self._look.language, len(self._desk.deletable)
        self.strip.say(
            "warn",
            lambda: language.plural("rights.deletes", count),
            [Way(key="rights.delete.do", run=self._desk.delete)],
        )

    def _on_copy(self) -> None:
        page = self._desk.page
        if page is not None:
            QGuiApplication.clipboard().setText(page.proof)
            self.strip.say("ok", lambda: self._look.language.text("rights.copied"))

    def _on_done(self, what: str) -> None:
        if what == "opened":
            self.number.clear()  # it is kept nowhere, here neither
            self.note.clear()
        else:
            self.strip.say("ok", lambda: self._look.language.text(f"rights.done.{what}"))


def _state(look: Look, request: Request) -> tuple[str, str]:
    text = look.language.text
    if request.done_at is not None:
        return text("rights.state.done"), "ok"
    return text("rights.state.open"), "warn"


def _found_columns(look: Look) -> tuple[Column[FoundCall], ...]:
    language = look.language

    def end(row: FoundCall) -> str:
        return language.text("trail.held") if row.held else language.day(row.delete_by)

    return (
        Column[FoundCall](
            "rights.found.at",
            text=lambda row: language.day_and_time(row.started_at),
            sort_key=lambda row: row.started_at.isoformat(),
        ),
        Column[FoundCall]("rights.found.agent", text=lambda row: row.agent_name),
        Column[FoundCall](
            "rights.found.heard", text=lambda row: str(row.heard), sort_key=lambda row: row.heard
        ),
        Column[FoundCall](
            "rights.found.exported",
            text=lambda row: str(row.exported),
            sort_key=lambda row: row.exported,
        ),
        Column[FoundCall](
            "rights.found.end", text=end, sort_key=lambda row: row.delete_by.isoformat()
        ),
    )


def _register_columns(look: Look) -> tuple[Column[Request], ...]:
    language = look.language
    return (
        Column[Request](
            "rights.register.asked_on",
            text=lambda row: language.day(row.asked_on),
            sort_key=lambda row: row.at.isoformat(),
        ),
        Column[Request](
            "rights.register.kind", text=lambda row: language.text(f"rights.kind.{row.kind}")
        ),
        Column[Request](
            "rights.register.found",
            text=lambda row: str(len(row.found)),
            sort_key=lambda row: len(row.found),
        ),
        Column[Request](
            "rights.register.deleted",
            text=lambda row: str(len(row.deleted)),
            sort_key=lambda row: len(row.deleted),
        ),
        Column[Request]("rights.register.state", text=lambda row: _state(look, row)[0]),
    )
