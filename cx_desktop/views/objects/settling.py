"""Conflicts of the object at work: the strip that tells of them, and both versions beside it."""

from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout

from cx_desktop.domain.patch import Document, Path
from cx_desktop.models.objects.conflicts import Conflicts, Place
from cx_desktop.models.objects.desk import ObjectDesk
from cx_desktop.models.objects.work import ObjectWork
from cx_desktop.views.objects.object_notices import ObjectNotices
from cx_desktop.views.objects.settle_panel import SettlePanel
from cx_desktop.views.objects.settle_words import Placed, Versions, versions
from cx_desktop.views.widgets.look import Look

Draft = TypeVar("Draft")


def _unnamed(_path: Path, _draft: Document) -> tuple[str, str]:
    return "", ""


class ObjectSettling(QObject, Generic[Draft]):
    """Shows what is to be settled beside the form."""

    failed = Signal(object)  # CXError

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
        super().__init__(parent)
        self._look = look
        self._body = body
        self._notices = notices
        self._desk = desk
        self._now = now
        self._work: ObjectWork[Draft] | None = None
        self._is_wanted = False
        self.placed: Placed = _unnamed
        self.conflicts: Conflicts | None = None
        self.panel: SettlePanel | None = None
        notices.settling_wanted.connect(self.show)

    def follow(self, work: ObjectWork[Draft]) -> None:
        """An object is at work: tell of its conflicts."""
        is_wanted = self._is_wanted
        self.drop()
        self._work, self._is_wanted = work, is_wanted
        self.conflicts = conflicts = self._desk.conflicts(work.id)
        conflicts.changed.connect(self._on_changed)
        conflicts.failed.connect(self.failed)
        conflicts.load()

    def drop(self) -> None:
        """The object is left."""
        self.leave()
        self._is_wanted = False
        if self.conflicts is not None:
            self.conflicts.close()
            self.conflicts.deleteLater()
        self.conflicts = self._work = None

    def show(self) -> None:
        """Show both versions, as soon as it is known what is open."""
        self._is_wanted = self.conflicts is None or not self.conflicts.places
        if self._is_wanted or self.conflicts is None or self.panel is not None:
            return
        self.panel = panel = SettlePanel(self._look, self.conflicts, self._versions, now=self._now)
        panel.left.connect(self.leave)
        self._body.addWidget(panel)
        panel.list.setFocus()
        self._notices.dispute.clear()

    def leave(self) -> None:
        """Hide both versions."""
        if self.panel is not None:
            self._body.removeWidget(self.panel)
            self.panel.deleteLater()
            self.panel = None
            self._on_changed()

    def _versions(self, place: Place) -> Versions:
        draft = self._work.document if self._work is not None else {}
        return versions(self._look.language, place, draft, self.placed)

    def _on_changed(self) -> None:
        if self.conflicts is not None:
            if self.panel is None:
                self._notices.show_disputes(self.conflicts)
            else:  # it stands before the user
                self._notices.dispute.clear()
            self._notices.show_arisen(self.conflicts)
            if self._is_wanted:
                self.show()
