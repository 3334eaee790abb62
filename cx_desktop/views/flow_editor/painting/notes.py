"""Comments and frames: what colleagues say to each other about a flow."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from cx_desktop.domain.flow.graph import Note
from cx_desktop.views.flow_editor.ink import Letter
from cx_desktop.views.flow_editor.painting.frame import Frame

#: The names of the colours a note may have; "" is the first.
COLOURS = ("warn", "accent", "ok", "info", "transfer", "muted")
#: The height of a frame's title.
TITLE = 30.0
#: Below this scale their words are not drawn.
READABLE = 0.34


def tint(frame: Frame, note: Note) -> QColor:
    """The colour of a note."""
    ink = frame.ink
    known = {
        "warn": ink.warn,
        "accent": ink.accent,
        "muted": ink.muted,
        **{family.value: color for family, color in ink.family.items()},
        "ok": ink.note_colors["ok"],
        "info": ink.note_colors["info"],
    }
    default = "muted" if note.kind == "frame" else "warn"
    return QColor(known.get(note.colour or default, known[default]))


def paint_notes(painter: QPainter, frame: Frame, notes: list[Note]) -> None:
    """Paint notes; frames go below everything."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for note in notes:
        left, top, right, bottom = frame.geometry.note_bounds(note.id)
        rect = QRectF(left, top, right - left, bottom - top)
        _body(painter, frame, note, rect)
        if frame.scale >= READABLE:
            _text(painter, frame, note, rect)


def _body(painter: QPainter, frame: Frame, note: Note, rect: QRectF) -> None:
    color = tint(frame, note)
    fill, edge = QColor(color), QColor(color)
    fill.setAlpha(20 if note.kind == "frame" else 44)
    edge.setAlpha(120)
    is_chosen = frame.selection.has_note(note.id)
    if note.kind != "frame":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(frame.ink.surface)
        painter.drawRoundedRect(rect, 6, 6)
    painter.setBrush(fill)
    if is_chosen or frame.marks.hovered == note.id:
        edge = frame.ink.accent if is_chosen else color
        painter.setPen(frame.ink.pen(edge, 1.8))
    else:
        pen = frame.ink.pen(edge, 1.0)
        if note.kind == "frame":
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
    painter.drawRoundedRect(rect, 10 if note.kind == "frame" else 6, 10)
    if is_chosen:
        _corner(painter, rect)


def _corner(painter: QPainter, rect: QRectF) -> None:
    """The corner by which a chosen note is made larger."""
    for step in (6, 11):
        painter.drawLine(
            rect.bottomRight() - QPointF(step, 3), rect.bottomRight() - QPointF(3, step)
        )


def _text(painter: QPainter, frame: Frame, note: Note, rect: QRectF) -> None:
    if not note.text:
        return
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
    if note.kind == "frame":
        painter.setPen(tint(frame, note).darker(110))
        painter.setFont(frame.ink.font(Letter.TITLE))
        label = frame.ink.text(note.text, Letter.TITLE, rect.width() - 24)
        painter.drawStaticText(rect.topLeft() + QPointF(12, 8), label)
        return
    painter.setPen(frame.ink.text_color)
    painter.setFont(frame.ink.font(Letter.NOTE))
    painter.drawText(
        rect.adjusted(12, 9, -10, -8), int(flags | Qt.TextFlag.TextWordWrap), note.text
    )
