"""Asks before something that is kept is let go of: how many, which, and what that means."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.models.outbox.kept import KeptRow
from cx_desktop.views.outbox import kept_words
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

_MOST = 6


class LetGoDialog(QDialog):
    """The verb says the exact count."""

    def __init__(
        self, look: Look, rows: Sequence[KeptRow], *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        language, count = look.language, len(rows)
        title = language.plural("kept.let-go.title", count)
        self.setWindowTitle(title)
        self.let_go = Button(look, "kept.let-go", kind="danger")
        self.let_go.setText(language.plural("kept.let-go.verb", count))
        self.keep = Button(look, "kept.let-go.keep")
        named = [
            f"{kept_words.object_words(language, each)} · {kept_words.kind_words(language, each)}"
            for each in rows[:_MOST]
        ]
        if count > _MOST:
            named.append(language.plural("outbox.drop.more", count - _MOST))
        lost = sum(each.standing == "only-here" for each in rows)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 18)
        layout.setSpacing(12)
        layout.addWidget(Label(title, "section", wraps=True))
        self.named = Label("\n".join(named), wraps=True)
        layout.addWidget(self.named)
        if lost:
            said = language.plural("kept.let-go.lost", lost)
            layout.addWidget(Label(said, "strong", wraps=True))
        if lost < count:
            layout.addWidget(Label(language.text("kept.let-go.text"), "muted", wraps=True))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.keep)
        row.addWidget(self.let_go)
        layout.addSpacing(4)
        layout.addLayout(row)
        self.setFixedWidth(520)
        self.let_go.clicked.connect(self.accept)
        self.keep.clicked.connect(self.reject)
        self.keep.setFocus()
