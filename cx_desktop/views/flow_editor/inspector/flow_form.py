"""The form of the flow as a whole, shown while nothing is selected."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cx_desktop.domain.finding import in_words
from cx_desktop.domain.flow.kinds import SETTINGS
from cx_desktop.domain.patch import Json
from cx_desktop.models.flow_findings import FlowFindings
from cx_desktop.views.flow_editor.inspector.fields.editor import Surroundings
from cx_desktop.views.flow_editor.inspector.property_form import PropertyForm, filled
from cx_desktop.views.flow_editor.stage import Stage
from cx_desktop.views.widgets.label import Label


class FlowForm(QWidget):
    """Edits the settings of the flow."""

    def __init__(
        self, stage: Stage, findings: FlowFindings, around: Surroundings, open_groups: set[str]
    ) -> None:
        super().__init__()
        self._stage = stage
        self._findings = findings
        self._around = around
        self._typing = stage.editing.typing()
        self._form = PropertyForm(SETTINGS, around, open_groups)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(Label(around.text("editor.inspector.flow"), "section"))
        layout.addWidget(Label(around.text("editor.inspector.flow-help"), "small", wraps=True))
        layout.addWidget(self._form)
        layout.addStretch(1)
        self._form.edited.connect(self._set)
        self._form.settled.connect(self._settle)
        self.refresh()

    def refresh(self) -> None:
        """Show what the flow and the rules say now."""
        values = {
            name: [value] for name, value in filled(SETTINGS, self._stage.model.flow.meta).items()
        }
        faults: dict[str, list[str]] = {}
        for finding in self._findings.all:
            if finding.node is None and finding.property is not None:
                said = in_words(finding, self._around.text)
                faults.setdefault(finding.property, []).append(said)
        self._form.show_all(values, faults, frozenset(each.name for each in SETTINGS))

    def go_to(self, name: str) -> QWidget | None:
        """Focus a setting."""
        return self._form.go_to(name)

    def _set(self, name: str, value: Json) -> None:
        self._stage.editing.set_meta(name, value, merge=(self._typing, name))

    def _settle(self) -> None:
        self._typing = self._stage.editing.typing()
        self._stage.model.flush()
