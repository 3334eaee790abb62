"""Conflicts of what is at work: the strip that tells of them, and both versions before the user."""

from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout

from cx_desktop.domain.patch import Document, Path
from cx_desktop.models.objects.conflicts import Conflicts, Place
from cx_desktop.models.objects.desk import ObjectDesk
from cx_desktop.models.objects.work import ObjectWork
from cx_desktop.overrides import override
from cx_desktop.views.objects.object_notices import ObjectNotices
from cx_desktop.views.objects.settle_panel import SettlePanel
from cx_desktop.views.objects.settle_words import Placed, Versions, versions
from cx_desktop.views.widgets.look import Look

Draft = TypeVar("Draft")


def _unnamed(_path: Path, _draft: Document) -> tuple[str, str]:
    return "", ""


class Settling(QObject):
    """Follows the conflicts of one object after another; where they are shown is up to others."""

    failed = Signal(object)  # CXError

    def __init__(self, *, parent: QObject) -> None:
        super().__init__(parent)
        self._is_wanted = False
        self.conflicts: Conflicts | None = None

    @property
    def is_shown(self) -> bool:
        """Whether both versions are before the user."""
        raise NotImplementedError

    def attend(self, conflicts: Conflicts) -> None:
        """Tell of these; what was asked to be shown before it was known is shown then."""
        self._let_go()
        self.conflicts = conflicts
        conflicts.changed.connect(self._on_changed)
        conflicts.failed.connect(self.failed)
        conflicts.load()

    def drop(self) -> None:
        """The object is left."""
        self._let_go()
        self._is_wanted = False

    def show(self) -> None:
        """Show both versions, as soon as it is known what is open."""
        conflicts = self.conflicts
        self._is_wanted = conflicts is None or not conflicts.places
        if conflicts is not None and not self._is_wanted and not self.is_shown:
            self._open(conflicts)

    def leave(self) -> None:
        """Hide both versions."""
        if self.is_shown:
            self._close()
            self._on_changed()

    def _open(self, conflicts: Conflicts) -> None:
        raise NotImplementedError

    def _close(self) -> None:
        raise NotImplementedError

    def _tell(self, conflicts: Conflicts) -> None:
        """Say what is open, and what was broken."""
        raise NotImplementedError

    def _let_go(self) -> None:
        self.leave()
        if self.conflicts is not None:
            self.conflicts.close()
            self.conflicts.deleteLater()
        self.conflicts = None

    def _on_changed(self) -> None:
        if self.conflicts is not None:
            self._tell(self.conflicts)
            if self._is_wanted:
                self.show()


class ObjectSettling(Settling, Generic[Draft]):
    """Shows what is to be settled beside the form."""

    def __init__(
        self,
        look: Look,
        body: QHBoxLayout,
        notices: ObjectNotices,
        *,
        desk: ObjectDesk[Draft],
        now: Callable[[], datetime],
        parent: QObject,
    ) -> None:
        super().__init__(parent=parent)
        self._look = look
        self._body = body
        self._notices = notices
        self._desk = desk
        self._now = now
        self._work: ObjectWork[Draft] | None = None
        self.placed: Placed = _unnamed
        self.panel: SettlePanel | None = None
        notices.settling_wanted.connect(self.show)

    @property
    @override
    def is_shown(self) -> bool:
        return self.panel is not None

    def follow(self, work: ObjectWork[Draft]) -> None:
        """An object is at work: tell of its conflicts."""
        self._work = work
        self.attend(self._desk.conflicts(work.id))

    @override
    def _open(self, conflicts: Conflicts) -> None:
        self.panel = panel = SettlePanel(self._look, conflicts, self._versions, now=self._now)
        panel.left.connect(self.leave)
        self._body.addWidget(panel)
        panel.list.setFocus()
        self._notices.dispute.clear()

    @override
    def _close(self) -> None:
        if self.panel is not None:
            self._body.removeWidget(self.panel)
            self.panel.deleteLater()
            self.panel = None

    @override
    def _tell(self, conflicts: Conflicts) -> None:
        if self.is_shown:
            self._notices.dispute.clear()
        else:
            self._notices.show_disputes(conflicts)
        self._notices.show_arisen(conflicts)

    def _versions(self, place: Place) -> Versions:
        draft = self._work.document if self._work is not None else {}
        return versions(self._look.language, place, draft, self.placed)
