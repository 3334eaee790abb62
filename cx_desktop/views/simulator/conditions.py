"""What a simulated call is given: who calls, when, and how schedules, queues and sources stand."""

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QDate, QDateTime, QTime, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateTimeEdit,
    QFormLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.flow.behaviour import Outcome
from cx_desktop.domain.flow.graph import ExitId, Flow
from cx_desktop.domain.flow.references import Context, references
from cx_desktop.domain.flow.simulate import QueueState, World
from cx_desktop.domain.flow.testing import Given
from cx_desktop.domain.numbers import spelled
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.spin_box import SpinBox

OPENINGS = ("open", "closed", "holiday", "exceptional")
#: How a queue may stand, by name.
QUEUES = {
    "free": QueueState(),
    "busy": QueueState(available=0, length=4, oldest=120, answers_after=45.0),
    "nobody": QueueState(staffed=0, available=0),
    "full": QueueState(available=0, length=20, is_full=True),
    "endless": QueueState(available=0, length=9, oldest=900, answers_after=None),
}
ANSWERS = ("ok", "not_found", "http_error", "timeout")
_AS_IT_IS = ""


class _Choice(Struct):
    """One thing that stands some way, chosen in a box."""

    part: str
    name: str
    box: QComboBox


class Conditions(QScrollArea):
    """The form; every change is told at once and holds for the next call."""

    changed = Signal(object)  # Given
    real_wanted = Signal(bool)  # ask web addresses for real

    def __init__(self, look: Look, zone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._zone = ZoneInfo(zone)
        self._given = Given()
        self._choices: list[_Choice] = []
        self._known: tuple[tuple[str, str, str], ...] | None = None
        self._is_filling = False
        self.caller = QLineEdit()
        self.called = QComboBox()
        self.called.setEditable(True)
        self.called.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.moment = QDateTimeEdit()
        self.moment.setCalendarPopup(True)
        self.seed = SpinBox()
        self.seed.setRange(1, 9_999)
        self.real = QCheckBox()
        self._form = QFormLayout()
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._form.setContentsMargins(8, 8, 8, 8)
        self._form.setSpacing(6)
        for key, editor in (
            ("simulator.given.caller", self.caller),
            ("simulator.given.called", self.called),
            ("simulator.given.moment", self.moment),
            ("simulator.given.seed", self.seed),
        ):
            self._add_row(editor, key)
        look.language.bind(self.real, self.real.setText, "simulator.given.real")
        look.language.bind(self.real, self.real.setToolTip, "simulator.given.real.help")
        self._rows_fixed = self._form.rowCount()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._form)
        column.addWidget(self.real)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        look.language.follow(self, self._show_format)
        self.real.toggled.connect(self.real_wanted)
        self.caller.editingFinished.connect(self._tell)
        self.called.currentTextChanged.connect(lambda _text: self._tell())
        self.moment.dateTimeChanged.connect(lambda _moment: self._tell())
        self.seed.valueChanged.connect(lambda _seed: self._tell())

    def show_flow(self, flow: Flow, context: Context, world: World) -> None:
        """Offer what this flow asks of the world."""
        known = tuple(_asked(flow, context))
        if known == self._known:
            return
        self._known = known
        while self._form.rowCount() > self._rows_fixed:
            self._form.removeRow(self._form.rowCount() - 1)
        self._choices = []
        for part, name, title in known:
            box = QComboBox()
            box.setAccessibleName(title)
            self._fill(box, part, is_known=part != "schedules" or name in world.schedules)
            box.currentIndexChanged.connect(lambda _index: self._tell())
            self._form.addRow(Label(title), box)
            self._choices.append(_Choice(part, name, box))
        self.show_given(self._given)

    def offer_numbers(self, numbers: tuple[str, ...]) -> None:
        """Offer the telephone numbers that lead into the flow."""
        self._is_filling = True
        self.called.clear()
        for each in numbers:
            self.called.addItem(spelled(each), each)
        self._is_filling = False
        self.show_given(self._given)

    def show_given(self, given: Given) -> None:
        """Show what a call is given."""
        self._is_filling = True
        self._given = given
        self.caller.setText(given.caller)
        self.called.setCurrentText(spelled(given.called))
        self.seed.setValue(given.seed)
        if given.at is not None:
            there = given.at.astimezone(self._zone) if given.at.tzinfo else given.at
            day, hour = (there.year, there.month, there.day), (there.hour, there.minute)
            self.moment.setDateTime(QDateTime(QDate(*day), QTime(*hour)))
        for each in self._choices:
            each.box.setCurrentIndex(max(0, each.box.findData(_name_of(given, each))))
        self._is_filling = False

    def _add_row(self, editor: QWidget, key: str) -> None:
        label = Label.of(self._look, key)
        label.setBuddy(editor)
        self._look.language.bind(editor, editor.setAccessibleName, key)
        self._form.addRow(label, editor)

    def _fill(self, box: QComboBox, part: str, *, is_known: bool) -> None:
        text = self._look.language.text
        if part == "schedules":
            own = "simulator.given.by-hours" if is_known else "simulator.given.unknown-hours"
            box.addItem(text(own), _AS_IT_IS)
            for each in OPENINGS:
                box.addItem(text(f"exit.{each}"), each)
        elif part == "queues":
            for name in QUEUES:
                box.addItem(text(f"simulator.queue.{name}"), name)
        else:
            box.addItem(text("simulator.given.double"), _AS_IT_IS)
            for each in ANSWERS:
                box.addItem(text(f"exit.{each}"), each)

    def _show_format(self) -> None:
        self.moment.setLocale(self._look.language.locale)
        self.moment.setDisplayFormat("ddd d MMM yyyy HH:mm")
        known, self._known = self._known, None
        if known is not None:
            for each in self._choices:
                text = self._look.language.text
                for at in range(each.box.count()):
                    name = each.box.itemData(at)
                    key = _label_of(each.part, name)
                    if key:
                        each.box.setItemText(at, text(key))
            self._known = known

    def _tell(self) -> None:
        if self._is_filling:
            return
        there = self.moment.dateTime()
        day, hour = there.date(), there.time()
        at = datetime(
            *(day.year(), day.month(), day.day(), hour.hour(), hour.minute()), tzinfo=self._zone
        )
        given = replace(
            self._given,
            at=at,
            caller=self.caller.text().strip(),
            called=self._number(),
            seed=self.seed.value(),
        )
        for each in self._choices:
            given = _GIVE[each.part](given, each.name, str(each.box.currentData()))
        self._given = given
        self.changed.emit(given)

    def _number(self) -> str:
        """The number called: one of those offered, or what is written."""
        written = self.called.currentText().strip()
        known = self.called.findText(written)
        return str(self.called.itemData(known)) if known >= 0 else written


def _asked(flow: Flow, context: Context) -> Iterator[tuple[str, str, str]]:
    """What a flow asks of the world: the part of what is given, the id, and what it is called."""
    seen = set()
    for each in references(flow):
        part = {"schedule": "schedules", "queue": "queues"}.get(each.refers_to)
        if part and (part, each.target) not in seen:
            seen.add((part, each.target))
            names = context.names_of(each.refers_to) or {}
            yield part, each.target, names.get(each.target, each.target)
    for node in flow.nodes.values():
        if node.kind == "lookup":
            yield "outcomes", node.id, node.title or node.id


def _name_of(given: Given, choice: _Choice) -> str:
    """How something stands that is given, by the name it is offered by."""
    match choice.part:
        case "schedules":
            return given.schedules.get(choice.name, _AS_IT_IS)
        case "queues":
            state = given.queues.get(choice.name, QueueState())
            return next((name for name, each in QUEUES.items() if each == state), "free")
        case _:
            told = given.outcomes.get(choice.name)
            return _AS_IT_IS if told is None else told.way


def _label_of(part: str, name: str) -> str:
    if part == "queues":
        return f"simulator.queue.{name}"
    if name:
        return f"exit.{name}"
    return "simulator.given.double" if part == "outcomes" else ""


def _give_hours(given: Given, name: str, state: str) -> Given:
    kept = {key: each for key, each in given.schedules.items() if key != name}
    return replace(given, schedules=kept | ({name: state} if state else {}))


def _give_queue(given: Given, name: str, state: str) -> Given:
    kept = {key: each for key, each in given.queues.items() if key != name}
    return replace(given, queues=kept | ({name: QUEUES[state]} if state != "free" else {}))


def _give_answer(given: Given, name: str, way: str) -> Given:
    kept = {key: each for key, each in given.outcomes.items() if key != name}
    return replace(given, outcomes=kept | ({name: Outcome(ExitId(way))} if way else {}))


_GIVE: dict[str, Callable[[Given, str, str], Given]] = {
    "schedules": _give_hours,
    "queues": _give_queue,
    "outcomes": _give_answer,
}
