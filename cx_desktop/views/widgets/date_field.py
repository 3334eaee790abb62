"""A day, with a calendar to choose it from."""

from datetime import date

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QWidget

from cx_desktop.views.widgets.look import Look


class DateField(QDateEdit):
    """A day, with a calendar to choose it from."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCalendarPopup(True)
        self.setKeyboardTracking(False)
        look.language.follow(self, lambda: self._speak(look))

    @property
    def day(self) -> date:
        """The day that is shown."""
        shown = self.date()
        return date(shown.year(), shown.month(), shown.day())

    def show_day(self, day: date) -> None:
        """Show a day."""
        self.setDate(QDate(day.year, day.month, day.day))

    def _speak(self, look: Look) -> None:
        self.setLocale(look.language.locale)
        self.setDisplayFormat("dd/MM/yyyy")
