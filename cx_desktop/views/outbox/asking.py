"""A question before something goes that does not come back by itself: how many, and which."""

import itertools
from collections.abc import Iterable

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

#: So many are named, the others counted.
MOST = 6


class CountedQuestion(QDialog):
    """The title and the verb say the exact count; whoever only presses Enter keeps everything.

    ``key`` names the words: ``<key>.title``, ``<key>.verb`` and ``<key>.keep``.
    """

    def __init__(self, look: Look, key: str, count: int, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        title = look.language.plural(f"{key}.title", count)
        self.setWindowTitle(title)
        self.go = Button(look, key, kind="danger")
        self.go.setText(look.language.plural(f"{key}.verb", count))
        self.keep = Button(look, f"{key}.keep")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 18)
        layout.setSpacing(12)
        layout.addWidget(Label(title, "section", wraps=True))
        self._said = QVBoxLayout()
        self._said.setSpacing(12)
        layout.addLayout(self._said)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.keep)
        row.addWidget(self.go)
        layout.addSpacing(4)
        layout.addLayout(row)
        self.setFixedWidth(520)
        self.go.clicked.connect(self.accept)
        self.keep.clicked.connect(self.reject)
        self.keep.setFocus()

    def say(self, text: str, role: str = "") -> Label:
        """Add a paragraph."""
        label = Label(text, role, wraps=True)
        self._said.addWidget(label)
        return label

    def name(self, names: Iterable[str], count: int) -> Label:
        """Add a line for each of the first, and one for those that are only counted."""
        lines = list(itertools.islice(names, MOST))
        if count > len(lines):
            lines.append(self._look.language.plural("outbox.drop.more", count - len(lines)))
        return self.say("\n".join(lines))
