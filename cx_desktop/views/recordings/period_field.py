"""The days that are shown: a period by its name, or from a day to a day."""

from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QVBoxLayout, QWidget

from cx_desktop.models.recordings.periods import Period, days_of, period_of
from cx_desktop.views.widgets.date_field import DateField
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

_MONTH = timedelta(days=30)


class PeriodField(QWidget):
    """A list of periods; below it two days where the period has no name."""

    changed = Signal()

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._today = date(2000, 1, 1)
        self._is_showing = False
        self.named = QComboBox()
        for each in Period:
            self.named.addItem("", each)
        self.first, self.last = DateField(look), DateField(look)
        self._between = QWidget()
        days = QGridLayout(self._between)
        days.setContentsMargins(0, 0, 0, 0)
        days.setHorizontalSpacing(8)
        days.setColumnStretch(1, 1)
        for row, (key, field) in enumerate((("from", self.first), ("to", self.last))):
            label = Label.of(look, f"recordings.period.{key}", "small")
            label.setBuddy(field)
            look.language.bind(field, field.setAccessibleName, f"recordings.period.{key}")
            days.addWidget(label, row, 0)
            days.addWidget(field, row, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.named)
        layout.addWidget(self._between)
        self._between.hide()
        self.setFocusProxy(self.named)
        look.language.bind(self, self.named.setAccessibleName, "recordings.filter.period")
        look.language.follow(self, self._retext)
        self.named.currentIndexChanged.connect(lambda _index: self._on_named())
        for field in (self.first, self.last):
            field.dateChanged.connect(lambda _day: self._tell())

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day that are shown."""
        period = Period(self.named.currentData())
        if period is Period.CHOSEN:
            return min(self.first.day, self.last.day), max(self.first.day, self.last.day)
        return days_of(period, self._today)

    def show_days(self, since: date | None, until: date | None, today: date) -> None:
        """Show other days."""
        self._is_showing = True
        self._today = today
        period = period_of(since, until, today)
        self.named.setCurrentIndex(list(Period).index(period))
        self.first.show_day(since or today - _MONTH)
        self.last.show_day(until or today)
        self._between.setVisible(period is Period.CHOSEN)
        self._is_showing = False

    def _on_named(self) -> None:
        self._between.setVisible(self.named.currentData() == Period.CHOSEN)
        self._tell()

    def _tell(self) -> None:
        if not self._is_showing:
            self.changed.emit()

    def _retext(self) -> None:
        for position, each in enumerate(Period):
            self.named.setItemText(position, self._look.language.text(f"recordings.period.{each}"))
