"""The head of the page: what is looked for, how many were found, the searches that are kept."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QMenu, QSizePolicy, QToolButton, QWidget

from cx_desktop.models.recordings.desk import RecordingDesk
from cx_desktop.models.recordings.searches import Search
from cx_desktop.overrides import override
from cx_desktop.views.widgets.button import BESIDE_WORDS, IconButton
from cx_desktop.views.widgets.field import SearchField
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

#: How long typing rests before it is looked for.
_TYPING_MS = 120
_LONGEST = 200
_WIDEST, _NO_LIMIT = 460, (1 << 24) - 1


class SearchBar(QWidget):
    """One row: title, words, count, kept searches, filters, columns."""

    words_typed = Signal(str)
    name_wanted = Signal()  # somebody wants to keep what is looked for now
    columns_wanted = Signal()

    def __init__(self, look: Look, desk: RecordingDesk, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._desk = desk
        self.title = Label.of(look, "recordings.page.title", "title")
        self.field = SearchField(look, "recordings.search")
        self.field.setMinimumWidth(220)
        self.field.setMaxLength(_LONGEST)
        look.language.bind(self.field, self.field.setToolTip, "recordings.search.help")
        look.language.bind(
            self.field, self.field.setAccessibleDescription, "recordings.search.help"
        )
        self.count = Label("", "small")
        self.searches = self._button("bookmark-simple", "recordings.searches")
        self.searches.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.searches.setMenu(QMenu(self.searches))
        self.searches.menu().aboutToShow.connect(self._fill_menu)
        self.filters = self._button("funnel", "recordings.filters")
        self.filters.setCheckable(True)
        self.columns = IconButton(look, "columns", "flows.choose-columns")
        self._typing = QTimer(self, interval=_TYPING_MS, singleShot=True)
        self._lay_out()
        self._typing.timeout.connect(lambda: self.words_typed.emit(self.field.text()))
        self.field.textChanged.connect(lambda _text: self._typing.start())
        self.field.returnPressed.connect(self._look_now)
        self.columns.clicked.connect(self.columns_wanted)
        desk.rows.whole.connect(self._say)
        desk.rows.changed.connect(self._say)
        desk.rows.grown.connect(self._on_grown)
        desk.chosen_changed.connect(self._say)
        desk.listing_changed.connect(self._show_words)
        look.language.follow(self, self._say)

    def focus(self) -> None:
        """Put the cursor into the field."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def go_on_typing(self, letters: str) -> None:
        """Somebody began to type in the list."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.setText(letters)
        self.field.end(False)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _lay_out(self) -> None:
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._is_one_row: bool | None = None
        self._arrange()

    def _arrange(self) -> None:
        """One row, or the field in a row of its own where that is too narrow."""
        verbs = (self.searches, self.filters, self.columns)
        widths = [each.sizeHint().width() + 12 for each in (self.title, self.count, *verbs)]
        is_one_row = sum(widths) + self.field.minimumWidth() <= self.width()
        if is_one_row == self._is_one_row:
            return
        self._is_one_row = is_one_row
        grid = self._grid
        for each in (self.title, self.field, self.count, *verbs):
            grid.removeWidget(each)
        grid.addWidget(self.title, 0, 0)
        grid.addWidget(self.count, 0, 2)
        for column, each in enumerate(verbs, start=3):
            grid.addWidget(each, 0, column)
        if is_one_row:
            grid.addWidget(self.field, 0, 1)
        else:
            grid.addWidget(self.field, 1, 0, 1, 6)
        self.field.setMaximumWidth(_WIDEST if is_one_row else _NO_LIMIT)
        grid.setColumnStretch(1, 3 if is_one_row else 0)
        grid.setColumnStretch(2, 1)

    def _button(self, icon: str, key: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(self._look.icons.icon(icon, "muted", on_role="accent_strong"))
        button.setIconSize(BESIDE_WORDS)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._look.language.bind(button, button.setText, key)
        return button

    def _look_now(self) -> None:
        self._typing.stop()
        self.words_typed.emit(self.field.text())

    def _show_words(self) -> None:
        words = self._desk.filters.words
        if self.field.text().strip() != words and not self._typing.isActive():
            self.field.setText(words)
            self._typing.stop()
        count = filters_set(self._desk)
        text = self._look.language.text("recordings.filters")
        self.filters.setText(f"{text} ({count})" if count else text)

    def _say(self) -> None:
        """How many there are: only once it is true."""
        rows, language = self._desk.rows, self._look.language
        if not rows.is_whole:
            text = language.text("recordings.counting") if rows.count else ""
        elif self._desk.chosen_count > 1:
            text = language.plural(
                "recordings.chosen",
                self._desk.chosen_count,
                number=language.number(self._desk.chosen_count),
                all=language.number(rows.count),
            )
        else:
            number = language.number(rows.count)
            text = language.plural("recordings.count", rows.count, number=number)
        self.count.setText(text)

    def _on_grown(self, _positions: range) -> None:
        self._say()

    def _fill_menu(self) -> None:
        menu, text = self.searches.menu(), self._look.language.text
        menu.clear()
        for each in self._desk.searches.all:
            menu.addAction(each.name.replace("&", "&&"), partial(self._desk.look_for, each))
        if self._desk.searches.all:
            menu.addSeparator()
        keep = menu.addAction(text("recordings.search.keep"), self.name_wanted.emit)
        keep.setEnabled(not self._desk.filters.is_plain)
        if self._desk.searches.all:
            forget = menu.addMenu(text("recordings.search.forget"))
            for each in self._desk.searches.all:
                name = each.name.replace("&", "&&")
                forget.addAction(name, partial(self._desk.searches.forget, each.name))


def filters_set(desk: RecordingDesk) -> int:
    """How many filters hide something, beside the words and what everybody hides."""
    filters = desk.filters
    return sum(
        bool(each)
        for each in (
            filters.since or filters.until,
            filters.queues,
            filters.agents,
            filters.flows,
            filters.direction,
            filters.shortest != 1 or filters.longest,
            filters.tags,
            filters.has_note is not None,
            filters.is_evaluated is not None or filters.worst is not None or filters.best,
            filters.due_within,
            filters.is_held is not None,
            filters.is_here is not None,
        )
    )


__all__ = ["Search", "SearchBar", "filters_set"]
