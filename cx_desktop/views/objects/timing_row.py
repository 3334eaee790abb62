"""When it happens, and when what is live comes back: now and never, unless something is chosen."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate, QDateTime, Qt, QTime, QTimeZone, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateTimeEdit, QGridLayout, QVBoxLayout, QWidget

from cx_desktop.domain.wall_time import shown_at
from cx_desktop.models.timing import Part, Timing, Typed
from cx_desktop.views.widgets.field import Field
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

_NOW, _THEN = "now", "then"
_MORNING = 8


class TimingRow(QWidget):
    """Both times as clocks show them where the project is; what is wrong is said beside them."""

    changed = Signal(object)  # Timing: what is meant now, also while something of it is wrong

    def __init__(
        self, look: Look, now: Callable[[], datetime], *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._now = now
        self._zone = ZoneInfo("UTC")
        self._is_return = False
        self._has_now = True
        self._met: Callable[[Timing], str] = lambda _timing: ""
        self.when = QComboBox()
        self.back = QComboBox()
        self.at = _moment()
        self.returns_at = _moment()
        self.whatever = QCheckBox()
        self._when_field = Field(look, "timed.row.when", self.when)
        self._back_field = Field(look, "timed.row.back", self.back)
        self._fields = {
            Part.AT: Field(look, "timed.row.at", self.at),
            Part.RETURNS_AT: Field(look, "timed.row.returns-at", self.returns_at),
        }
        self._grid = QGridLayout()
        self._met_words = Label("", "error", wraps=True)
        self._about = Label("", "small", wraps=True)
        for combo, first in ((self.when, _NOW), (self.back, _NOW)):
            combo.addItem("", first)
            combo.addItem("", _THEN)
        self._lay_out()
        self._connect()

    @property
    def typed(self) -> Typed:
        """What is typed."""
        at = _shown(self.at) if self._is_then else None
        if self._is_return:
            return Typed(returns_at=at, whatever_is_live=self.whatever.isChecked())
        return Typed(
            at=at,
            returns_at=_shown(self.returns_at) if self._comes_back else None,
            whatever_is_live=self._is_then and self.whatever.isChecked(),
        )

    @property
    def timing(self) -> Timing:
        """What is meant."""
        return self.typed.timing(self._zone)

    @property
    def wrong(self) -> str:
        """Why it cannot be so, in words; "" when it can."""
        faults = self.typed.faults(self._zone, self._now())
        for fault in faults.values():
            return self._look.language.explain(fault)[0]
        return self._met_now

    def show_for(
        self,
        zone: ZoneInfo,
        *,
        met: Callable[[Timing], str],
        is_return: bool = False,
        has_back: bool = True,
    ) -> None:
        """Ask for a publication, or for a return alone; ``met`` says what else is planned then."""
        self._met = met
        is_new = zone != self._zone
        self._zone, self._is_return = zone, is_return
        self.back.setEnabled(has_back)
        if not has_back:
            self.back.setCurrentIndex(0)
        if is_new:
            self._propose()
        self._retext()

    def show_timing(self, timing: Timing) -> None:
        """Show the times of what is planned, to be moved: it cannot happen at no time."""
        self._has_now = False
        self._grid.addWidget(self._fields[Part.AT], 0, 0, Qt.AlignmentFlag.AlignTop)
        QWidget.setTabOrder(self.at, self.back)
        QWidget.setTabOrder(self.back, self.returns_at)
        self.when.setCurrentIndex(1)
        first = timing.returns_at if self._is_return else timing.at
        if first is not None:
            _show(self.at, shown_at(first, self._zone))
        if not self._is_return:
            self.back.setCurrentIndex(0 if timing.returns_at is None else 1)
            if timing.returns_at is not None:
                _show(self.returns_at, shown_at(timing.returns_at, self._zone))
        self.whatever.setChecked(timing.whatever_is_live)
        self._retext()

    @property
    def _is_then(self) -> bool:
        return not self._has_now or self.when.currentData() == _THEN

    @property
    def _comes_back(self) -> bool:
        return self._is_then and self.back.isEnabled() and self.back.currentData() == _THEN

    @property
    def _met_now(self) -> str:
        if self.timing.is_now or self.whatever.isChecked():
            return ""
        return self._met(self.timing)

    def _lay_out(self) -> None:
        grid = self._grid
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        places = {
            self._when_field: (0, 0),
            self._back_field: (0, 1),
            self._fields[Part.AT]: (1, 0),
            self._fields[Part.RETURNS_AT]: (1, 1),
        }
        for field, (row, column) in places.items():
            grid.addWidget(field, row, column, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(grid)
        for each in (self._met_words, self.whatever, self._about):
            layout.addWidget(each)

    def _connect(self) -> None:
        for combo in (self.when, self.back):
            combo.currentIndexChanged.connect(lambda _index: self._on_changed())
        for moment in (self.at, self.returns_at):
            moment.dateTimeChanged.connect(lambda _moment: self._on_changed())
        self.whatever.toggled.connect(lambda _is_on: self._on_changed())
        self._look.language.follow(self, self._retext)

    def _propose(self) -> None:
        """Tomorrow morning, and the morning after."""
        today = shown_at(self._now(), self._zone).replace(minute=0, second=0, microsecond=0)
        morning = today.replace(hour=_MORNING) + timedelta(days=1)
        _show(self.at, morning)
        _show(self.returns_at, morning + timedelta(days=1))

    def _on_changed(self) -> None:
        self._show_state()
        self.changed.emit(self.timing)

    def _retext(self) -> None:
        language = self._look.language
        words = language.text
        self.when.setItemText(0, words("timed.row.when.now"))
        self.when.setItemText(1, words("timed.row.when.then"))
        self.back.setItemText(0, words("timed.row.back.never"))
        self.back.setItemText(1, words("timed.row.back.then"))
        self.back.setToolTip("" if self.back.isEnabled() else words("timed.row.no-back"))
        self.whatever.setText(words("timed.row.whatever"))
        self.whatever.setToolTip(words("timed.row.whatever.help"))
        self.whatever.setAccessibleDescription(self.whatever.toolTip())
        for moment in (self.at, self.returns_at):
            moment.setLocale(language.locale)
            moment.setDisplayFormat("ddd d MMM yyyy  HH:mm")
        self._show_state()

    def _show_state(self) -> None:
        is_then, language = self._is_then, self._look.language
        self._when_field.setVisible(self._has_now)
        self._back_field.setVisible(is_then and not self._is_return)
        self._fields[Part.AT].setVisible(is_then)
        self._fields[Part.RETURNS_AT].setVisible(self._comes_back and not self._is_return)
        self.whatever.setVisible(is_then)
        faults = self.typed.faults(self._zone, self._now())
        for part, field in self._fields.items():
            asked = Part.RETURNS_AT if self._is_return and part is Part.AT else part
            field.set_error(faults.get(asked))
        met = self._met_now if not faults else ""
        self._met_words.setText(met)
        self._met_words.setVisible(bool(met))
        about = [language.text("timed.row.zone", zone=self._zone.key)]
        if not self._is_return:
            about.append(language.text("timed.row.frozen"))
        if self.typed.comes_twice(self._zone):
            about.append(language.text("timed.row.twice"))
        if not self.back.isEnabled():
            about.append(language.text("timed.row.no-back"))
        self._about.setText(" ".join(about))
        self._about.setVisible(is_then)


def _moment() -> QDateTimeEdit:
    """An editor of what clocks show; in UTC it knows no hour that a night skips."""
    moment = QDateTimeEdit()
    moment.setCalendarPopup(True)
    moment.setTimeZone(QTimeZone(QTimeZone.Initialization.UTC))
    return moment


def _shown(moment: QDateTimeEdit) -> datetime:
    day, hour = moment.date(), moment.time()
    return datetime(  # noqa: DTZ001  (what clocks show; the zone is the project's)
        day.year(), day.month(), day.day(), hour.hour(), hour.minute()
    )


def _show(moment: QDateTimeEdit, shown: datetime) -> None:
    utc = QTimeZone(QTimeZone.Initialization.UTC)
    day, hour = QDate(shown.year, shown.month, shown.day), QTime(shown.hour, shown.minute)
    moment.setDateTime(QDateTime(day, hour, utc))
