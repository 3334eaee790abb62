"""The filter of the flow list by state."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from cx_desktop.models.flow_entity import FlowState
from cx_desktop.views.widgets.look import Look


class StateFilter(QComboBox):
    """Every state, or one."""

    changed = Signal()

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.addItem("", None)
        for state in FlowState:
            self.addItem("", state)
        look.language.bind(self, self.setAccessibleName, "flows.filter.state")
        look.language.follow(self, self._retext)
        self.currentIndexChanged.connect(lambda _index: self.changed.emit())

    @property
    def state(self) -> FlowState | None:
        """The state to show, or None for every one."""
        chosen = self.currentData()
        return FlowState(chosen) if chosen is not None else None

    def show_every(self) -> None:
        """Show every state."""
        self.setCurrentIndex(0)

    def _retext(self) -> None:
        text = self._look.language.text
        self.setItemText(0, text("flows.filter.every-state"))
        for position, state in enumerate(FlowState, start=1):
            self.setItemText(position, text(f"flows.filter.{state}"))
