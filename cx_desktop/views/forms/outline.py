"""The outline of a form: its sections with their questions, each with a weight and its marks."""

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from cx_desktop.domain.finding import Finding
from cx_desktop.domain.recordings.forms import Form, KnockOut, Question
from cx_desktop.views.objects.finding_words import ICON_BY_SEVERITY, TONE_BY_SEVERITY
from cx_desktop.views.widgets.look import Look

_ID = Qt.ItemDataRole.UserRole
_TEXT, _WEIGHT = range(2)


class Outline(QTreeWidget):
    """What is chosen is edited beside it; nothing chosen is the form as a whole."""

    chosen = Signal(str)  # the id of a section or a question, or ""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setIndentation(14)
        self.setMinimumWidth(260)
        self.setUniformRowHeights(True)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_TEXT, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_WEIGHT, QHeaderView.ResizeMode.ResizeToContents)
        look.language.bind(self, self.setAccessibleName, "forms.outline")
        self.currentItemChanged.connect(lambda item, _before: self.chosen.emit(_id(item)))

    @property
    def current(self) -> str:
        """What is chosen."""
        return _id(self.currentItem())

    def show_form(self, form: Form, found: tuple[Finding, ...], *, chosen: str) -> None:
        """Show a form, with this part of it chosen if it is there."""
        worst = {each.node: each.severity for each in reversed(found) if each.node}
        with QSignalBlocker(self):
            self.clear()
            for name, section in form.ordered:
                item = self._item(name, section.title or self._untitled("section"), section.weight)
                self.addTopLevelItem(item)
                for key, question in form.questions_of(name):
                    item.addChild(self._question(key, question))
            for key, question in form.strays:
                self.addTopLevelItem(self._question(key, question))
            for item in self._items():
                severity = worst.get(_id(item))
                if severity is not None:
                    icon = ICON_BY_SEVERITY[severity]
                    item.setIcon(_TEXT, self._look.icons.icon(icon, TONE_BY_SEVERITY[severity]))
            self.expandAll()
            self.choose(chosen)

    def choose(self, wanted: str) -> None:
        """Choose a section or a question."""
        for item in self._items():
            if _id(item) == wanted:
                self.setCurrentItem(item)
                return
        self.setCurrentIndex(QModelIndex())

    def _items(self) -> list[QTreeWidgetItem]:
        tops = [self.topLevelItem(row) for row in range(self.topLevelItemCount())]
        found = []
        for top in (each for each in tops if each is not None):
            below = [top.child(row) for row in range(top.childCount())]
            found += [top, *(each for each in below if each is not None)]
        return found

    def _item(self, key: str, text: str, weight: int) -> QTreeWidgetItem:
        said = self._look.language.text("forms.weight.short", weight=weight) if weight else "–"
        item = QTreeWidgetItem([text, said])
        item.setData(_TEXT, _ID, key)
        item.setToolTip(_TEXT, text)
        return item

    def _question(self, key: str, question: Question) -> QTreeWidgetItem:
        weight = question.weight if question.is_scored else 0
        item = self._item(key, question.text or self._untitled("question"), weight)
        if question.knock_out is not KnockOut.NOTHING:
            item.setIcon(_WEIGHT, self._look.icons.icon("prohibit", "block"))
            item.setToolTip(_WEIGHT, self._look.language.text("review.knocks-out"))
        return item

    def _untitled(self, what: str) -> str:
        return self._look.language.text(f"forms.untitled.{what}")


def _id(item: QTreeWidgetItem | None) -> str:
    return "" if item is None else str(item.data(_TEXT, _ID))
