"""What the rules say, as a list that leads to the node and the field."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.flow.analysis.witness import claim_of
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.models.flow_findings import FlowFindings
from cx_desktop.models.table import Column, FilteredTable, TableModel
from cx_desktop.overrides import override
from cx_desktop.views.flow_editor.ink import SEVERITY_ICON, SEVERITY_ROLE
from cx_desktop.views.flow_editor.stage import Stage
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import Picture

#: The column that leads to a call.
CALL_COLUMN = 4

_RANK = {Severity.BLOCKING: 0, Severity.WARNING: 1, Severity.INFORMATION: 2}


class FindingsTable(QTableView):
    """A table in which Enter goes to the place of a finding, Shift+Enter to a call."""

    entered_row = Signal()
    called_row = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            is_call = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            (self.called_row if is_call else self.entered_row).emit()
        else:
            super().keyPressEvent(event)


class FindingsList(QWidget):
    """The findings of the open flow, the gravest first."""

    jumped = Signal(object)  # Finding
    call_wanted = Signal(object)  # Finding that is to be shown by a call

    def __init__(
        self, look: Look, stage: Stage, findings: FlowFindings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._stage = stage
        self._findings = findings
        self.table = TableModel[Finding](
            (
                Column(
                    "editor.findings.severity",
                    text=lambda each: look.language.text(f"editor.severity.{each.severity.value}"),
                    sort_key=lambda each: _RANK[each.severity],
                    decoration=self._icon,
                ),
                Column("editor.findings.node", text=self._node),
                Column("editor.findings.what", text=self._text),
                Column("editor.findings.rule", text=lambda each: each.rule),
                Column(
                    "simulator.findings.call",
                    text=self._call_words,
                    decoration=self._call_icon,
                ),
            ),
            key=lambda each: (each.rule, each.node, each.exit, each.property),
            language=look.language,
            parent=self,
        )
        self.rows = FilteredTable(self.table, parent=self)
        self.view = FindingsTable()
        self._prepare(self.view)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._nothing())
        self._pages.addWidget(self.view)
        self.view.doubleClicked.connect(lambda _index: self._jump())
        self.view.clicked.connect(self._on_clicked)
        self.view.called_row.connect(self._call)
        self.view.entered_row.connect(self._jump)
        findings.changed.connect(self._show)
        look.language.bind(self.view, self.view.setAccessibleName, "editor.findings.title")
        self._show()

    def keep(self, severity: Severity | None) -> None:
        """Show findings of one severity only, or all."""
        self.rows.keep(None if severity is None else lambda each: each.severity is severity)

    def text(self, finding: Finding) -> str:
        """A finding in words."""
        return self._text(finding)

    def _prepare(self, view: QTableView) -> None:
        view.setModel(self.rows)
        view.setProperty("role", "plain")
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setShowGrid(False)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(28)
        view.setSortingEnabled(True)
        view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        view.setTabKeyNavigation(False)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        for column, width in ((0, 140), (1, 200), (3, 80), (CALL_COLUMN, 150)):
            view.setColumnWidth(column, width)

    def _nothing(self) -> QWidget:
        """What stands there when no rule has anything to say."""
        page = QWidget()
        picture = Picture(self._look, "check-circle", "ok", 36)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(Label.of(self._look, "editor.findings.none.title", "strong"))
        words.addWidget(Label.of(self._look, "editor.findings.none.text", "small"))
        words.addStretch(1)
        row = QHBoxLayout(page)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(12)
        row.addStretch(1)
        row.addWidget(picture)
        row.addLayout(words)
        row.addStretch(1)
        return page

    def _show(self) -> None:
        self.table.set_rows(self._findings.all)
        self._pages.setCurrentIndex(1 if self._findings.all else 0)

    def _jump(self) -> None:
        index = self.view.currentIndex()
        if index.isValid():
            self.jumped.emit(self.rows.row_at(index))

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.column() == CALL_COLUMN:
            self._call()
        else:
            self._jump()

    def _call(self) -> None:
        index = self.view.currentIndex()
        if index.isValid() and claim_of(self.rows.row_at(index), "") is not None:
            self.call_wanted.emit(self.rows.row_at(index))

    def _call_words(self, finding: Finding) -> str:
        is_shown = claim_of(finding, "") is not None
        return self._look.language.text("simulator.findings.replay") if is_shown else ""

    def _call_icon(self, finding: Finding) -> QIcon:
        is_shown = claim_of(finding, "") is not None
        return self._look.icons.icon("phone-call", "accent") if is_shown else QIcon()

    def _node(self, finding: Finding) -> str:
        if finding.node is None:
            return ""
        return self._stage.words.title_of(self._stage.model.flow, NodeId(finding.node))

    def _text(self, finding: Finding) -> str:
        return self._stage.words.finding(self._stage.model.flow, finding)

    def _icon(self, finding: Finding) -> QIcon:
        severity = finding.severity
        return self._look.icons.icon(SEVERITY_ICON[severity], SEVERITY_ROLE[severity])
