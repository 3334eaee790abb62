"""The page « Écoutes »: filters, the list, and below it what is done with one recording."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QSplitter, QTableView, QVBoxLayout, QWidget

from cx_desktop.cache import Listed
from cx_desktop.models.commands import Commands
from cx_desktop.models.recordings.desk import RecordingDesk
from cx_desktop.models.recordings.list import RecordingTable
from cx_desktop.models.settings import Settings
from cx_desktop.models.table import Column, TableModel
from cx_desktop.overrides import override
from cx_desktop.views.shell.page import Page
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import PageHeader


class RecordingsPage(Page):
    """Everything about recordings.

    ``put_strip`` gives what stands above the list its place (offline packs), ``put_below`` what is
    done with the recording in hand (the player, then the review).
    """

    id = "recordings"
    title_key = "recordings.page.title"
    icon = "headphones"
    order = 60
    help_key = "recordings.help"

    def __init__(
        self,
        look: Look,
        desk: RecordingDesk,
        *,
        commands: Commands,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._desk = desk
        self._commands = commands
        self._settings = settings
        self._header = PageHeader(look, "recordings.page.title", text_key="recordings.page.about")
        self._model = RecordingTable(desk.rows, _columns(look), language=look.language, parent=self)
        self.table = QTableView()
        self.table.setModel(self._model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        look.language.bind(self.table, self.table.setAccessibleName, "recordings.table")
        self._above = QVBoxLayout()
        self._below = QSplitter(Qt.Orientation.Horizontal)
        self._below.hide()
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.table)
        split.addWidget(self._below)
        split.setStretchFactor(0, 1)
        split.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(self._header)
        layout.addLayout(self._above)
        layout.addWidget(split, 1)
        self.table.selectionModel().currentRowChanged.connect(self._on_current_changed)

    def put_strip(self, widget: QWidget) -> None:
        """Give something its place above the list."""
        self._above.addWidget(widget)

    def put_below(self, widget: QWidget) -> None:
        """Give something its place below the list, after what is there already."""
        self._below.addWidget(widget)
        self._below.show()

    @override
    def activated(self) -> None:
        self.table.setFocus()

    def _on_current_changed(self, index: QModelIndex) -> None:
        row = index.data(TableModel.ROW)
        self._desk.take(row.recording if isinstance(row, Listed) else None)


def _columns(look: Look) -> tuple[Column[Listed], ...]:
    language = look.language
    return (
        Column[Listed](
            "recordings.column.started",
            text=lambda row: language.day_and_time(row.recording.started_at),
        ),
        Column[Listed]("recordings.column.agent", text=lambda row: row.recording.agent_name),
        Column[Listed]("recordings.column.number", text=lambda row: row.recording.caller),
        Column[Listed](
            "recordings.column.duration",
            text=lambda row: str(row.recording.duration),
            is_number=True,
        ),
    )
