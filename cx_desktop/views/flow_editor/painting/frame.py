"""What one frame of the canvas is painted from."""

from msgspec import Struct
from PySide6.QtCore import QRectF
from PySide6.QtGui import QTransform

from cx_desktop.domain.finding import Severity
from cx_desktop.domain.flow.graph import Link, NodeId, Slot
from cx_desktop.models.flow_selection import FlowSelection
from cx_desktop.views.flow_editor.geometry import FlowGeometry
from cx_desktop.views.flow_editor.grid import Bounds
from cx_desktop.views.flow_editor.ink import Ink
from cx_desktop.views.flow_editor.words import Words

#: Below this scale nodes are coloured blocks and links hairlines.
FAR = 0.26
#: Below this scale nodes show their title only, always in readable letters.
MIDDLE = 0.58


class Marks(Struct):
    """What a gesture, the search and the mouse want to be seen."""

    hovered: object = None
    hovered_exit: Slot | None = None
    greyed: frozenset[NodeId] = frozenset()
    aimed: NodeId | Link | None = None
    found: frozenset[NodeId] = frozenset()
    current: NodeId | None = None


class Frame(Struct, frozen=True):
    """One frame, or the part of it that has to be painted anew."""

    geometry: FlowGeometry
    selection: FlowSelection
    ink: Ink
    words: Words
    marks: Marks
    severities: dict[NodeId, Severity]
    area: Bounds
    visible: QRectF
    transform: QTransform
    scale: float
    ratio: float
    is_focused: bool
    is_whole: bool
    """Whether the whole canvas is painted, not a part that changed."""

    @property
    def device_scale(self) -> float:
        """Device pixels for one unit of the flow."""
        return self.scale * self.ratio
