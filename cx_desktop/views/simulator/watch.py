"""The variables of a simulated call."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from cx_desktop.domain.flow.expressions import as_text
from cx_desktop.domain.flow.simulate import Call
from cx_desktop.views.widgets.look import Look

_HIDDEN = frozenset({"now", "today"})


class Watch(QTreeWidget):
    """Names and values; what the last step has set stands out."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._before: dict[str, str] = {}
        self.setRootIsDecorated(False)
        self.setProperty("role", "plain")
        self.setColumnCount(2)
        look.language.bind(self, self.setAccessibleName, "simulator.watch")
        look.language.follow(self, self._show_head)

    def show_call(self, call: Call | None) -> None:
        """Show what a call knows."""
        values = {} if call is None else call.values
        told = {name: as_text(value) for name, value in sorted(values.items())}
        self.clear()
        for name, value in told.items():
            if name in _HIDDEN or not value:
                continue
            item = QTreeWidgetItem([name, value])
            item.setToolTip(1, value)
            if name in self._before and self._before[name] != value:
                item.setForeground(1, self._look.theme.color("accent"))
                item.setData(
                    1,
                    Qt.ItemDataRole.AccessibleDescriptionRole,
                    self._look.language.text("simulator.watch.new"),
                )
            self.addTopLevelItem(item)
        self._before = told

    def _show_head(self) -> None:
        text = self._look.language.text
        self.setHeaderLabels([text("simulator.watch.name"), text("simulator.watch.value")])
