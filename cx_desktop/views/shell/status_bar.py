"""The last line of the window: how fresh everything is, in words."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from cx_desktop.models.settings import Settings
from cx_desktop.models.sync_status import Freshness, SyncStatusModel
from cx_desktop.views.shell.load_switch import LoadSwitch, load_tip, load_words
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.toggles import LanguageToggle, ThemeToggle

_REFRESH_MS = 30_000
_ICON_BY_TONE = {
    "ok": "check-circle-fill",
    "info": "arrows-clockwise",
    "warn": "cloud-slash",
    "block": "warning-circle-fill",
}


class StatusBar(QWidget):
    """Says what is unsent, since when, whether all is checked; a click tells more."""

    details_requested = Signal()

    def __init__(
        self,
        look: Look,
        settings: Settings,
        sync_status: SyncStatusModel,
        *,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._model = sync_status
        self._now = now
        self.setProperty("role", "status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.truth = QToolButton()
        self.truth.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.truth.setIconSize(QSize(18, 14))
        self.truth.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.truth.clicked.connect(self.details_requested)
        self.load = LoadSwitch(look)
        self._said = Label("", "small")
        self._slots = QHBoxLayout()
        self._slots.setSpacing(8)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 8, 2)
        layout.setSpacing(8)
        layout.addWidget(self.truth)
        layout.addWidget(self.load)
        layout.addWidget(self._said, 1)
        layout.addLayout(self._slots)
        layout.addWidget(LanguageToggle(look, settings))
        layout.addWidget(ThemeToggle(look, settings))
        self._fade = QTimer(self, interval=8000, singleShot=True)
        self._fade.timeout.connect(self._said.clear)
        self._minutes = QTimer(self, interval=_REFRESH_MS)
        self._minutes.timeout.connect(self._show)
        self._minutes.start()
        sync_status.changed.connect(self._show)
        look.language.follow(self, self._show)

    def say(self, text: str) -> None:
        """Say something for a few seconds."""
        self._said.setText(text)
        self._fade.start()

    def add_slot(self, widget: QWidget) -> None:
        """Give a page its own place in the bar."""
        self._slots.addWidget(widget)

    def _show(self) -> None:
        freshness = self._model.freshness
        words = sync_words(self._look, freshness, self._now())
        tone = freshness.tone
        self.truth.setText(words)
        self.truth.setAccessibleName(words)
        self.truth.setIcon(self._look.icons.icon(_ICON_BY_TONE[tone], tone))
        self.load.show_load(freshness.load)
        if freshness.problem is not None:
            self.truth.setToolTip("\n".join(self._look.language.explain(freshness.problem)))
        else:
            waits = freshness.unsent or freshness.conflicts
            tip = "outbox.status-tip" if waits else load_tip(freshness.load) or "shell.sync-tip"
            explained = self._look.language.text(tip)  # large text may leave no room for the words
            self.truth.setToolTip(f"{words}\n{explained}" if freshness.load else explained)


def sync_words(look: Look, freshness: Freshness, now: datetime) -> str:
    """How things stand, in one sentence."""
    language = look.language
    parts = []
    if freshness.conflicts:
        parts.append(language.plural("shell.sync-conflicts", freshness.conflicts))
    if freshness.unsent:
        parts.append(_unsent_words(look, freshness, now))
    if key := _line_key(freshness):
        parts.append(language.text(key))
    if freshness.load is not None and freshness.load.rows:
        parts.append(load_words(language, freshness.load))
    elif freshness.first_sync is not None:
        percent = round(100 * freshness.first_sync)
        parts.insert(0, language.text("shell.sync-first", percent=percent))
    elif freshness.checked_at is not None and not freshness.is_working:
        parts.append(_checked_words(look, freshness.checked_at, now))
    return " · ".join(parts) or language.text("shell.sync-unknown")


def _line_key(freshness: Freshness) -> str:
    """Which words say how the line to the service is; none where others say enough."""
    if freshness.is_session_over:
        return "shell.sync-session-over"
    if freshness.first_sync is not None:
        return "shell.sync-offline" if freshness.problem is not None else ""
    if not freshness.is_online:
        return "shell.sync-offline"
    if freshness.is_working:
        return "" if freshness.unsent else "shell.sync-working"
    return "shell.sync-all" if freshness.is_all_synced else ""


def _checked_words(look: Look, checked_at: datetime, now: datetime) -> str:
    is_today = checked_at.astimezone().date() == now.astimezone().date()
    key = "shell.sync-checked" if is_today else "shell.sync-checked-day"
    return look.language.text(key, when=look.language.since(checked_at, now))


def _unsent_words(look: Look, freshness: Freshness, now: datetime) -> str:
    language, oldest = look.language, freshness.oldest_unsent
    if oldest is None or (now - oldest).total_seconds() < 3600:
        return language.plural("shell.sync-unsent", freshness.unsent)
    return language.plural(
        "shell.sync-unsent-since", freshness.unsent, since=language.since(oldest, now)
    )
