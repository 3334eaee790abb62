"""What the canvas and its gestures work with together."""

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal

from cx_desktop.domain.flow.graph import Slot
from cx_desktop.models.flow_editing import FlowEditing
from cx_desktop.models.flow_selection import FlowSelection
from cx_desktop.views.flow_editor.geometry import FlowGeometry
from cx_desktop.views.flow_editor.marks import Marks
from cx_desktop.views.flow_editor.viewport import Viewport
from cx_desktop.views.flow_editor.words import Words

if TYPE_CHECKING:
    from cx_desktop.models.flow_graph import FlowGraphModel


class Pointer(NamedTuple):
    """Where the mouse is, and which keys are held."""

    view: QPointF
    scene: QPointF
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier

    @property
    def place(self) -> tuple[float, float]:
        """The place in the flow."""
        return self.scene.x(), self.scene.y()

    def has(self, modifier: Qt.KeyboardModifier) -> bool:
        """Whether a modifier key is held."""
        return bool(self.modifiers & modifier)


class QuickAdd(NamedTuple):
    """A wish to choose a kind at a place; ``after`` is the exit it is to be linked from."""

    at: tuple[float, float]
    view: QPointF
    after: Slot | None = None


class Sketch:
    """What a gesture draws over the flow while it lasts."""

    def __init__(self) -> None:
        self.band: QRectF | None = None
        self.line: tuple[tuple[float, float], tuple[float, float]] | None = None
        self.is_line_refused = False
        self.guides: list[tuple[QPointF, QPointF]] = []

    def clear(self) -> None:
        """Draw nothing."""
        self.band = None
        self.line = None
        self.is_line_refused = False
        self.guides = []


class Stage(QObject):
    """The open flow on the canvas: its model, shapes, selection, viewport and marks."""

    changed = Signal()  # marks or sketch look different: paint the canvas anew
    touched = Signal(object)  # list[Bounds]: only what lies there looks different
    quick_add_requested = Signal(object)  # QuickAdd
    edit_requested = Signal()  # the user wants to edit what is selected
    told = Signal(str)  # a sentence for the status line and for screen readers

    def __init__(
        self, editing: FlowEditing, selection: FlowSelection, words: Words, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.editing = editing
        self.model: FlowGraphModel = editing.model
        self.selection = selection
        self.words = words
        self.viewport = Viewport(self)
        self.geometry = FlowGeometry(self.model, self)
        selection.changed.connect(lambda: self.geometry.raise_nodes(selection.nodes))
        self.marks = Marks()
        self.sketch = Sketch()
        self.is_snapping = True
