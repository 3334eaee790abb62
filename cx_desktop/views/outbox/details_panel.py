"""One edit looked at closely: how it stands, what it does, and a conflict's two answers."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QSizePolicy, QVBoxLayout, QWidget

from cx_desktop.models.outbox.details import Details
from cx_desktop.models.outbox.entries import Entry, State
from cx_desktop.views.objects.changes import Changes
from cx_desktop.views.outbox import words
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Badge, Label
from cx_desktop.views.widgets.look import Look


class DetailsPanel(QWidget):
    """Shows what is known at once, and the lines when they are worked out."""

    both_wanted = Signal()  # the two versions are to be seen where the object is
    mine_wanted = Signal()
    theirs_wanted = Signal()

    def __init__(
        self, look: Look, *, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._now = now
        self._entry: Entry | None = None
        self._details: Details | None = None
        self.changes = Changes()
        self.title = Label("", "section", wraps=True)
        self._stay_narrow()
        self.state = Badge()
        self.made = Label("", "small")
        self.why = Label("", wraps=True)
        self.lines = QListWidget()
        self.lines.setWordWrap(True)
        self.lines.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.lines.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.both = Button(look, "settle.show")
        self.mine = Button(look, "outbox.mine")
        self.theirs = Button(look, "outbox.theirs")
        self.both.clicked.connect(self.both_wanted)
        self.mine.clicked.connect(self.mine_wanted)
        self.theirs.clicked.connect(self.theirs_wanted)
        stands = QHBoxLayout()
        stands.setSpacing(8)
        stands.addWidget(self.state)
        stands.addWidget(self.made, 1)
        answers = QHBoxLayout()
        answers.setSpacing(8)
        for each in (self.mine, self.theirs):
            answers.addWidget(each)
        answers.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        layout.addLayout(stands)
        layout.addWidget(self.why)
        layout.addLayout(answers)
        layout.addWidget(self.both, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.lines, 1)
        look.language.bind(self, self.lines.setAccessibleName, "outbox.lines")
        look.language.follow(self, self._show)

    def _stay_narrow(self) -> None:
        """A long word must not push the list aside."""
        narrow = self.title.sizePolicy()
        narrow.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        self.title.setSizePolicy(narrow)
        self.setMinimumWidth(300)

    @property
    def said(self) -> tuple[str, ...]:
        """The lines."""
        items = (self.lines.item(at) for at in range(self.lines.count()))
        return tuple(each.text() for each in items if each is not None)

    def show_entry(self, entry: Entry | None) -> None:
        """Show how an edit stands; what it does follows with ``show_details``."""
        if entry is None or self._details is None or self._details.entry.op_id != entry.op_id:
            self._details = None
        self._entry = entry
        self._show()

    def show_details(self, details: Details) -> None:
        """Show what it does."""
        if self._entry is not None and details.entry.op_id == self._entry.op_id:
            self._details = details
            self._show()

    def _show(self) -> None:
        language, entry = self._look.language, self._entry
        is_conflict = entry is not None and entry.state is State.CONFLICT
        self.both.setVisible(is_conflict)
        self.mine.setVisible(is_conflict)
        self.theirs.setVisible(is_conflict)
        self.lines.setVisible(entry is not None)
        if entry is None:
            self.title.setText("")
            self.state.show_text("")
            self.made.setText("")
            self.why.setText(language.text("outbox.select"))
            return
        self.title.setText(words.place_words(language, entry))
        self.state.show_text(
            words.state_words(language, entry), words.SIGN_BY_STATE[entry.state][1]
        )
        self.made.setText(language.day_and_time(entry.made_at))
        self.why.setText(words.why_words(language, entry, self._now()))
        self.lines.clear()
        if self._details is None:
            self.lines.addItem(language.text("outbox.working"))
        else:
            self.lines.addItems(words.detail_lines(language, self._details, self.changes))
