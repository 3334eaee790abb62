"""The filters beside the list: days, who, where, how long, what was said, when it ends."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.recordings import Filters
from cx_desktop.models.recordings.desk import RecordingDesk
from cx_desktop.overrides import override
from cx_desktop.views.recordings.many_choice import ManyChoice
from cx_desktop.views.recordings.period_field import PeriodField
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.duration_box import DurationBox
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

_LONGEST = 12 * 3600
_WIDTH = 232
_YES, _NO, _ANY = True, False, None


class OneOf(QComboBox):
    """One of a few answers, each with its words."""

    changed = Signal()

    def __init__(self, look: Look, name: str, answers: tuple[tuple[str, object], ...]) -> None:
        super().__init__()
        self._look = look
        self._name = name
        self._answers = answers
        for _key, answer in answers:
            self.addItem("", answer)
        look.language.follow(self, self._retext)
        self.currentIndexChanged.connect(lambda _index: self.changed.emit())

    @property
    def answer(self) -> object:
        """The answer that is chosen."""
        return self._answers[max(0, self.currentIndex())][1]

    def give(self, answer: object) -> None:
        """Choose an answer."""
        known = [each for _key, each in self._answers]
        self.setCurrentIndex(known.index(answer) if answer in known else 0)

    def _retext(self) -> None:
        for position, (key, _answer) in enumerate(self._answers):
            self.setItemText(position, self._look.language.text(f"recordings.{self._name}.{key}"))


class FilterPanel(QFrame):
    """Every filter but the words; what is chosen here counts at once."""

    changed = Signal(object)  # Filters
    cleared = Signal()

    def __init__(self, look: Look, desk: RecordingDesk, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._desk = desk
        self._is_showing = False
        self._is_built = False
        self.setProperty("role", "filters")
        self.setFixedWidth(round(_WIDTH * look.theme.pixels("body") / 13))
        look.language.bind(self, self.setAccessibleName, "recordings.filters")
        desk.listing_changed.connect(self.show_filters)
        desk.names.changed.connect(self._offer)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        self.build()
        super().showEvent(event)

    def build(self) -> None:
        """Make the fields, once they are to be seen: they cost as much as the rest of the page."""
        if self._is_built:
            return
        self._is_built = True
        look = self._look
        self._make_fields(look)
        self._lay_out(look)
        for signal in (
            *(each.changed for each in (self.period, self.queues, self.agents, self.flows)),
            *(each.changed for each in (self.tags, self.direction, self.notes, self.scores)),
            *(each.changed for each in (self.due, self.sounds)),
            self.shortest.valueChanged,
            self.longest.valueChanged,
            self.held.toggled,
            self.empty.toggled,
        ):
            signal.connect(self._tell)
        self._offer()
        self.show_filters()

    @property
    def filters(self) -> Filters:
        """What is chosen, with the words that are looked for now."""
        since, until = self.period.days
        is_evaluated, worst, best = _SCORES[str(self.scores.answer)]
        shortest = self.shortest.value()
        return Filters(
            words=self._desk.filters.words,
            since=since,
            until=until,
            queues=self.queues.chosen,
            agents=self.agents.chosen,
            flows=self.flows.chosen,
            direction=str(self.direction.answer),
            shortest=max(shortest, 1 if self.empty.isChecked() else 0),
            longest=self.longest.value() or None,
            tags=self.tags.chosen,
            has_note=_bool(self.notes.answer),
            is_evaluated=is_evaluated,
            worst=worst,
            best=best,
            due_within=int(str(self.due.answer)) or None,
            is_held=True if self.held.isChecked() else None,
            is_here=_bool(self.sounds.answer),
        )

    def show_filters(self) -> None:
        """Show what is filtered by now."""
        if not self._is_built:
            return
        filters = self._desk.filters
        self._is_showing = True
        self.period.show_days(filters.since, filters.until, self._desk.today)
        self.queues.choose(filters.queues)
        self.agents.choose(filters.agents)
        self.flows.choose(filters.flows)
        self.tags.choose(filters.tags)
        self.direction.give(filters.direction)
        self.notes.give(filters.has_note)
        score = (filters.is_evaluated, filters.worst, filters.best)
        self.scores.give(next((key for key, each in _SCORES.items() if each == score), "any"))
        self.due.give(filters.due_within or 0)
        self.sounds.give(filters.is_here)
        self.shortest.setValue(filters.shortest if filters.shortest > 1 else 0)
        self.longest.setValue(filters.longest or 0)
        self.held.setChecked(bool(filters.is_held))
        self.empty.setChecked(filters.shortest > 0)
        self._is_showing = False

    def _offer(self) -> None:
        if not self._is_built:
            return
        names = self._desk.names
        self.queues.offer(names.queues)
        self.flows.offer(names.flows)
        self.agents.offer({name: name for name in names.agents})
        self.tags.offer({tag: tag for tag in names.tags})

    def _make_fields(self, look: Look) -> None:
        self.period = PeriodField(look)
        self.queues, self.agents, self.flows, self.tags = (
            ManyChoice(look, f"recordings.filter.{name}")
            for name in ("queues", "agents", "flows", "tags")
        )
        self.direction = OneOf(look, "direction", (("any", ""), ("in", "in"), ("out", "out")))
        self.shortest, self.longest = (self._seconds(look, key) for key in ("least", "most"))
        self.empty = QCheckBox()
        look.language.bind(self.empty, self.empty.setText, "recordings.filter.hide-empty")
        self.notes = OneOf(look, "noted", (("any", _ANY), ("yes", _YES), ("no", _NO)))
        self.scores = OneOf(look, "scored", tuple((key, key) for key in _SCORES))
        self.due = OneOf(look, "due", (("any", 0), ("day", 1), ("week", 7), ("month", 30)))
        self.sounds = OneOf(look, "here", (("any", _ANY), ("yes", _YES), ("no", _NO)))
        self.held = QCheckBox()
        look.language.bind(self.held, self.held.setText, "recordings.filter.held")

    def _lay_out(self, look: Look) -> None:
        inside = QWidget()
        inside.setProperty("role", "page")
        inside.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(4)
        lengths = QWidget()
        row = QHBoxLayout(lengths)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.shortest, 1)
        row.addWidget(QLabel("–"))
        row.addWidget(self.longest, 1)
        lengths.setFocusProxy(self.shortest)
        for key, field in (
            ("period", self.period),
            ("queue", self.queues),
            ("agent", self.agents),
            ("flow", self.flows),
            ("direction", self.direction),
            ("length", lengths),
        ):
            self._add(look, column, key, field)
        column.addWidget(self.empty)
        for key, field in (
            ("tag", self.tags),
            ("note", self.notes),
            ("score", self.scores),
            ("due", self.due),
            ("sound", self.sounds),
        ):
            self._add(look, column, key, field)
        column.addWidget(self.held)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        clear = Button(look, "recordings.filter.clear", icon="x")
        clear.clicked.connect(self.cleared)
        self.clear = clear
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(scroll, 1)
        layout.addWidget(clear)

    def _add(self, look: Look, column: QVBoxLayout, key: str, field: QWidget) -> None:
        label = Label.of(look, f"recordings.filter.{key}", "overline")
        label.setBuddy(field)
        if column.count():
            column.addSpacing(6)
        column.addWidget(label)
        column.addWidget(field)
        look.language.bind(field, _namer(field), f"recordings.filter.{key}")

    def _seconds(self, look: Look, key: str) -> DurationBox:
        box = DurationBox(0, _LONGEST)
        box.setMinimumWidth(48)
        look.language.bind(box, box.setSpecialValueText, f"recordings.length.{key}")
        look.language.bind(box, box.setAccessibleName, f"recordings.length.{key}.name")
        return box

    def _tell(self, *_args: object) -> None:
        if not self._is_showing:
            self.changed.emit(self.filters)


#: What can be asked of a score: finished or not, and from where to where.
_SCORES: dict[str, tuple[bool | None, float | None, float | None]] = {
    "any": (None, None, None),
    "yes": (True, None, None),
    "no": (False, None, None),
    "good": (None, 80.0, None),
    "fair": (None, 60.0, 79.9),
    "poor": (None, None, 59.9),
}


def _bool(answer: object) -> bool | None:
    return answer if isinstance(answer, bool) else None


def _namer(field: QWidget) -> Callable[[str], object]:
    target = field.focusProxy() or field
    return target.setAccessibleName if not isinstance(target, DurationBox) else lambda _name: None
