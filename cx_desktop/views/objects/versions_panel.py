"""The versions of an open object, beside its editor."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from cx_desktop.domain.access import Verb
from cx_desktop.models.load_state import LoadState
from cx_desktop.models.objects.revisions import RevisionRow, Revisions
from cx_desktop.models.permissions import Permissions
from cx_desktop.views.objects.changed_panel import ChangedPanel
from cx_desktop.views.objects.revision_list import RevisionList
from cx_desktop.views.objects.told_panel import ToldPanel
from cx_desktop.views.widgets.button import Button, IconButton
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import EmptyState, ErrorPanel, Skeleton


class Verbs(NamedTuple):
    """What somebody must be allowed to do to draft and to publish an object."""

    edit: Verb
    publish: Verb


OF_FLOWS = Verbs(Verb.FLOW_EDIT, Verb.FLOW_PUBLISH)
OF_CONFIG = Verbs(Verb.CONFIG_EDIT, Verb.CONFIG_PUBLISH)


class VersionsPanel(QFrame):
    """What was published, and the three things to do with it."""

    open_requested = Signal(object)  # RevisionRow
    draft_requested = Signal(object)  # RevisionRow: make the draft equal to it
    return_requested = Signal(object)  # RevisionRow: put it live again
    discard_requested = Signal()  # make the draft equal to what is live
    compare_requested = Signal(object)  # tuple[int, int | None]: two versions, or one and the draft
    close_requested = Signal()

    def __init__(
        self,
        look: Look,
        revisions: Revisions,
        *,
        permissions: Permissions,
        verbs: Verbs = OF_FLOWS,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._permissions = permissions
        self._verbs = verbs
        self.revisions = revisions
        self._is_ahead = False
        self.setProperty("role", "side")
        self.setFixedWidth(300)
        self.list = RevisionList(look, now=now)
        self._skeleton = Skeleton(look, rows=4)
        self._empty = EmptyState(
            look, "clock-counter-clockwise", "flows.versions.first", "flows.versions.about"
        )
        self._error = ErrorPanel(look)
        self._stack = QStackedWidget()
        for each in (self.list, self._skeleton, self._empty, self._error):
            self._stack.addWidget(each)
        self.open = Button(look, "flows.version.open", icon="eye")
        self.compare = Button(look, "compare.open", icon="arrows-left-right")
        self.compare.hide()
        self.told: ToldPanel | ChangedPanel | None = None
        self.draft = Button(look, "flows.version.draft", icon="pencil-simple")
        self.back = Button(look, "flows.version.return", icon="arrow-counter-clockwise")
        self.discard = Button(look, "flows.version.discard", kind="danger", icon="arrow-u-up-left")
        self._lay_out()
        self._connect()
        self._show()

    def show_draft(self, *, is_ahead: bool) -> None:
        """Whether the draft differs from what is live."""
        self._is_ahead = is_ahead
        self._show_verbs()

    def tell(self, told: ToldPanel | ChangedPanel) -> None:
        """Tell what the selected version changed, or what tells two ticked ones apart.

        Where there is a canvas, offer to compare on it.
        """
        self.told = told
        self.compare.setVisible(isinstance(told, ToldPanel))
        self.list.let_tick()
        told.setParent(self)
        self._column.insertWidget(self._column.indexOf(self.open), told)
        self.list.row_selected.connect(lambda _row: self._tell_change())
        self.list.ticked_changed.connect(self._tell_change)
        self.list.ticked_changed.connect(self._show_verbs)
        self.compare.clicked.connect(lambda: self.compare_requested.emit(self._pair))
        self._tell_change()

    @property
    def _pair(self) -> tuple[int, int | None]:
        """What is to be compared: the two that are ticked, or the selected one and the draft."""
        ticked, row = self.list.ticked, self.list.current
        if len(ticked) > 1:
            return ticked[0], ticked[1]
        one = ticked[0] if ticked else row.number if row is not None else 0
        return one, None

    def _tell_change(self) -> None:
        if self.told is None:
            return
        old, new = self._pair
        if new is None:  # what the version itself changed
            numbers = sorted(row.number for row in self.revisions.rows)
            before = [each for each in numbers if each < old]
            self.told.ask(before[-1] if before else None, old)
        else:
            self.told.ask(old, new)

    def _lay_out(self) -> None:
        close = IconButton(self._look, "x", "flows.versions.close")
        close.clicked.connect(self.close_requested)
        head = QHBoxLayout()
        head.addWidget(Label.of(self._look, "flows.versions", "section"), 1)
        head.addWidget(close)
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)
        for each in (self.open, self.compare, self.draft, self.back, self.discard):
            layout.addWidget(each)

    def _connect(self) -> None:
        self.revisions.changed.connect(self._show)
        self._permissions.changed.connect(self._show_verbs)
        self._error.retry_requested.connect(self.revisions.load)
        self.list.row_selected.connect(lambda _row: self._show_verbs())
        self.list.row_opened.connect(self.open_requested)
        self.list.menu_wanted.connect(self._pop_menu)
        self.open.clicked.connect(lambda: self._tell(self.open_requested.emit))
        self.draft.clicked.connect(lambda: self._tell(self.draft_requested.emit))
        self.back.clicked.connect(lambda: self._tell(self.return_requested.emit))
        self.discard.clicked.connect(self.discard_requested)
        self._look.language.changed.connect(self._show_verbs)

    def _tell(self, emit: Callable[[RevisionRow], object]) -> None:
        if self.list.current is not None:
            emit(self.list.current)

    def _show(self) -> None:
        rows = self.revisions.rows
        self.list.show_rows(rows)
        if rows and self.list.current is None:
            self.list.select_number(rows[0].number)
        match self.revisions.state:
            case LoadState.LOADING if not rows:
                page: QWidget = self._skeleton
            case LoadState.FAILED if self.revisions.problem is not None:
                self._error.explain(self.revisions.problem)
                page = self._error
            case _:
                page = self.list if rows else self._empty
        self._stack.setCurrentWidget(page)
        self._show_verbs()

    def _show_verbs(self) -> None:
        row = self.list.current
        why_not_edit = self._permissions.why_not(self._verbs.edit)
        why_not_publish = self._permissions.why_not(self._verbs.publish)
        is_live = row is not None and row.is_live
        none = "" if row is not None else "flows.version.none"
        is_draft = "flows.version.is-draft" if is_live and not self._is_ahead else ""
        self._allow(self.open, none)
        self._allow(self.draft, why_not_edit or none or is_draft)
        self._allow(
            self.back, why_not_publish or none or ("flows.version.is-live" if is_live else "")
        )
        self._allow(self.discard, why_not_edit)
        if row is not None:
            self.back.say("flows.version.return-to", number=row.number)
        else:
            self.back.say("flows.version.return")
        old, new = self._pair
        if new is None:
            self.compare.say("compare.with-draft", number=old)
        else:
            self.compare.say("compare.two", old=old, new=new)
        self._allow(self.compare, none)
        self.discard.setVisible(self._is_ahead and self.revisions.live is not None)

    def _allow(self, button: Button, why_not: str) -> None:
        """Enable a verb, or say why it cannot be used, for the eye and the ear."""
        words = self._look.language.text(why_not) if why_not else ""
        button.setEnabled(not why_not)
        button.setToolTip(words)
        button.setAccessibleDescription(words)

    def _pop_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for button in (self.open, self.compare, self.draft, self.back, self.discard):
            if not button.isHidden():
                action = menu.addAction(button.icon(), button.text())
                action.setEnabled(button.isEnabled())
                action.setToolTip(button.toolTip())
                action.triggered.connect(button.click)
        menu.popup(at)
