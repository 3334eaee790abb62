"""What a press of the mouse selects, and which gesture dragging from there begins."""

from math import hypot

from PySide6.QtCore import Qt

from cx_desktop.domain.flow.graph import Link
from cx_desktop.views.flow_editor.gestures.drag_nodes import DragNodes
from cx_desktop.views.flow_editor.gestures.gesture import Gesture
from cx_desktop.views.flow_editor.gestures.link_exit import LinkExit, Reroute
from cx_desktop.views.flow_editor.gestures.resize_note import ResizeNote
from cx_desktop.views.flow_editor.gestures.rubber_band import RubberBand
from cx_desktop.views.flow_editor.hits import ExitHit, Hit, LinkHit, NodeHit, NoteHit
from cx_desktop.views.flow_editor.stage import Pointer, Stage

#: How near its end a link is taken by that end, in pixels.
END_REACH = 44.0

_ADDING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


def press(stage: Stage, hit: Hit, pointer: Pointer) -> None:
    """Select what was pressed; what is part of a selection stays so, to be dragged with it."""
    selection, is_adding = stage.selection, pointer.has(_ADDING)
    match hit:
        case NodeHit(node) if is_adding:
            selection.toggle_node(node)
        case NodeHit(node) if selection.has_node(node):
            selection.add_last(node)
        case NoteHit(note) if is_adding:
            selection.toggle_note(note)
        case LinkHit(link) if is_adding:
            selection.add(links=[link])
        case NoteHit(note) if selection.has_note(note):
            pass
        case None if is_adding:
            pass
        case _:
            select_only(stage, hit)


def select_only(stage: Stage, hit: Hit) -> None:
    """Select this and nothing else."""
    match hit:
        case NodeHit(node):
            stage.selection.select([node])
        case ExitHit(slot):
            stage.selection.select([slot.node])
        case NoteHit(note):
            stage.selection.select(notes=[note])
        case LinkHit(link):
            stage.selection.select(links=[link])
        case None:
            stage.selection.clear()


def begin(stage: Stage, hit: Hit, start: Pointer) -> Gesture | None:
    """The gesture that dragging from what was pressed means."""
    if hit is None:
        return RubberBand(stage, start)
    if not stage.editing.is_possible:
        return None
    match hit:
        case ExitHit(slot):
            return LinkExit(stage, slot)
        case LinkHit(link):
            return Reroute(stage, link) if _is_at_end(stage, link, start) else None
        case NoteHit(note, True):
            return ResizeNote(stage, note)
        case NodeHit() | NoteHit():
            return None if stage.selection.is_empty else DragNodes(stage, start)


def _is_at_end(stage: Stage, link: Link, start: Pointer) -> bool:
    target = stage.geometry.shapes.get(link.target)
    if target is None:
        return False
    end = stage.viewport.to_view(target.scene_entry)
    return hypot(end.x() - start.view.x(), end.y() - start.view.y()) <= END_REACH
