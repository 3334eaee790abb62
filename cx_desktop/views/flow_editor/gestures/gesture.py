"""A gesture: it begins with a press, follows the mouse, and is finished or cancelled."""

from typing import Protocol

from cx_desktop.views.flow_editor.stage import Pointer


class Gesture(Protocol):
    """What the mouse is doing now; the canvas holds at most one."""

    def move(self, pointer: Pointer) -> None:
        """The mouse is elsewhere."""

    def finish(self, pointer: Pointer) -> None:
        """The button was released: do it."""

    def cancel(self) -> None:
        """Leave everything as it was."""
