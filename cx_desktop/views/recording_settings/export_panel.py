"""« Copie sur votre serveur »: the form, its state, the purge calendar, and the code that saves."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.errors import CXError
from cx_desktop.models.guarded import GuardedStep
from cx_desktop.models.load_state import LoadState
from cx_desktop.models.recording_settings.export import RecordingExport, SentFile
from cx_desktop.models.table import Column, TableModel
from cx_desktop.views.objects.code_panel import CodePanel
from cx_desktop.views.recording_settings.export_form import ExportForm
from cx_desktop.views.recording_settings.export_state import ExportState
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import ErrorPanel, Skeleton
from cx_desktop.views.widgets.strip import Strip, Way
from cx_desktop.views.widgets.table_view import TableView

#: Rows of the calendar that are seen without scrolling.
_CALENDAR_HEIGHT = 220


class ExportPanel(QWidget):
    """The export of the project in view."""

    def __init__(
        self, look: Look, export: RecordingExport, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._export = export
        self.strip = Strip(look)
        self.form = ExportForm(look)
        self.side = ExportState(look, export)
        self.save = Button(look, "transfer.save", kind="primary", icon="floppy-disk")
        self.undo = Button(look, "transfer.undo", kind="quiet")
        self.why_not = Label("", "muted", wraps=True)
        self.files = TableModel(
            _columns(look), key=lambda row: row.recording_id, language=look.language, parent=self
        )
        self.table: TableView[SentFile] = TableView(look, self.files, least=(200, 90, 90, 90))
        self.more = Button(look, "transfer.files.more", kind="link")
        self.no_files = Label.of(look, "transfer.files.none", "muted", wraps=True)
        self.code = CodePanel(look, export.guarded, export.step_ups)
        self.error = ErrorPanel(look)
        self.waiting = Skeleton(look)
        self.stack = QStackedWidget()
        self._page = self._lay_out()
        for each in (self._page, self.code, self.error, self.waiting):
            self.stack.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.strip)
        layout.addWidget(self.stack, 1)
        self._connect()
        look.language.follow(self, self._show)

    def begin(self) -> None:
        """It came into view: look how it goes."""
        self._export.load()
        self._export.read_files()

    def _lay_out(self) -> QWidget:
        look = self._look
        columns = QHBoxLayout()
        columns.setSpacing(32)
        columns.addWidget(self.form, 3)
        columns.addWidget(self.side, 2)
        verbs = QHBoxLayout()
        verbs.setSpacing(8)
        verbs.addWidget(self.save)
        verbs.addWidget(self.undo)
        verbs.addWidget(self.why_not, 1)
        self.table.setMinimumHeight(_CALENDAR_HEIGHT)
        inside = QWidget()
        inside.setProperty("role", "page")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 8, 12, 8)
        column.setSpacing(16)
        column.addWidget(Label.of(look, "transfer.about", "muted", wraps=True))
        column.addLayout(columns)
        column.addLayout(verbs)
        column.addWidget(Label.of(look, "transfer.section.calendar", "section"))
        column.addWidget(Label.of(look, "transfer.calendar.about", "muted", wraps=True))
        column.addWidget(self.no_files)
        column.addWidget(self.table)
        column.addWidget(self.more, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inside)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return scroll

    def _connect(self) -> None:
        export = self._export
        self.form.edited.connect(lambda name, value: export.want(**{name: value}))
        self.form.password_typed.connect(export.want_password)
        self.side.trial_wanted.connect(export.try_out)
        self.side.identity_confirmed.connect(export.confirm)
        self.save.clicked.connect(self._on_save)
        self.undo.clicked.connect(export.forget_wish)
        self.more.clicked.connect(lambda: export.read_files(is_more=True))
        self.code.left.connect(export.guarded.back)
        export.guarded.step_changed.connect(self._on_step_changed)
        export.changed.connect(self._show)
        export.tried.connect(self._show_verbs)
        export.saved.connect(self._on_saved)
        export.failed.connect(self._on_failed)
        export.files_changed.connect(self._show_files)

    def _show(self) -> None:
        export, view = self._export, self._export.view
        reason = export.why_not
        if reason or export.state is LoadState.READY:
            self.form.show_wanted(
                export.wanted,
                key=view.public_key if view is not None else "",
                has_password=view is not None and view.has_password,
            )
            if export.password is None and not self.form.password.hasFocus():
                self.form.password.clear()
            self.form.show_faults(export.faults)
        self.form.lock(is_locked=bool(reason))
        self.why_not.setText(self._look.language.text(reason) if reason else "")
        self._show_verbs()
        self._show_page()

    def _show_page(self) -> None:
        export = self._export
        if export.guarded.step is GuardedStep.CODE_WANTED:
            return
        if export.problem is not None and export.state is LoadState.FAILED:
            self.error.explain(export.problem)
            self.stack.setCurrentWidget(self.error)
        elif export.state is LoadState.LOADING and not export.why_not:
            self.stack.setCurrentWidget(self.waiting)
        else:
            self.stack.setCurrentWidget(self._page)

    def _show_verbs(self) -> None:
        export = self._export
        is_busy = export.guarded.step is GuardedStep.UNDER_WAY
        can = export.is_changed and not export.faults and not export.why_not and not is_busy
        self.save.setEnabled(can)
        self.undo.setVisible(export.is_changed)

    def _show_files(self) -> None:
        files = self._export.files
        self.files.set_rows(files)
        self.table.setVisible(bool(files))
        self.no_files.setVisible(not files)
        self.more.setVisible(self._export.has_more_files)

    def _on_save(self) -> None:
        left = self._export.left_behind
        if not left:
            self._export.order()
            return
        language = self._look.language
        self.strip.say(
            "warn",
            lambda: language.plural("transfer.leaves", left),
            [Way(key="transfer.leaves.do", run=self._export.order)],
        )

    def _on_step_changed(self, step: GuardedStep) -> None:
        if step is GuardedStep.CODE_WANTED:
            self.stack.setCurrentWidget(self.code)
            self.code.begin()
        elif step is not GuardedStep.UNDER_WAY or self.stack.currentWidget() is not self.code:
            self._show_page()
        self._show_verbs()

    def _on_saved(self) -> None:
        self.form.password.clear()
        self.strip.say("ok", lambda: self._look.language.text("transfer.saved"))
        self._export.read_files()

    def _on_failed(self, error: CXError) -> None:
        if self.stack.currentWidget() is self.code:
            self.code.explain(error)
            return
        self.strip.say("block", lambda: "\n".join(self._look.language.explain(error)))


def _columns(look: Look) -> tuple[Column[SentFile], ...]:
    language = look.language

    def when(row: SentFile) -> str:
        return language.day_and_time(row.gone_at) if row.gone_at is not None else ""

    return (
        Column[SentFile]("transfer.files.path", text=lambda row: row.path),
        Column[SentFile](
            "transfer.files.sent",
            text=lambda row: language.day_and_time(row.sent_at) if row.sent_at else "",
            sort_key=lambda row: str(row.sent_at or ""),
        ),
        Column[SentFile](
            "transfer.files.due",
            text=lambda row: language.day(row.delete_by),
            sort_key=lambda row: row.delete_by.isoformat(),
        ),
        Column[SentFile](
            "transfer.files.gone", text=when, sort_key=lambda row: str(row.gone_at or "")
        ),
    )
