"""Asks before something that is kept is let go of: how many, which, and what that means."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from cx_desktop.models.outbox.kept import KeptRow
from cx_desktop.views.outbox import kept_words
from cx_desktop.views.outbox.asking import CountedQuestion
from cx_desktop.views.widgets.look import Look


class LetGoDialog(CountedQuestion):
    """Names what is let go of, and how much of it is nowhere else."""

    def __init__(
        self, look: Look, rows: Sequence[KeptRow], *, parent: QWidget | None = None
    ) -> None:
        language, count = look.language, len(rows)
        super().__init__(look, "kept.let-go", count, parent=parent)
        self.named = self.name(map(self._named, rows), count)
        lost = sum(each.standing == "only-here" for each in rows)
        if lost:
            self.say(language.plural("kept.let-go.lost", lost), "strong")
        if lost < count:
            self.say(language.text("kept.let-go.text"), "muted")

    def _named(self, row: KeptRow) -> str:
        language = self._look.language
        return f"{kept_words.object_words(language, row)} · {kept_words.kind_words(language, row)}"
