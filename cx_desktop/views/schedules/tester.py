"""« Est-ce ouvert le … à … ? » — of the draft that is being edited."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate, QTime
from PySide6.QtWidgets import QDateTimeEdit, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cx_desktop.domain.schedules import Schedule, state_at
from cx_desktop.views.schedules.words import state_words
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look, restyle


class Tester(QFrame):
    """An instant on the schedule's clock, and what a call would meet then."""

    def __init__(
        self, look: Look, now: Callable[[], datetime], *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._now = now
        self._schedule = Schedule()
        self._is_asked = False
        self.setProperty("role", "note")
        self.when = QDateTimeEdit()
        self.when.setCalendarPopup(True)
        self.now = Button(look, "schedules.test.now", kind="quiet", icon="clock")
        self._icon = QLabel()
        self.answer = Label("", "strong", wraps=True)
        self.zone = Label("", "small")
        ask = Label.of(look, "schedules.test")
        ask.setBuddy(self.when)
        look.language.bind(self.when, self.when.setAccessibleName, "schedules.test")
        asked = QHBoxLayout()
        asked.setSpacing(8)
        for each in (ask, self.when, self.now, self.zone):
            asked.addWidget(each)
        asked.addStretch(1)
        answered = QHBoxLayout()
        answered.setSpacing(8)
        answered.addWidget(self._icon)
        answered.addWidget(self.answer, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(6)
        layout.addLayout(asked)
        layout.addLayout(answered)
        self.when.dateTimeChanged.connect(self._on_asked)
        self.now.clicked.connect(self.show_now)
        look.language.follow(self, self._speak)
        look.theme.changed.connect(self._show)

    def show_schedule(self, schedule: Schedule) -> None:
        """Ask this schedule from now on."""
        self._schedule = schedule
        if self._is_asked:
            self._show()
        else:
            self.show_now()

    def show_now(self) -> None:
        """Ask about this minute."""
        now = self._now().astimezone(ZoneInfo(self._schedule.time_zone))
        self.when.setDate(QDate(now.year, now.month, now.day))
        self.when.setTime(QTime(now.hour, now.minute))
        self._is_asked = False
        self._show()

    def ask(self, moment: datetime) -> None:
        """Ask about another minute of the schedule's clock."""
        self.when.setDate(QDate(moment.year, moment.month, moment.day))
        self.when.setTime(QTime(moment.hour, moment.minute))

    @property
    def moment(self) -> datetime:
        """The instant that is asked about."""
        day, time = self.when.date(), self.when.time()
        return datetime(
            day.year(),
            day.month(),
            day.day(),
            time.hour(),
            time.minute(),
            tzinfo=ZoneInfo(self._schedule.time_zone),
        )

    def _on_asked(self) -> None:
        self._is_asked = True
        self._show()

    def _speak(self) -> None:
        self.when.setLocale(self._look.language.locale)
        self.when.setDisplayFormat("ddd d MMM yyyy  HH:mm")
        self._show()

    def _show(self) -> None:
        state = state_at(self._schedule, self.moment)
        self.answer.setText(state_words(self._look.language, self._schedule, self.moment))
        tone = "ok" if state.is_open else "warn"
        restyle(self, "tone", "ok" if state.is_open else "")
        name = "check-circle" if state.is_open else "prohibit"
        pixmap = self._look.icons.icon(name, tone).pixmap(16, 16)
        self._icon.setPixmap(pixmap)
        self.zone.setText(self._schedule.time_zone)
