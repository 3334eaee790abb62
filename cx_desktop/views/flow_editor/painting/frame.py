"""What one frame of the canvas is painted from."""

from msgspec import Struct
from PySide6.QtGui import QTransform

from cx_desktop.domain.finding import Severity
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.models.flow_selection import FlowSelection
from cx_desktop.views.flow_editor.geometry import FlowGeometry
from cx_desktop.views.flow_editor.grid import Bounds
from cx_desktop.views.flow_editor.ink import Ink
from cx_desktop.views.flow_editor.marks import Marks
from cx_desktop.views.flow_editor.words import Words

#: Below this scale, or the larger one where many are seen, nodes are blocks and links hairlines.
FAR, FAR_WHEN_MANY = 0.11, 0.26
MANY = 250
#: Below this scale nodes show their title only, always in readable letters.
MIDDLE = 0.58


class Frame(Struct, frozen=True):
    """One frame, or the part of it that has to be painted anew."""

    geometry: FlowGeometry
    selection: FlowSelection
    ink: Ink
    words: Words
    marks: Marks
    severities: dict[NodeId, Severity]
    area: Bounds
    transform: QTransform
    """From the flow's coordinates to pixels of the canvas."""
    base: QTransform
    """From pixels of the canvas to those of the device, as the painter came."""
    full: QTransform
    """Both together."""
    without: frozenset[str]
    """Nodes and notes left out, with the links at them: they are on the move."""
    scale: float
    ratio: float
    is_whole: bool
    """Whether the whole canvas is painted, not a part that changed."""

    @property
    def is_far(self) -> bool:
        """Whether single nodes do not matter any more."""
        return self.scale < FAR or (self.scale < FAR_WHEN_MANY and len(self.geometry.shapes) > MANY)

    @property
    def device_scale(self) -> float:
        """Device pixels for one unit of the flow."""
        return self.scale * self.ratio

    @property
    def is_fleeting(self) -> bool:
        """Whether this picture is gone at the next step of a drag: then speed counts for more."""
        return not self.without and bool(self.geometry.moving)
