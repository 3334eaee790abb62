"""A duration, shown and typed as people say it: « 8 min », « 1 min 30 s », « 45 s »."""

import re

from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QWidget

from cx_desktop.overrides import override
from cx_desktop.views.widgets.spin_box import SpinBox

MINUTE = 60
#: « 1:30 », « 1 min 30 s », « 2 min », « 90 s » and « 90 ».
_TYPED = re.compile(
    r"(?:(?P<minutes>\d{1,4})\s*(?::|m(?:in?)?\.?)\s*)?(?:(?P<seconds>\d{1,5})\s*(?:s|sec)?\.?)?"
)
_LETTERS = re.compile(r"[\d\s:.minsec]*")


class DurationBox(SpinBox):
    """Seconds. The arrows move by ten seconds, by whole minutes from five minutes on."""

    def __init__(self, least: int, most: int, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(least, most)
        self.setMinimumWidth(140)
        self.setMaximumWidth(220)

    @override
    def textFromValue(self, val: int) -> str:
        minutes, seconds = divmod(val, MINUTE)
        if not minutes:
            return f"{seconds}\u00a0s"
        return f"{minutes}\u00a0min {seconds:02}\u00a0s" if seconds else f"{minutes}\u00a0min"

    @override
    def valueFromText(self, text: str) -> int:
        typed = seconds_of(text)
        return self.value() if typed is None else typed

    @override
    def validate(self, input: str, pos: int) -> tuple[QValidator.State, str, int]:
        typed = seconds_of(input)
        if typed is not None and self.minimum() <= typed <= self.maximum():
            return QValidator.State.Acceptable, input, pos
        is_on_the_way = _LETTERS.fullmatch(input.lower()) or input == self.specialValueText()
        state = QValidator.State.Intermediate if is_on_the_way else QValidator.State.Invalid
        return state, input, pos

    @override
    def stepBy(self, steps: int) -> None:
        value = self.value()
        step = MINUTE if value + min(steps, 0) >= 5 * MINUTE else 10
        self.setValue(max(self.minimum(), (value // step + steps) * step))

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # it scrolls the form around it


def seconds_of(text: str) -> int | None:
    """The seconds that were typed, or ``None`` when it is no duration."""
    found = _TYPED.fullmatch(text.strip().lower())
    if found is None or not (found["minutes"] or found["seconds"]):
        return None
    return int(found["minutes"] or 0) * MINUTE + int(found["seconds"] or 0)
