"""Asks whether a verb shall wait for the service, and until when at the latest."""

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QDateTime, QTime
from PySide6.QtWidgets import QComboBox, QDateTimeEdit, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.models.language import Language
from cx_desktop.models.later import Offer
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

#: What can be chosen without typing a time.
_LIMITS = ("evening", "hour", "tomorrow", "other")
_EVENING, _NOON = QTime(18, 0), QTime(12, 0)
#: A limit that is nearer than this is not offered first.
_SOON = timedelta(minutes=30)


class LaterDialog(QDialog):
    """The verb is named, with what it waits for and what happens when it is too late."""

    def __init__(self, look: Look, offer: Offer, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._offer = offer
        language = look.language
        title = title_words(language, offer)
        self.setWindowTitle(language.text("later.title"))
        self.limit = QComboBox()
        self.limit.addItems([language.text(f"later.limit.{each}") for each in _LIMITS])
        self.moment = QDateTimeEdit()
        self.moment.setCalendarPopup(True)
        self.moment.setLocale(language.locale)
        self.moment.setDisplayFormat("ddd d MMM yyyy  HH:mm")
        self.wait = Button(look, "later.wait", kind="primary")
        self.leave = Button(look, "later.leave")
        self._lay_out(title)
        self.limit.setAccessibleName(language.text("later.until"))
        self.moment.setAccessibleName(language.text("later.moment"))
        self.moment.setDateTimeRange(_local(offer.earliest), _local(offer.latest))
        self.limit.currentIndexChanged.connect(self._show_limit)
        self.wait.clicked.connect(self.accept)
        self.leave.clicked.connect(self.reject)
        is_late = _local(offer.earliest + _SOON).time() >= _EVENING
        self.limit.setCurrentIndex(_LIMITS.index("tomorrow" if is_late else "evening"))
        self._show_limit()
        self.wait.setFocus()

    @property
    def until(self) -> datetime:
        """The moment after which it does not happen any more."""
        return datetime.fromtimestamp(self.moment.dateTime().toSecsSinceEpoch(), tz=UTC)

    def _lay_out(self, title: str) -> None:
        language = self._look.language
        when = QHBoxLayout()
        when.setSpacing(8)
        when.addWidget(self.limit, 1)
        when.addWidget(self.moment)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.leave)
        buttons.addWidget(self.wait)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 18)
        layout.setSpacing(12)
        layout.addWidget(Label(language.text("later.title"), "section", wraps=True))
        layout.addWidget(Label(title, "strong", wraps=True))
        layout.addWidget(Label(language.text("later.text"), wraps=True))
        until = QVBoxLayout()
        until.setSpacing(4)
        until.addWidget(Label(language.text("later.until"), "small"))
        until.addLayout(when)
        layout.addLayout(until)
        layout.addWidget(Label(language.text("later.never"), "muted", wraps=True))
        layout.addSpacing(4)
        layout.addLayout(buttons)
        self.setFixedWidth(540)

    def _show_limit(self) -> None:
        chosen = _LIMITS[max(self.limit.currentIndex(), 0)]
        self.moment.setEnabled(chosen == "other")
        now = _local(self._offer.earliest)
        match chosen:
            case "hour":
                self.moment.setDateTime(now.addSecs(3600))
            case "evening":
                self.moment.setDateTime(QDateTime(now.date(), _EVENING))
            case "tomorrow":
                self.moment.setDateTime(QDateTime(now.date().addDays(1), _NOON))
            case _:
                self.moment.setFocus()


def title_words(language: Language, offer: Offer) -> str:
    """What would happen later."""
    names = ", ".join(offer.names)
    if offer.verb == "assign":
        key = "later.assign" if offer.target else "later.free"
        return language.text(key, number=names, flow=offer.target)
    return language.plural(f"later.{offer.verb}", len(offer.names), names=names)


def _local(moment: datetime) -> QDateTime:
    """As the clock of this computer shows it."""
    return QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
