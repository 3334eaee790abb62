"""What a version of a schedule, a prompt or a queue changed for callers."""

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.domain.patch import Document
from cx_desktop.models.objects.facts import ObjectFacts
from cx_desktop.models.objects.plan import Planned
from cx_desktop.models.objects.revisions import Revisions
from cx_desktop.views.objects.changes import Changes
from cx_desktop.views.objects.place_list import PlaceList
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

_HIGHEST = 220


class ChangedPanel(QWidget):
    """The change between two versions in the words of its type, below the versions."""

    def __init__(
        self,
        look: Look,
        revisions: Revisions,
        object_type: str,
        changes: Callable[[], Changes],
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._revisions = revisions
        self._type = object_type
        self._changes = changes
        self._wanted: tuple[int | None, int] | None = None
        self._known: tuple[Document | None, Document] | None = None
        self.copy = Button(look, "change.copy", kind="link")
        self.list = PlaceList(look, "change.heard")
        self.list.setRootIsDecorated(False)
        self.list.setMaximumHeight(_HIGHEST)
        head = QHBoxLayout()
        head.addWidget(Label.of(look, "change.heard", "section"), 1)
        head.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.list)
        self.copy.clicked.connect(self._copy)
        look.language.changed.connect(self._show)

    def ask(self, old: int | None, new: int) -> None:
        """Tell what ``new`` changed against ``old``; ``None`` for nothing before it."""
        if (old, new) == self._wanted or not new:
            return
        self._wanted = (old, new)

        def with_new(after: Document) -> None:
            if self._wanted != (old, new):
                return
            if old is None:
                self._know(None, after)
            else:
                self._revisions.document(
                    old, done=lambda before: self._know(before, after), failed=_discard
                )

        self._revisions.document(new, done=with_new, failed=_discard)

    def _know(self, before: Document | None, after: Document) -> None:
        self._known = (before, after)
        self._show()

    def _show(self) -> None:
        if self._known is None:
            return
        before, after = self._known
        planned = Planned(
            type=self._type, facts=ObjectFacts(id=""), number=0, live=before, new=after
        )
        lines = self._changes().lines(planned) or (self._look.language.text("change.unnoticed"),)
        self.list.clear()
        for line in lines:
            self.list.addTopLevelItem(self.list.line(line, "pencil-simple", "muted", None))
        self.list.updateGeometry()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(self.list.as_text))


def _discard(_error: object) -> None:
    """The list of versions says itself what could not be read."""
