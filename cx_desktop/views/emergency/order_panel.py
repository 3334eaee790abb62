"""What is to be closed, until when, and what callers hear."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt, QTime, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.models.emergencies import Choice, Order
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.field import Field
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip

if TYPE_CHECKING:
    from cx_desktop.domain.errors import CXError

_CHOICE = Qt.ItemDataRole.UserRole
_HOUR, _EVENING, _TOMORROW, _THEN, _REOPENED = "hour", "evening", "tomorrow", "then", "reopened"
_UNTIL = (_HOUR, _EVENING, _TOMORROW, _THEN, _REOPENED)
_MORNING = time(8)
_MOST_LETTERS = 2_000


class OrderPanel(QWidget):
    """The count and the consequence are said before anything is closed."""

    confirmed = Signal(object)  # Order
    left = Signal()

    def __init__(
        self, look: Look, now: Callable[[], datetime], *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._now = now
        self._is_busy = False
        self.strip = Strip(look)
        self.list = QListWidget()
        self.until = QComboBox()
        for each in _UNTIL:
            self.until.addItem("", each)
        self.then = QDateTimeEdit()
        self.then.setCalendarPopup(True)
        self.message = QPlainTextEdit()
        self.message.setTabChangesFocus(True)
        self.message.setFixedHeight(64)
        self._consequence = Label("", "muted", wraps=True)
        self.confirm = Button(look, "emergency.close", kind="danger", icon="prohibit")
        self._cancel = Button(look, "flows.cancel")
        self._lay_out()
        self._connect()

    def show_choices(self, choices: Sequence[Choice], chosen: frozenset[str] = frozenset()) -> None:
        """Show what can be closed; nothing is chosen beforehand unless named."""
        self.list.clear()
        for each in choices:
            icon = "clock-afternoon" if each.kind == "schedule" else "phone"
            item = QListWidgetItem(self._look.icons.icon(icon, "muted"), each.name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            is_on = each.id in chosen
            item.setCheckState(Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked)
            item.setData(_CHOICE, each)
            self.list.addItem(item)
        tomorrow = self._now().astimezone() + timedelta(days=1)
        self.then.setDate(QDate(tomorrow.year, tomorrow.month, tomorrow.day))
        self.then.setTime(QTime(_MORNING.hour, 0))
        self._show_readiness()
        self.list.setFocus()

    @property
    def chosen(self) -> tuple[Choice, ...]:
        """What is checked."""
        items = (self.list.item(position) for position in range(self.list.count()))
        return tuple(
            item.data(_CHOICE) for item in items if item.checkState() is Qt.CheckState.Checked
        )

    @property
    def order(self) -> Order:
        """What is asked for."""
        return Order(
            schedules=tuple(each.id for each in self.chosen if each.kind == "schedule"),
            numbers=tuple(each.id for each in self.chosen if each.kind == "number"),
            message=self.message.toPlainText().strip()[:_MOST_LETTERS],
            until=self.end,
        )

    @property
    def end(self) -> datetime | None:
        """When it ends by itself."""
        now = self._now().astimezone().replace(second=0, microsecond=0)
        match self.until.currentData():
            case "hour":
                return now + timedelta(hours=1)
            case "evening":
                return now.replace(hour=23, minute=59)
            case "tomorrow":
                return datetime.combine(
                    now.date() + timedelta(days=1), _MORNING, now.tzinfo
                ).astimezone()
            case "then":
                day, hour = self.then.date(), self.then.time()
                return datetime(
                    day.year(),
                    day.month(),
                    day.day(),
                    hour.hour(),
                    hour.minute(),
                    tzinfo=now.tzinfo,
                )
        return None

    def set_busy(self, *, is_busy: bool) -> None:
        """The service is working on it, or not any more."""
        self._is_busy = is_busy
        self._show_readiness()

    def explain(self, error: "CXError") -> None:
        """Say why it was not done; everything stays as it was typed."""
        self.strip.say("block", lambda: "\n".join(self._look.language.explain(error)))

    def _lay_out(self) -> None:
        look = self._look
        until = QHBoxLayout()
        until.setSpacing(8)
        until.addWidget(Field(look, "emergency.until", self.until), 1)
        until.addWidget(self.then, alignment=Qt.AlignmentFlag.AlignBottom)
        verbs = QHBoxLayout()
        verbs.setSpacing(8)
        verbs.addStretch(1)
        verbs.addWidget(self._cancel)
        verbs.addWidget(self.confirm)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(Label.of(look, "emergency.title", "title"))
        layout.addWidget(Label.of(look, "emergency.about", "muted", wraps=True))
        layout.addWidget(self.strip)
        layout.addWidget(Field(look, "emergency.choices", self.list), 1)
        layout.addLayout(until)
        layout.addWidget(
            Field(look, "emergency.message", self.message, help_key="emergency.message.help")
        )
        layout.addWidget(self._consequence)
        layout.addLayout(verbs)

    def _connect(self) -> None:
        self.list.itemChanged.connect(lambda _item: self._show_readiness())
        self.until.currentIndexChanged.connect(lambda _index: self._show_readiness())
        self.then.dateTimeChanged.connect(lambda _then: self._show_readiness())
        self.confirm.clicked.connect(lambda: self.confirmed.emit(self.order))
        self._cancel.clicked.connect(self.left)
        self._look.language.follow(self, self._retext)

    def _retext(self) -> None:
        language = self._look.language
        for position, each in enumerate(_UNTIL):
            self.until.setItemText(position, language.text(f"emergency.until.{each}"))
        self.then.setLocale(language.locale)
        self.then.setDisplayFormat("ddd d MMM yyyy  HH:mm")
        self.then.setAccessibleName(language.text("emergency.until.then"))
        self._show_readiness()

    def _show_readiness(self) -> None:
        language, count, end = self._look.language, len(self.chosen), self.end
        self.then.setVisible(self.until.currentData() == _THEN)
        is_past = end is not None and end <= self._now()
        self.confirm.setEnabled(count > 0 and not is_past and not self._is_busy)
        if not count:
            words = language.text("emergency.nothing-chosen")
        elif is_past:
            words = language.text("emergency.past")
        elif end is None:
            words = language.plural("emergency.consequence", count)
        else:
            when = language.day_and_time(end)
            words = language.plural("emergency.consequence-until", count, when=when)
        self._consequence.setText(words)
        self.confirm.setToolTip("" if self.confirm.isEnabled() else words)
        self.confirm.setAccessibleDescription(words)
