"""A new flow: blank, or from a template seen before it is taken."""

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.patch import Document
from cx_desktop.models.flow_patterns import Pattern
from cx_desktop.overrides import override
from cx_desktop.views.flows.picture import FlowPicture
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.field import Field
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look, restyle
from cx_desktop.views.widgets.states import PageHeader

_COLUMNS = 3


class NewFlow(Struct, frozen=True):
    """What somebody chose to begin with."""

    name: str
    draft: Document


class GalleryView(QWidget):
    """The patterns as cards; the name is asked here too, so that nothing is called « untitled »."""

    chosen = Signal(object)  # NewFlow
    left = Signal()

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._cards: list[PatternCard] = []
        self._group = QButtonGroup(self)
        self._is_name_typed = False
        header = PageHeader(look, "flows.new.title", text_key="flows.new.about")
        back = Button(look, "flows.back")
        header.add_action(back)
        self._name = QLineEdit()
        self._field = Field(look, "flows.new.name", self._name)
        self.accept = Button(look, "flows.new.create", kind="primary")
        self._grid = QGridLayout()
        self._grid.setSpacing(16)
        area = self._scrolled()
        foot = QHBoxLayout()
        foot.setSpacing(12)
        self._field.setMaximumWidth(420)
        foot.addWidget(self._field, 1)
        foot.addStretch(1)
        foot.addWidget(self.accept, alignment=Qt.AlignmentFlag.AlignBottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(16)
        layout.addWidget(header)
        layout.addWidget(area, 1)
        layout.addLayout(foot)
        back.clicked.connect(self.left)
        self.accept.clicked.connect(self._create)
        self._name.returnPressed.connect(self._create)
        self._name.textEdited.connect(self._on_name_typed)
        self._name.textChanged.connect(lambda text: self.accept.setEnabled(bool(text.strip())))

    def _scrolled(self) -> QScrollArea:
        inside = QWidget()
        inside.setProperty("role", "page")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.addLayout(self._grid)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        return area

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """What can be chosen."""
        return tuple(card.pattern for card in self._cards)

    def show_patterns(self, patterns: Sequence[Pattern]) -> None:
        """Offer these, the first one chosen."""
        for card in self._cards:
            self._group.removeButton(card.button)
            self._grid.removeWidget(card)
            card.deleteLater()
        self._cards = [PatternCard(self._look, pattern) for pattern in patterns]
        for position, card in enumerate(self._cards):
            self._grid.addWidget(card, position // _COLUMNS, position % _COLUMNS)
            self._group.addButton(card.button)
            card.chosen.connect(self._on_chosen)
            card.taken.connect(self._create)
        self._is_name_typed = False
        if self._cards:
            self._cards[0].choose()

    def choose(self, position: int) -> None:
        """Choose one of them."""
        self._cards[position].choose()

    def _on_chosen(self, pattern: Pattern) -> None:
        if not self._is_name_typed:
            is_blank = bool(self._cards) and pattern is self._cards[0].pattern
            new = self._look.language.text("flows.new")
            self._name.setText(new if is_blank else pattern.name)
            self._name.selectAll()

    def _on_name_typed(self, text: str) -> None:
        self._is_name_typed = bool(text)

    def _create(self) -> None:
        name = self._name.text().strip()
        pattern = next((card.pattern for card in self._cards if card.is_chosen), None)
        if pattern is not None and name:
            self.chosen.emit(NewFlow(name=name, draft=pattern.document))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class PatternCard(QFrame):
    """One pattern: drawing, name, one sentence. A radio button in the clothes of a card."""

    chosen = Signal(object)  # Pattern
    taken = Signal()

    def __init__(self, look: Look, pattern: Pattern, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pattern = pattern
        self.setProperty("role", "card")
        picture = FlowPicture(look, height=110, largest=0.5)
        picture.show_flow(pattern.flow, pattern.routes)
        self.button = QRadioButton(pattern.name)
        self.button.setAccessibleDescription(pattern.about)
        self.button.toggled.connect(self._on_toggled)
        about = Label(pattern.about, "muted", wraps=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 12)
        layout.setSpacing(6)
        layout.addWidget(picture)
        layout.addWidget(self.button)
        layout.addWidget(about)
        layout.addStretch(1)

    @property
    def is_chosen(self) -> bool:
        """Whether it is the chosen one."""
        return self.button.isChecked()

    def choose(self) -> None:
        """Choose it."""
        self.button.setChecked(True)
        self.button.setFocus()

    def _on_toggled(self, is_on: bool) -> None:  # noqa: FBT001  (Qt's signal)
        restyle(self, "chosen", "yes" if is_on else "")
        if is_on:
            self.chosen.emit(self.pattern)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.choose()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.choose()
        self.taken.emit()
