"""What was understood of a file: a drawing, counts, and what has to be looked at."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.flow.formats import ImportNote
from cx_desktop.domain.flow.formats.naming import LONGEST_NAME
from cx_desktop.domain.flow.graph import Node, NodeId
from cx_desktop.domain.flow.kinds import kind_of
from cx_desktop.models.import_flow import Preview, Understood, chosen
from cx_desktop.overrides import override
from cx_desktop.views.flows.import_choices import ImportChoices
from cx_desktop.views.flows.picture_view import PictureView
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.field import Field
from cx_desktop.views.widgets.label import Badge, Label
from cx_desktop.views.widgets.look import Look

_NODE = Qt.ItemDataRole.UserRole
#: The icon and the padding of a row, in width and in height.
_BESIDE_WORDS, _AROUND_WORDS = 56, 16


class ImportPreview(QWidget):
    """Flows that are not ours yet; of several, one is looked at at a time."""

    accepted = Signal(object)  # tuple[Preview, ...], with the names that were typed

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._flows: list[Preview] = []
        self._position = 0
        self.picture = PictureView(look)
        self.choices = ImportChoices(look)
        self._facts = Facts(look)
        self._notes_title = Label("", "section")
        self._notes = _Notes()
        self._notes.setWordWrap(True)
        self._notes.setItemDelegate(_Wrapped(self._notes))
        self._notes.setIconSize(QSize(16, 16))
        self._notes.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._notes.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._notes.currentItemChanged.connect(self._on_note_chosen)
        self._notes.setSelectionMode(QListWidget.SelectionMode.SingleSelection)
        look.language.bind(self._notes, self._notes.setAccessibleName, "flows.import.notes")
        self._name = QLineEdit()
        self._name.setMaxLength(LONGEST_NAME)
        self._field = Field(look, "flows.import.name", self._name)
        self.accept = Button(look, "flows.import.accept", kind="primary")
        self.other = Button(look, "flows.import.other")
        self._lay_out()
        self.accept.clicked.connect(self._accept)
        self._name.returnPressed.connect(self._accept)
        self._name.textEdited.connect(self._on_name_edited)
        self.choices.looked_at.connect(self._look_at)
        self.choices.ticked.connect(self._show_readiness)
        look.language.changed.connect(self._retext)

    def show_understood(self, understood: Understood) -> None:
        """Show what was understood of a file."""
        self._flows = list(understood.flows)
        self.choices.setVisible(not understood.is_single)
        self.choices.show_flows(understood.flows)
        self._look_at(0)
        if understood.is_single:
            self._name.setFocus(Qt.FocusReason.OtherFocusReason)
            self._name.selectAll()
        else:
            self.choices.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _look_at(self, position: int) -> None:
        if 0 <= position < len(self._flows):
            self._position = position
            preview = self._flows[position]
            self.picture.show_flow(preview.flow, preview.routes)
            self._name.setText(preview.name)
            self._retext()

    def _on_name_edited(self, text: str) -> None:
        named = msgspec.structs.replace(self._flows[self._position], name=text.strip())
        self._flows[self._position] = named
        self.choices.rename(self._position, named.name)
        self._show_readiness()

    @property
    def _chosen(self) -> Sequence[Preview]:
        return [self._flows[position] for position in self.choices.chosen]

    @property
    def notes(self) -> tuple[str, ...]:
        """What has to be looked at, in words."""
        return tuple(self._notes.item(row).text() for row in range(self._notes.count()))

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(12)
        side.addWidget(self.choices)
        side.addWidget(self._field)
        side.addWidget(self._facts)
        side.addWidget(self._notes_title)
        side.addWidget(self._notes, 1)
        verbs = QHBoxLayout()
        verbs.setSpacing(8)
        verbs.addStretch(1)
        verbs.addWidget(self.other)
        verbs.addWidget(self.accept)
        side.addStretch(0)
        side.addLayout(verbs)
        panel = QWidget()
        panel.setLayout(side)
        panel.setFixedWidth(380)
        side.setContentsMargins(0, 0, 0, 0)
        frame = QFrame()
        frame.setProperty("role", "card")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.picture)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addWidget(frame, 1)
        layout.addWidget(panel)

    def _accept(self) -> None:
        if self.accept.isEnabled():
            self.accepted.emit(chosen(self._chosen))

    def _show_readiness(self) -> None:
        taken, language = self._chosen, self._look.language
        self.accept.setEnabled(bool(taken) and all(each.name for each in taken))
        self.accept.setText(
            language.plural("flows.import.accept-several", len(taken))
            if len(taken) > 1
            else language.text("flows.import.accept")
        )
        self.accept.setToolTip("" if taken else language.text("flows.import.none"))

    def _retext(self) -> None:
        if not self._flows:
            return
        preview = self._flows[self._position]
        self._facts.show_preview(preview)
        self._show_readiness()
        language = self._look.language
        count = len(preview.notes)
        self._notes_title.setText(
            language.plural("flows.import.to-look-at", count)
            if count
            else language.text("flows.import.all-understood")
        )
        self._notes.setVisible(bool(count))
        self._notes.clear()
        for note in preview.notes:
            self._notes.addItem(self._item(note, preview))

    def _item(self, note: ImportNote, preview: Preview) -> QListWidgetItem:
        language = self._look.language
        words = language.text(note.key, **note.params)
        node = preview.flow.nodes.get(NodeId(note.node)) if note.node else None
        place = f"{self._step(node)} — " if node is not None else ""
        item = QListWidgetItem(self._look.icons.icon("warning", "warn"), f"{place}{words}")
        item.setToolTip(item.text())
        item.setData(_NODE, note.node)
        return item

    def _step(self, node: Node) -> str:
        return node.title or self._look.language.text(f"kind.{kind_of(node).id}")

    def _on_note_chosen(self, item: QListWidgetItem | None) -> None:
        self.picture.mark(item.data(_NODE) if item is not None else None)


class _Notes(QListWidget):
    """Rows are as high as their words need in this width; Qt looks at heights alone."""

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()


class _Wrapped(QStyledItemDelegate):
    """Makes rows as tall as their words need; Qt forgets the icon and the padding beside them."""

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        view = option.widget
        room = view.viewport().width() if isinstance(view, QListWidget) else option.rect.width()
        place = QRect(0, 0, max(80, room - _BESIDE_WORDS), 10_000)
        wrap = Qt.TextFlag.TextWordWrap
        words = option.fontMetrics.boundingRect(place, wrap, str(index.data() or ""))
        return QSize(room, words.height() + _AROUND_WORDS)


class Facts(QWidget):
    """Counts: format, steps by kind, foreign ones."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._format = Label("", "muted", wraps=True)
        self._steps = Badge("", "accent")
        self._foreign = Badge("", "warn")
        self._kinds = Label("", "muted", wraps=True)
        badges = QHBoxLayout()
        badges.setSpacing(8)
        badges.addWidget(self._steps)
        badges.addWidget(self._foreign)
        badges.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._format)
        layout.addLayout(badges)
        layout.addWidget(self._kinds)

    def show_preview(self, preview: Preview) -> None:
        """Count a file's flow."""
        language = self._look.language
        name = language.text(f"flows.format.{preview.format}")
        self._format.setText(
            language.text("flows.import.from", file=preview.path.name, format=name)
        )
        self._steps.show_text(language.plural("flows.steps", len(preview.flow.nodes)), "accent")
        foreign = preview.foreign
        self._foreign.show_text(
            language.plural("flows.foreign", foreign) if foreign else "", "warn"
        )
        self._kinds.setText(
            " · ".join(
                f"{language.text(f'kind.{kind}')} {language.number(count)}"
                for kind, count in preview.kinds
            )
        )
