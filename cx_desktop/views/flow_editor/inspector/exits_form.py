"""The exits of a node and where they lead, to be linked without a mouse."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from cx_desktop.domain.flow.graph import ExitId, NodeId, Slot
from cx_desktop.domain.flow.kind import Exit
from cx_desktop.views.flow_editor.inspector.fields.editor import Surroundings
from cx_desktop.views.flow_editor.stage import Stage
from cx_desktop.views.widgets.button import IconButton
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import restyle


class ExitsForm(QWidget):
    """One line per exit: its name, and a button that says where it leads and changes it."""

    link_requested = Signal(object)  # Slot

    def __init__(self, stage: Stage, around: Surroundings, node: NodeId) -> None:
        super().__init__()
        self._stage = stage
        self._around = around
        self._node = node
        self._ways: list[ExitId] = []
        self._buttons: dict[ExitId, QPushButton] = {}
        self._names: dict[ExitId, Label] = {}
        self._cuts: dict[ExitId, IconButton] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self.refresh()

    def refresh(self) -> None:
        """Show where the exits lead now."""
        shape = self._stage.geometry.shapes.get(self._node)
        if shape is None:
            return
        ways = [way.id for way in shape.ways]
        if ways != self._ways:
            self._build(shape.ways)
        for way in shape.ways:
            self._names[way.id].setText(self._around.words.exit(way))
            self._show(way)

    def focus_exit(self, way: str) -> QWidget | None:
        """Let the keyboard be at an exit."""
        button = self._buttons.get(ExitId(way))
        if button is not None:
            button.setFocus()
        return button

    def _build(self, ways: tuple[Exit, ...]) -> None:
        for each in (*self._buttons.values(), *self._names.values(), *self._cuts.values()):
            self._grid.removeWidget(each)
            each.deleteLater()
        self._ways = [way.id for way in ways]
        self._buttons, self._names, self._cuts = {}, {}, {}
        for row, way in enumerate(ways):
            slot = Slot(self._node, way.id)
            name = Label("", "", wraps=True)
            button = QPushButton()
            button.setProperty("kind", "target")
            button.setAutoDefault(False)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.setEnabled(not self._around.is_read_only)
            button.clicked.connect(lambda _on=False, slot=slot: self.link_requested.emit(slot))
            cut = IconButton(self._around.look, "link-break", "editor.verb.unlink")
            cut.clicked.connect(lambda _on=False, slot=slot: self._stage.editing.unlink([slot]))
            self._grid.addWidget(name, row, 0)
            self._grid.addWidget(button, row, 1)
            self._grid.addWidget(cut, row, 2)
            self._names[way.id], self._buttons[way.id], self._cuts[way.id] = name, button, cut

    def _show(self, way: Exit) -> None:
        flow = self._stage.model.flow
        target = flow.target(self._node, way.id)
        button = self._buttons[way.id]
        if target is None:
            key = "must" if way.is_required else "open"
            text = self._around.text(f"editor.exit.{key}")
        else:
            text = self._around.words.title_of(flow, target) or str(target)
        button.setText(text)
        button.setToolTip(text)
        is_missing = target is None and way.is_required
        restyle(button, "state", "error" if is_missing else "" if target else "open")
        name = self._around.words.exit(way)
        button.setAccessibleName(self._around.text("editor.exit.leads", exit=name, target=text))
        self._cuts[way.id].setVisible(target is not None and not self._around.is_read_only)
