"""Asks before edits are dropped: how many, which ones, and what goes with them."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.models.outbox.entries import Entry
from cx_desktop.models.outbox.outbox import Question
from cx_desktop.views.outbox import words
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

#: So many are named, the others counted.
_MOST = 6


class DropDialog(QDialog):
    """Names what goes; the verb says the exact count."""

    def __init__(self, look: Look, question: Question, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        count = question.count
        title = look.language.plural("outbox.drop.title", count)
        self.setWindowTitle(title)
        self.drop = Button(look, "outbox.drop", kind="danger")
        self.drop.setText(look.language.plural("outbox.drop.verb", count))
        self.keep = Button(look, "outbox.drop.keep")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 18)
        layout.setSpacing(12)
        layout.addWidget(Label(title, "section", wraps=True))
        self.asked = Label(self._named(question.asked, len(question.plan.asked)), wraps=True)
        layout.addWidget(self.asked)
        self.also = Label("", wraps=True)
        if question.plan.also:
            said = look.language.plural("outbox.drop.also", len(question.plan.also))
            layout.addWidget(Label(said, "strong", wraps=True))
            self.also.setText(self._named(question.also, len(question.plan.also)))
            layout.addWidget(self.also)
        layout.addWidget(Label.of(look, "outbox.drop.text", "muted", wraps=True))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.keep)
        row.addWidget(self.drop)
        layout.addSpacing(4)
        layout.addLayout(row)
        self.setFixedWidth(520)
        self.drop.clicked.connect(self.accept)
        self.keep.clicked.connect(self.reject)
        self.keep.setFocus()

    def _named(self, entries: Sequence[Entry], count: int) -> str:
        """A line for each, the last one for those that are only counted."""
        language = self._look.language
        lines = [
            f"{words.object_words(language, each)} · {words.what_words(language, each)}"
            for each in entries[:_MOST]
        ]
        more = count - len(lines)
        if more:
            lines.append(language.plural("outbox.drop.more", more))
        return "\n".join(lines)
