"""Moving the whole flow by hand."""

from cx_desktop.views.flow_editor.stage import Pointer, Stage


class Pan:
    """Middle button, or space and left button."""

    def __init__(self, stage: Stage, start: Pointer) -> None:
        self._stage = stage
        self._last = start.view
        self._origin = stage.viewport.origin

    def move(self, pointer: Pointer) -> None:
        """Keep the flow under the mouse."""
        self._stage.viewport.pan_by(pointer.view - self._last)
        self._last = pointer.view

    def finish(self, pointer: Pointer) -> None:
        """Stay there."""
        self.move(pointer)

    def cancel(self) -> None:
        """Go back to where it began."""
        viewport = self._stage.viewport
        viewport.pan_by((viewport.origin - self._origin) * viewport.scale)
