"""The page « Scores »: over time, agents beside them, and the table for a spreadsheet."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.errors import CXError
from cx_desktop.models.recordings.results import WEEKS, Results
from cx_desktop.overrides import override
from cx_desktop.views.flows.file_dialogs import ask_where_to_save
from cx_desktop.views.recordings.review_words import percent_words
from cx_desktop.views.recordings.score_plot import ScorePlot
from cx_desktop.views.shell.page import Page
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import EmptyState, PageHeader
from cx_desktop.views.widgets.strip import Strip

_AGENT = Qt.ItemDataRole.UserRole
_HEADS = ("recording", "agent", "reviewer", "day", "version", "score", "comment")
#: So many questions on which reviewers differ are named.
_MOST = 3


class ResultsPage(Page):
    """Scores by week and by agent, by one form at a time."""

    id = "results"
    title_key = "results.title"
    icon = "chart-line-up"
    order = 61
    help_key = "results.help"

    def __init__(self, look: Look, results: Results, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._results = results
        self.form = QComboBox()
        self.form.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.weeks = QComboBox()
        for each in WEEKS:
            self.weeks.addItem("", each)
        self.export = Button(look, "results.export", icon="export")
        self.plot = ScorePlot(look)
        self.agents = QTreeWidget()
        self.agents.setColumnCount(3)
        self.agents.setRootIsDecorated(False)
        self.agents.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.agents.setMinimumWidth(260)
        self.agents.header().setStretchLastSection(False)
        self.agents.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            resize = QHeaderView.ResizeMode.ResizeToContents
            self.agents.header().setSectionResizeMode(column, resize)
        self.differs = Label("", "small", wraps=True)
        self.empty = EmptyState(look, "chart-line-up", "results.none", "results.none.text")
        self.told = Strip(look)
        self._lay_out()
        self._connect()
        look.language.bind(self.form, self.form.setAccessibleName, "review.form")
        look.language.bind(self.weeks, self.weeks.setAccessibleName, "results.weeks.choice")
        look.language.bind(self.agents, self.agents.setAccessibleName, "results.agents")
        look.language.follow(self, self._show)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._results.watch(is_watched=True)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._results.watch(is_watched=False)

    def write(self, path: Path) -> None:
        """Write the table to a file."""
        text = self._look.language.text
        self._results.export(path, [text(f"results.head.{each}") for each in _HEADS])

    def _lay_out(self) -> None:
        head = PageHeader(self._look, "results.title", text_key="results.about")
        for each in (self.form, self.weeks, self.export):
            head.add_action(each)
        body = QHBoxLayout()
        body.setSpacing(16)
        body.addWidget(self.plot, 3)
        body.addWidget(self.agents, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(head)
        layout.addWidget(self.told)
        layout.addWidget(self.empty, 1)
        layout.addLayout(body, 1)
        layout.addWidget(self.differs)
        layout.addStretch(0)

    def _connect(self) -> None:
        results = self._results
        results.changed.connect(self._show)
        results.exported.connect(self._on_exported)
        results.failed.connect(self._on_failed)
        self.form.activated.connect(lambda at: results.choose_form(str(self.form.itemData(at))))
        self.weeks.activated.connect(lambda at: results.choose_weeks(int(self.weeks.itemData(at))))
        self.agents.currentItemChanged.connect(self._choose_agent)
        self.export.clicked.connect(self._ask_where)

    def _show(self) -> None:
        results, language = self._results, self._look.language
        found = results.found
        known = [(each.id, each.name) for each in found.forms]
        if known != [
            (self.form.itemData(n), self.form.itemText(n)) for n in range(self.form.count())
        ]:
            self.form.clear()
            for key, name in known:
                self.form.addItem(name, key)
        if found.form is not None:
            self.form.setCurrentIndex(self.form.findData(found.form.id))
        for row, weeks in enumerate(WEEKS):
            self.weeks.setItemText(row, language.plural("results.weeks", weeks))
        self.weeks.setCurrentIndex(self.weeks.findData(results.weeks))
        mark = found.form.form.pass_mark if found.form is not None else 0
        self.plot.show_points(results.points, mark)
        has_any = bool(found.scores)
        for each in (self.plot, self.agents):
            each.setVisible(has_any)
        self.empty.setVisible(not has_any)
        self.export.setEnabled(bool(found.evaluations))
        self._show_agents(mark)
        self._show_unclear()

    def _show_agents(self, mark: int) -> None:
        language, results = self._look.language, self._results
        text = language.text
        self.agents.blockSignals(True)
        self.agents.clear()
        self.agents.setHeaderLabels(
            [text("results.agent"), text("results.calls"), text("results.mean")]
        )
        everybody = QTreeWidgetItem(
            [
                text("results.everybody"),
                str(sum(count for _, count, _ in results.agents)),
                percent_words(language, results.mean),
            ]
        )
        everybody.setData(0, _AGENT, "")
        self.agents.addTopLevelItem(everybody)
        self.agents.setCurrentItem(everybody)
        for agent, count, mean in results.agents:
            item = QTreeWidgetItem([agent, str(count), percent_words(language, mean)])
            item.setData(0, _AGENT, agent)
            if mean < mark:
                item.setIcon(2, self._look.icons.icon("warning", "warn"))
                item.setToolTip(2, text("results.below", mark=mark))
            self.agents.addTopLevelItem(item)
            if agent == results.agent:
                self.agents.setCurrentItem(item)
        for row in range(self.agents.topLevelItemCount()):
            item_here = self.agents.topLevelItem(row)
            if item_here is not None:
                for column in (1, 2):
                    item_here.setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
        self.agents.blockSignals(False)

    def _show_unclear(self) -> None:
        language, found = self._look.language, self._results.found.unclear[:_MOST]
        parts = [
            language.text(
                "results.unclear.one", question=text, agreement=percent_words(language, n)
            )
            for text, n in found
        ]
        self.differs.setText(language.text("results.unclear", questions=" ; ".join(parts)))
        self.differs.setVisible(bool(parts))

    def _choose_agent(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self._results.choose_agent(str(item.data(0, _AGENT)))

    def _ask_where(self) -> None:
        text = self._look.language.text
        form = self._results.found.form
        if form is not None:
            ask_where_to_save(
                self,
                text("results.export"),
                f"{text('results.file')}.csv",
                {text("results.export.kind"): ".csv"},
                done=lambda path, _kind: self.write(path),
            )

    def _on_exported(self, path: Path) -> None:
        language = self._look.language
        self.told.say("ok", lambda: language.text("results.exported", file=path.name))

    def _on_failed(self, error: CXError) -> None:
        self.told.say("block", lambda: " ".join(self._look.language.explain(error)))
