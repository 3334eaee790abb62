"""Markers, notes and tags of the recording in hand."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.recordings.notes import LONGEST_TAG, LONGEST_TEXT, Note, Visibility
from cx_desktop.models.recordings.review import Review
from cx_desktop.views.recordings.review_words import place_words
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

_ID = Qt.ItemDataRole.UserRole
_PLACE, _TEXT, _WHO = range(3)


class NotebookPanel(QWidget):
    """What is said beside the form. Enter on a marker goes there, F2 rewords, Del takes back."""

    place_wanted = Signal(float)  # seconds

    def __init__(self, look: Look, review: Review, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._review = review
        self._shown: object = None
        self._is_filling = False
        self.text = QLineEdit()
        self.text.setMaxLength(LONGEST_TEXT)
        self.private = QCheckBox()
        self.mark = Button(look, "review.mark", icon="flag")
        self.note = Button(look, "review.note", icon="note-pencil")
        self.tag = QLineEdit()
        self.tag.setMaxLength(LONGEST_TAG)
        self.tag.setMaximumWidth(180)
        self.list = QTreeWidget()
        self.list.setColumnCount(3)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setEditTriggers(QTreeWidget.EditTrigger.EditKeyPressed)
        self.list.header().setSectionResizeMode(_TEXT, QHeaderView.ResizeMode.Stretch)
        self.list.header().setStretchLastSection(False)
        for column in (_PLACE, _WHO):
            resize = QHeaderView.ResizeMode.ResizeToContents
            self.list.header().setSectionResizeMode(column, resize)
        self._tags = QHBoxLayout()
        self._tags.setSpacing(4)
        self._empty = Label.of(look, "review.notes.empty", "muted", wraps=True)
        self._lay_out()
        self._name_parts()
        self._connect()
        look.language.follow(self, self.show_review)

    def show_review(self) -> None:
        """Show what is said as it stands; what is shown already is left alone."""
        notebook, is_locked = self._review.notebook, bool(self._review.why_not)
        shown = (notebook.notes, notebook.tags, is_locked, self._look.language.current)
        for each in (self.text, self.private, self.mark, self.note, self.tag):
            each.setEnabled(not is_locked)
        if shown == self._shown:
            return
        self._shown = shown
        self._show_notes(notebook.notes)
        self._show_tags(notebook.tags, is_locked=is_locked)

    def mark_here(self) -> None:
        """Put a marker where the sound is, with what is typed."""
        self._review.notebook.mark(self._typed(), is_private=self.private.isChecked())

    def _lay_out(self) -> None:
        write = QHBoxLayout()
        write.setSpacing(8)
        write.addWidget(self.private)
        write.addStretch(1)
        write.addWidget(self.mark)
        write.addWidget(self.note)
        tags = QHBoxLayout()
        tags.setSpacing(8)
        tags.addLayout(self._tags)
        tags.addWidget(self.tag)
        tags.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.text)
        layout.addLayout(write)
        layout.addLayout(tags)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._empty)
        layout.addWidget(self.list, 1)

    def _name_parts(self) -> None:
        bind = self._look.language.bind
        bind(self.text, self.text.setPlaceholderText, "review.note.hint")
        bind(self.text, self.text.setAccessibleName, "review.note.hint")
        bind(self.private, self.private.setText, "review.private")
        bind(self.private, self.private.setToolTip, "review.private.help")
        bind(self.tag, self.tag.setPlaceholderText, "review.tag.hint")
        bind(self.tag, self.tag.setAccessibleName, "review.tag.hint")
        bind(self.list, self.list.setAccessibleName, "review.notes")
        bind(self.mark, self.mark.setToolTip, "review.mark.help")

    def _connect(self) -> None:
        self._review.changed.connect(self.show_review)
        self.mark.clicked.connect(self.mark_here)
        self.note.clicked.connect(self._write)
        self.text.returnPressed.connect(self.mark_here)
        self.tag.returnPressed.connect(self._tag)
        self.list.itemActivated.connect(self._go_to)
        self.list.itemChanged.connect(self._reword)
        gone = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.list)
        gone.setContext(Qt.ShortcutContext.WidgetShortcut)
        gone.activated.connect(self._take_back)

    def _typed(self) -> str:
        text = self.text.text().strip()
        self.text.clear()
        return text

    def _write(self) -> None:
        if text := self._typed():
            self._review.notebook.add_note(text, is_private=self.private.isChecked())
        else:
            self.text.setFocus()

    def _tag(self) -> None:
        self._review.notebook.tag(self.tag.text())
        self.tag.clear()

    def _show_notes(self, notes: tuple[Note, ...]) -> None:
        chosen = self._chosen()
        self._is_filling = True
        self.list.clear()
        for each in notes:
            item = self._item(each)
            self.list.addTopLevelItem(item)
            if each.id == chosen:
                self.list.setCurrentItem(item)
        self._is_filling = False
        self.list.setVisible(bool(notes))
        self._empty.setVisible(not notes)

    def _item(self, note: Note) -> QTreeWidgetItem:
        language, is_mine = self._look.language, note.author.id == self._review.user_id
        place = "" if note.at_ms is None else place_words(note.at_ms)
        who = language.text("review.me") if is_mine else note.author.name
        item = QTreeWidgetItem([place, note.text, who])
        item.setData(_PLACE, _ID, note.id)
        icon = "flag" if note.is_marker else "note"
        item.setIcon(_PLACE, self._look.icons.icon(icon, "accent"))
        if note.visibility is Visibility.PRIVATE:
            item.setIcon(_WHO, self._look.icons.icon("lock-simple", "muted"))
            item.setText(_WHO, language.text("review.private"))
        item.setToolTip(_TEXT, note.text)
        said = language.text("review.note.spoken", place=place, text=note.text, who=item.text(_WHO))
        item.setData(_TEXT, Qt.ItemDataRole.AccessibleTextRole, said)
        if is_mine and not self._review.why_not:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        return item

    def _show_tags(self, tags: tuple[str, ...], *, is_locked: bool) -> None:
        while (item := self._tags.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for name in tags:
            chip = Button(self._look, "review.tag", kind="chip")
            chip.say("review.tag", name=name)
            chip.setToolTip(self._look.language.text("review.untag", name=name))
            chip.setEnabled(not is_locked)
            chip.clicked.connect(partial(self._review.notebook.untag, name))
            self._tags.addWidget(chip)

    def _chosen(self) -> str:
        item = self.list.currentItem()
        return str(item.data(_PLACE, _ID)) if item is not None else ""

    def _note(self, item: QTreeWidgetItem | None) -> Note | None:
        wanted = str(item.data(_PLACE, _ID)) if item is not None else ""
        return next((e for e in self._review.notebook.notes if e.id == wanted), None)

    def _go_to(self, item: QTreeWidgetItem) -> None:
        note = self._note(item)
        if note is not None and note.at_ms is not None:
            self.place_wanted.emit(note.at_ms / 1000)

    def _reword(self, item: QTreeWidgetItem, column: int) -> None:
        note = self._note(item)
        if self._is_filling or note is None or column != _TEXT:
            return
        self._review.notebook.reword(note.id, item.text(_TEXT).strip())

    def _take_back(self) -> None:
        note = self._note(self.list.currentItem())
        if note is not None and note.author.id == self._review.user_id:
            self._review.notebook.take_back("note", note.id)
