"""The filter of a list of objects by state."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from cx_desktop.models.objects.facts import ObjectState
from cx_desktop.views.widgets.look import Look


class StateFilter(QComboBox):
    """Every state, or one."""

    changed = Signal()

    def __init__(self, look: Look, *, area: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._area = area
        self.addItem("", None)
        for state in ObjectState:
            self.addItem("", state)
        look.language.bind(self, self.setAccessibleName, "flows.filter.state")
        look.language.follow(self, self._retext)
        self.currentIndexChanged.connect(lambda _index: self.changed.emit())

    @property
    def state(self) -> ObjectState | None:
        """The state to show, or None for every one."""
        chosen = self.currentData()
        return ObjectState(chosen) if chosen is not None else None

    def show_every(self) -> None:
        """Show every state."""
        self.setCurrentIndex(0)

    def _retext(self) -> None:
        text = self._look.language.text
        self.setItemText(0, text("flows.filter.every-state"))
        for position, state in enumerate(ObjectState, start=1):
            self.setItemText(position, text(f"{self._area}.filter.{state}"))
