"""What a version of a flow changed for callers, and what it cost."""

from collections.abc import Callable, Collection

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.domain.patch import Document
from cx_desktop.models.objects.revisions import Revisions
from cx_desktop.models.objects.telling import Change, Telling, Told
from cx_desktop.overrides import override
from cx_desktop.views.objects.change_list import told_rows
from cx_desktop.views.objects.place_list import PlaceList
from cx_desktop.views.objects.told_words import cost_words
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

#: How long the selection may rest before it is worked out: nobody reads while arrows are held.
_REST_MS = 200

#: Makes a change of two documents; the older one is ``None`` for a first version.
MakeChange = Callable[[Document | None, Document], Change]


class ToldPanel(QWidget):
    """« La touche 2 mène désormais à… », below the versions; worked out only while it is seen."""

    def __init__(
        self,
        look: Look,
        revisions: Revisions,
        telling: Telling,
        make: MakeChange,
        *,
        known: Callable[[], Collection[str]],
        parent: QWidget | None = None,
    ) -> None:
        """``known`` gives the nodes that sentences can lead to."""
        super().__init__(parent)
        self._known = known
        self._look = look
        self._revisions = revisions
        self._telling = telling
        self._make = make
        self._wanted: tuple[int | None, int] | None = None
        self._told: Told | None = None
        self._title = Label("", "section")
        self.copy = Button(look, "change.copy", kind="link")
        self.costs = Label("", "small", wraps=True)
        self.list = PlaceList(look, "change.heard")
        self.list.setRootIsDecorated(False)
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self._read)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.costs)
        column.addWidget(self.list)
        self.list.setMaximumHeight(220)
        telling.setParent(self)
        telling.told.connect(self._on_told)
        telling.failed.connect(lambda _error: self._clear(""))
        self.copy.clicked.connect(self._copy)
        look.language.follow(self, self._show)

    def ask(self, old: int | None, new: int) -> None:
        """Tell what ``new`` changed against ``old``; ``None`` for nothing before it."""
        if (old, new) != self._wanted:
            self._wanted = (old, new)
            self._told = None
            self._show()
            self._rest.start()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._told is None:
            self._rest.start()

    def _read(self) -> None:
        """Read both documents, then have it worked out."""
        wanted = self._wanted
        if wanted is None or not self.isVisible() or not wanted[1]:
            return
        old, new = wanted

        def with_new(after: Document) -> None:
            if old is None:
                self._telling.tell(self._make(None, after))
            else:
                self._revisions.document(
                    old,
                    done=lambda before: self._telling.tell(self._make(before, after)),
                    failed=lambda _error: self._clear(""),
                )

        self._revisions.document(new, done=with_new, failed=lambda _error: self._clear(""))

    def _on_told(self, told: Told) -> None:
        self._told = told
        self._show()

    def _show(self) -> None:
        language, told = self._look.language, self._told
        self._title.setText(language.text("change.heard"))
        self.copy.setVisible(told is not None)
        if told is None:
            self._clear(language.text("change.working"))
            return
        self.costs.setText(cost_words(language, told))
        self.costs.setVisible(bool(self.costs.text()))
        self.list.clear()
        self.list.addTopLevelItems(list(told_rows(self.list, told, self._known())))
        self.list.setRootIsDecorated(any(each.childCount() for each in self.list.tops()))
        self.list.updateGeometry()

    def _clear(self, words: str) -> None:
        self.list.clear()
        self.costs.setText("")
        self.costs.hide()
        if words:
            self.list.addTopLevelItem(self.list.line(words, "", "", None))
        self.list.updateGeometry()

    def _copy(self) -> None:
        text = "\n".join(filter(None, (self.costs.text(), *self.list.as_text)))
        QGuiApplication.clipboard().setText(text)
