"""The revisions of an object as a list of small cards."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QTextLayout,
)
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from cx_desktop.models.language import Language
from cx_desktop.models.objects.revisions import RevisionRow
from cx_desktop.models.table import Column, TableModel
from cx_desktop.overrides import override
from cx_desktop.views.widgets.look import Look

_PADDING = 10
#: Of a long message so many lines are shown; all of it is in the tooltip.
_MOST_LINES = 3
_GAP = 3
_BOX = 16
#: So many revisions are compared at once.
_MOST_TICKED = 2


class RevisionList(QListView):
    """Newest first; Enter or a double click opens one."""

    row_opened = Signal(object)  # RevisionRow
    row_selected = Signal(object)  # RevisionRow or None
    ticked_changed = Signal()  # other revisions are ticked, to be compared
    menu_wanted = Signal(QPoint)

    def __init__(
        self, look: Look, *, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        language = look.language
        self._language = language
        self._ticked: list[int] = []
        self.is_ticking = False
        self._model: TableModel[RevisionRow] = TableModel(
            (
                Column(
                    "flows.versions",
                    text=lambda row: self._spoken(row, now()),
                    tooltip=lambda row: tip(language, row),
                ),
            ),
            key=lambda row: row.id,
            language=language,
            parent=self,
        )
        self.setModel(self._model)
        self.setItemDelegate(_Card(look, now, self))
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        language.bind(self, self.setAccessibleName, "flows.versions")
        self.doubleClicked.connect(lambda index: self.row_opened.emit(self._model.row_at(index)))
        self.selectionModel().currentChanged.connect(lambda *_: self._tell())
        self.customContextMenuRequested.connect(
            lambda at: self.menu_wanted.emit(self.viewport().mapToGlobal(at))
        )

    @property
    def current(self) -> RevisionRow | None:
        """The revision that is selected."""
        index = self.currentIndex()
        return self._model.row_at(index) if index.isValid() else None

    @property
    def ticked(self) -> tuple[int, ...]:
        """The numbers of the revisions that are ticked, two at most, the older one first."""
        return tuple(sorted(self._ticked))

    def let_tick(self) -> None:
        """Offer boxes: two revisions can be ticked, with the mouse or the space bar."""
        self.is_ticking = True
        self.scheduleDelayedItemsLayout()

    def tick(self, number: int) -> None:
        """Tick a revision, or not any more; of three the one ticked first goes."""
        if number in self._ticked:
            self._ticked.remove(number)
        else:
            self._ticked = [*self._ticked, number][-_MOST_TICKED:]
        self.viewport().update()
        self.ticked_changed.emit()

    def show_rows(self, rows: tuple[RevisionRow, ...]) -> None:
        """Show these revisions."""
        self._model.set_rows(rows)
        self._ticked = [each for each in self._ticked if any(row.number == each for row in rows)]
        self._tell()

    def select_number(self, number: int) -> None:
        """Select a revision."""
        for position, row in enumerate(self._model.rows):
            if row.number == number:
                self.setCurrentIndex(self._model.index(position, 0))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.current is not None:
            self.row_opened.emit(self.current)
        elif event.key() == Qt.Key.Key_Space and self.is_ticking and self.current is not None:
            self.tick(self.current.number)
        else:
            super().keyPressEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cards are as high as their words need in this width; Qt looks at heights alone."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        row = self._model.row_at(index) if index.isValid() else None
        box = box_of(self.visualRect(index)).adjusted(-6, -6, 6, 6)
        if self.is_ticking and row is not None and box.contains(event.position().toPoint()):
            self.tick(row.number)

    def _spoken(self, row: RevisionRow, now: datetime) -> str:
        words = spoken(self._language, row, now)
        if row.number not in self._ticked:
            return words
        return f"{words}, {self._language.text('compare.ticked')}"

    def _tell(self) -> None:
        self.row_selected.emit(self.current)


def box_of(card: QRect) -> QRect:
    """Where the box of a card lies."""
    return QRect(card.left() + _PADDING, card.top() + _PADDING, _BOX, _BOX)


def byline(language: Language, row: RevisionRow, now: datetime) -> str:
    """« Léa Martin · hier »."""
    when = language.since(row.published_at, now) if row.published_at else ""
    return " · ".join(filter(None, (row.published_by, when)))


def heading(language: Language, row: RevisionRow) -> str:
    """« Version 12 », or « Version 13, reprise de la 9 »."""
    if row.returned_from is not None:
        return language.text("flows.version.returned", number=row.number, old=row.returned_from)
    return language.text("flows.version", number=row.number)


def spoken(language: Language, row: RevisionRow, now: datetime) -> str:
    """A revision in one sentence, as a screen reader says it and as it is copied."""
    live = language.text("flows.version.live") if row.is_live else ""
    parts = (heading(language, row), live, row.message, byline(language, row, now))
    return ", ".join(filter(None, parts))


def tip(language: Language, row: RevisionRow) -> str:
    """The whole message, and when it was, to the minute."""
    when = language.day_and_time(row.published_at) if row.published_at else ""
    return "\n".join(
        filter(None, (row.message, " · ".join(filter(None, (row.published_by, when)))))
    )


class _Card(QStyledItemDelegate):
    """Draws one revision: heading with its live mark, message, who and when."""

    def __init__(self, look: Look, now: Callable[[], datetime], parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._now = now

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        line = QFontMetrics(option.font).height()
        small = QFontMetrics(self._small(option.font)).height()
        row: RevisionRow = index.data(TableModel.ROW)
        viewport = option.widget.viewport() if isinstance(option.widget, QListView) else None
        width = (viewport.width() if viewport is not None else 200) - 2 * _PADDING
        if isinstance(option.widget, RevisionList) and option.widget.is_ticking:
            width -= _BOX + _PADDING
        message = len(_lines(row.message, option.font, width)) * line
        return QSize(200, line + message + small + 2 * _GAP + 2 * _PADDING)

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row: RevisionRow = index.data(TableModel.ROW)
        blank = QStyleOptionViewItem(option)
        self.initStyleOption(blank, index)
        blank.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, blank, painter, option.widget)
        language, theme = self._look.language, self._look.theme
        place = QRect(option.rect).adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
        painter.save()
        if isinstance(option.widget, RevisionList) and option.widget.is_ticking:
            self._box(painter, option, is_ticked=row.number in option.widget.ticked)
            place.setLeft(place.left() + _BOX + _PADDING)
        bold, small = QFont(option.font), self._small(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        top = self._line(painter, place, bold, heading(language, row), "text")
        if row.is_live:
            self._live(painter, place, small)
        place.setTop(top)
        for line in _lines(row.message, option.font, place.width()):
            place.setTop(self._line(painter, place, option.font, line, "text") - _GAP)
        place.setTop(place.top() + _GAP)
        self._line(painter, place, small, byline(language, row, self._now()), "muted")
        painter.setPen(theme.color("outline"))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        painter.restore()

    def _box(self, painter: QPainter, option: QStyleOptionViewItem, *, is_ticked: bool) -> None:
        """A box to tick, as the style draws them."""
        box = QStyleOptionViewItem(option)
        box.rect = box_of(option.rect)
        on, off = QStyle.StateFlag.State_On, QStyle.StateFlag.State_Off
        box.state = QStyle.StateFlag.State_Enabled | (on if is_ticked else off)
        check = QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck
        option.widget.style().drawPrimitive(check, box, painter, option.widget)

    def _line(self, painter: QPainter, place: QRect, font: QFont, text: str, colour: str) -> int:
        """Draw one line at the top of ``place``; gives the y below it."""
        metrics = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(self._look.theme.color(colour))
        elided = metrics.elidedText(
            text.replace("\n", " "), Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(place, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, elided)
        return place.top() + metrics.height() + _GAP

    def _live(self, painter: QPainter, place: QRect, font: QFont) -> None:
        words = self._look.language.text("flows.version.live")
        metrics = QFontMetrics(font)
        width, height = metrics.horizontalAdvance(words) + 16, metrics.height() + 4
        pill = QRect(place.right() - width, place.top(), width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.theme.color("ok_soft"))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setFont(font)
        painter.setPen(self._look.theme.color("ok"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)

    def _small(self, font: QFont) -> QFont:
        small = QFont(font)
        small.setPixelSize(self._look.theme.pixels("small"))
        return small


def _lines(message: str, font: QFont, width: int) -> tuple[str, ...]:
    """A message in lines of a width; the last is cut short where there are too many."""
    layout = QTextLayout(" ".join(message.split()), font)
    layout.beginLayout()
    lines: list[str] = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        start = line.textStart()
        if len(lines) == _MOST_LINES - 1:
            rest = layout.text()[start:]
            lines.append(QFontMetrics(font).elidedText(rest, Qt.TextElideMode.ElideRight, width))
            break
        lines.append(layout.text()[start : start + line.textLength()])
    layout.endLayout()
    return tuple(lines)
