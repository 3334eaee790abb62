"""What two people wrote at the same places: each place with both versions, and one to choose.

Never modal: it stands beside the object. Every choice is saved at once and can be taken back.
"""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.models.objects.conflicts import Conflicts, Place
from cx_desktop.overrides import override
from cx_desktop.views.objects.place_list import PlaceList
from cx_desktop.views.objects.settle_words import Versions, marked, named, who_words
from cx_desktop.views.widgets.button import Button, IconButton
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

_WIDTH = 340
_UNDO = QKeySequence.StandardKey.Undo
#: Mine, theirs (« la leur »), both; in either language.
KEYS = "mltb"
#: What a place is called and holds, in words.
VersionsOf = Callable[[Place], Versions]


class SettleList(PlaceList):
    """The open places by name; the keys M, L and B choose like the buttons."""

    chosen = Signal(int)  # which one, counted from 0
    key_pressed = Signal(str)

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(look, "settle.places", parent=parent)
        self.setRootIsDecorated(False)
        self.itemClicked.connect(lambda _item: self.chosen.emit(self.row))

    @property
    def row(self) -> int:
        """Which place is current, counted from 0; -1 for none."""
        item = self.currentItem()
        return self.indexOfTopLevelItem(item) if item is not None else -1

    def show_names(self, names: list[tuple[str, str]], current: int) -> None:
        """List places by an icon and a name."""
        self.clear()
        for icon, name in names:
            self.addTopLevelItem(self.line(name, icon, "warn", None))
        self.go(min(max(current, 0), len(names) - 1))
        self.updateGeometry()

    def go(self, row: int) -> None:
        """Make a place the current one."""
        item = self.topLevelItem(row)
        if item is not None:
            self.setCurrentItem(item)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.text().lower()
        if key and key in KEYS:
            self.key_pressed.emit(key)
            return
        before = self.row
        super().keyPressEvent(event)
        if self.row != before:
            self.chosen.emit(self.row)


class _Version(QFrame):
    """One version: whose it is, what it says, and the button that takes it."""

    def __init__(self, look: Look, key: str = "") -> None:
        super().__init__()
        self.setProperty("role", "note")
        self.whose = Label("", "strong", wraps=True)
        self.text = Label("", wraps=True)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.take = Button(look, key) if key else None
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        column.addWidget(self.whose)
        column.addWidget(self.text)
        if self.take is not None:
            column.addWidget(self.take, 0, Qt.AlignmentFlag.AlignLeft)

    def show_text(self, whose: str, text: str, *, rich: str = "") -> None:
        """Say whose version it is, and what it says."""
        self.whose.setText(whose)
        self.text.setText(rich or text)
        self.text.setAccessibleName(f"{whose} : {text}")


class SettlePanel(QFrame):
    """Every open place of an object, one after another."""

    left = Signal()
    place_chosen = Signal(object)  # Place

    def __init__(
        self,
        look: Look,
        conflicts: Conflicts,
        versions_of: VersionsOf,
        *,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._conflicts = conflicts
        self._versions_of = versions_of
        self._now = now
        self.setProperty("role", "side")
        self.title = Label("", "section", wraps=True)
        self.close_panel = IconButton(look, "x", "settle.close")
        self.list = SettleList(look)
        self.base = _Version(look)
        self.mine = _Version(look, "settle.mine")
        self.theirs = _Version(look, "settle.theirs")
        self.both = Button(look, "settle.both")
        self.all_mine = Button(look, "settle.all-mine", kind="link")
        self.all_theirs = Button(look, "settle.all-theirs", kind="link")
        self.undo = Button(look, "settle.undo", icon="arrow-u-up-left")
        self.saved = Label("", "small", wraps=True)
        self._lay_out()
        self._connect()
        self.refresh()

    @property
    def place(self) -> Place | None:
        """The place that is looked at."""
        places = self._conflicts.places
        return places[self.list.row] if 0 <= self.list.row < len(places) else None

    def show_place(self, place: Place) -> None:
        """Look at a place."""
        places = self._conflicts.places
        if place in places:
            self.list.go(places.index(place))
            self._show_current()

    @override
    def event(self, event: QEvent) -> bool:
        """Ctrl+Z is the panel's own: the object beside it has another to take back."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.matches(_UNDO):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(_UNDO):
            self._conflicts.undo()
            return
        super().keyPressEvent(event)

    def refresh(self) -> None:
        """List what is open anew."""
        language, places = self._look.language, self._conflicts.places
        icons = ["git-merge" if each.kept is None else "trash" for each in places]
        names = [self._versions_of(each).name for each in places]
        self.list.show_names(list(zip(icons, names, strict=True)), self.list.row)
        had_focus = self.list.hasFocus()
        self.list.setVisible(bool(places))
        if had_focus and not places:
            (self.undo if self._conflicts.can_undo else self.close_panel).setFocus()
        count = len(places)
        self.title.setText(
            language.plural("settle.title", count) if count else language.text("settle.none")
        )
        several = count > 1
        for button, key in (
            (self.all_mine, "settle.all-mine"),
            (self.all_theirs, "settle.all-theirs"),
        ):
            button.setVisible(several)
            button.say(key, count=count)
        self.undo.setVisible(self._conflicts.can_undo)
        self._show_current()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.close_panel, 0, Qt.AlignmentFlag.AlignTop)
        body = QWidget()
        body.setProperty("role", "page")  # the panel's own colour shows through
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for each in (self.base, self.mine, self.theirs):
            column.addWidget(each)
        column.addWidget(self.both, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidget(body)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        every = QGridLayout()
        every.setSpacing(4)
        every.addWidget(self.all_mine, 0, 0, Qt.AlignmentFlag.AlignLeft)
        every.addWidget(self.all_theirs, 1, 0, Qt.AlignmentFlag.AlignLeft)
        every.setColumnStretch(1, 1)
        self.list.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.list)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(every)
        layout.addWidget(self.saved)
        layout.addWidget(self.undo, 0, Qt.AlignmentFlag.AlignLeft)
        self.setMinimumWidth(_WIDTH)
        self.setMaximumWidth(_WIDTH * 3 // 2)

    def _connect(self) -> None:
        conflicts = self._conflicts
        conflicts.changed.connect(self.refresh)
        conflicts.settled.connect(self._on_settled)
        self.close_panel.clicked.connect(self.left)
        self.list.chosen.connect(lambda _row: self._on_chosen())
        self.list.key_pressed.connect(self._on_key)
        if self.mine.take is not None and self.theirs.take is not None:
            self.mine.take.clicked.connect(self._take_mine)
            self.theirs.take.clicked.connect(self._take_theirs)
        self.both.clicked.connect(self._take_both)
        self.all_mine.clicked.connect(lambda: conflicts.choose(conflicts.places, "mine"))
        self.all_theirs.clicked.connect(lambda: conflicts.choose(conflicts.places, "theirs"))
        self.undo.clicked.connect(conflicts.undo)
        self._look.language.changed.connect(self.refresh)

    def _on_chosen(self) -> None:
        self._show_current()
        if (place := self.place) is not None:
            self.place_chosen.emit(place)

    def _on_key(self, key: str) -> None:
        if key == "m":
            self._take_mine()
        elif key in "lt":
            self._take_theirs()
        elif key == "b":
            self._take_both()

    def _take_mine(self) -> None:
        if (place := self.place) is not None:
            self._conflicts.choose([place], "mine")

    def _take_theirs(self) -> None:
        if (place := self.place) is not None:
            self._conflicts.choose([place], "theirs")

    def _take_both(self) -> None:
        if (place := self.place) is not None:
            self._conflicts.choose_both(place)

    def _on_settled(self, count: int) -> None:
        self.saved.setText(self._look.language.plural("settle.saved", count))
        self.undo.setVisible(self._conflicts.can_undo)

    def _show_current(self) -> None:
        language, place = self._look.language, self.place
        for each in (self.base, self.mine, self.theirs):
            each.setVisible(place is not None)
        self.both.setVisible(place is not None and place.both is not None)
        if place is None:
            return
        found = self._versions_of(place)
        mine, theirs = marked(found.mine, found.theirs)
        self.base.show_text(language.text("settle.base"), found.base)
        self.mine.show_text(language.text("settle.yours"), found.mine, rich=mine)
        who = who_words(language, place, self._now())
        self.theirs.show_text(who, found.theirs, rich=theirs)
        if self.mine.take is not None and self.theirs.take is not None:
            self._name_buttons(place, self.mine.take, self.theirs.take, found.name)

    def _name_buttons(self, place: Place, mine: Button, theirs: Button, name: str) -> None:
        """The verbs say what they do: a part that was removed is kept or goes."""
        kept = place.kept
        who: dict[str, str | int] = {"who": named(self._look.language, place.who)}
        if kept is None:
            mine.say("settle.mine")
            theirs.say("settle.theirs", **who)
        else:
            mine.say("settle.remove" if kept.is_mine_removed else "settle.keep")
            theirs.say("settle.keep" if kept.is_mine_removed else "settle.remove")
        for each in (mine, theirs):
            each.setAccessibleName(f"{each.text()} : {name}")
