"""The line above the editor: where one is, how the flow stands, and its verbs."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.views.objects import finding_words
from cx_desktop.views.objects.head import Head
from cx_desktop.views.objects.versions_panel import OF_FLOWS
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.look import Look


class EditorHeader(Head):
    """The head of a flow, which counts what the rules have to say."""

    findings_wanted = Signal(object)  # Severity

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(look, area="flows", general="flows", verbs=OF_FLOWS, parent=parent)
        self.blocking = FindingChip(look, Severity.BLOCKING)
        self.warnings = FindingChip(look, Severity.WARNING)
        for chip in (self.blocking, self.warnings):
            self.add_verb(chip)
            chip.clicked.connect(lambda _on, chip=chip: self.findings_wanted.emit(chip.severity))

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """Count what the rules have to say."""
        for chip in (self.blocking, self.warnings):
            chip.show_count(sum(each.severity is chip.severity for each in findings))


class FindingChip(Button):
    """How many findings of one severity there are; a click lists them."""

    def __init__(self, look: Look, severity: Severity, *, parent: QWidget | None = None) -> None:
        super().__init__(
            look, "flows.page.title", kind="quiet", icon=finding_words.ICON_BY_SEVERITY[severity]
        )
        self._chip_look = look
        self.severity = severity
        self._count = 0
        if parent is not None:
            self.setParent(parent)
        tone = finding_words.TONE_BY_SEVERITY[severity]
        self.setIcon(look.icons.icon(finding_words.ICON_BY_SEVERITY[severity], tone))
        look.language.follow(self, self._recount)

    def show_count(self, count: int) -> None:
        """Say how many there are; nothing is shown for none."""
        self._count = count
        self._recount()

    def _recount(self) -> None:
        key = "blocking" if self.severity is Severity.BLOCKING else "warnings"
        spoken = self._chip_look.language.plural(f"flows.findings.{key}", self._count)
        self.setText(str(self._count))
        self.setToolTip(spoken)
        self.setAccessibleName(spoken)
        self.setVisible(self._count > 0)
