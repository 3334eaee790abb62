"""« Copie sur votre serveur »: the form, its state, the purge calendar, and the code that saves."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.models.guarded import GuardedStep
from cx_desktop.models.load_state import LoadState
from cx_desktop.models.recording_settings.export import RecordingExport, SentFile
from cx_desktop.models.table import Column, TableModel
from cx_desktop.overrides import override
from cx_desktop.views.recording_settings.export_form import ExportForm
from cx_desktop.views.recording_settings.export_state import ExportState
from cx_desktop.views.recording_settings.guarded_panel import GuardedPanel, scrolled
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Way
from cx_desktop.views.widgets.table_view import TableView

#: Rows of the calendar that are seen without scrolling.
_CALENDAR_HEIGHT = 220


class ExportPanel(GuardedPanel):
    """The export of the project in view."""

    def __init__(
        self, look: Look, export: RecordingExport, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, export, parent=parent)
        self._export = export
        self.form = ExportForm(look)
        self.side = ExportState(look, export)
        self.save = Button(look, "transfer.save", kind="primary", icon="floppy-disk")
        self.undo = Button(look, "transfer.undo", kind="quiet")
        self.why_not = Label("", "muted", wraps=True)
        self.files = TableModel(
            _columns(look), key=lambda row: row.recording_id, language=look.language, parent=self
        )
        self.table: TableView[SentFile] = TableView(look, self.files, least=(200, 90, 90, 90))
        look.language.bind(self.table, self.table.setAccessibleName, "transfer.section.calendar")
        self.more = Button(look, "transfer.files.more", kind="link")
        self.no_files = Label.of(look, "transfer.files.none", "muted", wraps=True)
        self._hold(self._lay_out())
        self._connect()
        look.language.follow(self, self._show)

    @override
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
        return scrolled(inside)

    def _connect(self) -> None:
        export = self._export
        self.form.edited.connect(lambda name, value: export.want(**{name: value}))
        self.form.password_typed.connect(export.want_password)
        self.side.trial_wanted.connect(export.try_out)
        self.side.identity_confirmed.connect(export.confirm)
        self.save.clicked.connect(self._on_save)
        self.undo.clicked.connect(export.forget_wish)
        self.more.clicked.connect(lambda: export.read_files(is_more=True))
        export.changed.connect(self._show)
        export.tried.connect(self._show_verbs)
        export.saved.connect(self._on_saved)
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

    @override
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

    def _on_saved(self) -> None:
        self.form.password.clear()
        self.strip.say("ok", lambda: self._look.language.text("transfer.saved"))
        self._export.read_files()


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
