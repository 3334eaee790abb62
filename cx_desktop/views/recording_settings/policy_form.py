"""What is recorded, who is told, how long it is kept: the fields of the recording policy."""

from collections.abc import Callable, Iterable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cx_desktop.domain.recordings.policy import ITEMS, Notice, Pause, Policy, Scope
from cx_desktop.domain.recordings.retention import LONGEST_MONTHS, Retention
from cx_desktop.models.recording_settings.policy import Names
from cx_desktop.views.flow_editor.inspector.fields.choice import ComboBox
from cx_desktop.views.recordings.many_choice import ManyChoice
from cx_desktop.views.widgets.date_field import DateField
from cx_desktop.views.widgets.field import Field
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.spin_box import SpinBox

_WIDEST = 460
_NUMBER = 160
_MOST_RATE, _MOST_DAYS, _MOST_PACKS = 99, 366, 10_000
_USUAL_DAYS = 7


class PolicyForm(QWidget):
    """The fields. It keeps nothing: what is typed goes out, and comes back as ``show_wanted``."""

    edited = Signal(str, object)  # a field of the policy, its new value
    notice_edited = Signal(str, object)
    retention_edited = Signal(str, object)
    packs_edited = Signal(int)

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._wanted = Policy()
        self._is_showing = False
        self._most_months: dict[str, int] = {}
        self._boxes: dict[str, QCheckBox] = {}
        self.is_on, self.is_overage_allowed = self._box("is_on"), self._box("is_overage_allowed")
        self.rate, self.months, self.packs, self.days = (SpinBox() for _ in range(4))
        self.rate.setRange(0, _MOST_RATE)
        self.packs.setRange(0, _MOST_PACKS)
        self.days.setRange(0, _MOST_DAYS)
        self.end_date, self.told_on = DateField(look), DateField(look)
        self.scopes = {each: self._box(f"scope.{each}") for each in Scope}
        self.queues = ManyChoice(look, "policy.queues")
        self.purpose = QLineEdit()
        self.purpose.setMaxLength(500)
        self.pause, self.prompt, self.outbound = ComboBox(), ComboBox(), ComboBox()
        for each in Pause:
            self.pause.addItem("", each.value)
        self.items = {each: self._box(f"item.{each}") for each in ITEMS}
        self.by_agents, self.is_told = self._box("by_agents"), self._box("is_told")
        self.after_review = self._box("after_review")
        self.per_queue: dict[str, SpinBox] = {}
        self.fields = {
            name: Field(look, f"policy.{name}", editor, help_key=help_key)
            for name, editor, help_key in (
                ("rate", self.rate, "policy.rate.help"),
                ("end_date", self.end_date, "policy.end_date.help"),
                ("queues", self.queues, ""),
                ("purpose", self.purpose, "policy.purpose.help"),
                ("pause", self.pause, "policy.pause.help"),
                ("prompt", self.prompt, "policy.prompt.help"),
                ("outbound", self.outbound, ""),
                ("months", self.months, "policy.months.help"),
                ("packs", self.packs, "policy.packs.help"),
            )
        }
        self._queue_months = QGridLayout()
        self._lay_out()
        self._connect()
        look.language.follow(self, self._retext)

    def show_known(self, queues: Names, prompts: Names, kept: Policy) -> None:
        """Show what there is to choose from; months only go down from those that are kept."""
        self.queues.offer(queues)
        for combo in (self.prompt, self.outbound):
            combo.clear()
            combo.addItem(self._look.language.text("policy.no_prompt"), None)
            for prompt_id, name in prompts.items():
                combo.addItem(name, prompt_id)
        self.months.setRange(1, max(1, min(LONGEST_MONTHS, kept.retention.months)))
        self._offer_queues(queues, kept)

    def show_wanted(self, wanted: Policy, packs: int, today: date) -> None:
        """Show a policy; what is being typed is not written over."""
        self._wanted, self._is_showing = wanted, True
        self._show_calls(wanted, today)
        self._show_notice(wanted.notice, today)
        self._show_retention(wanted.retention)
        self.is_overage_allowed.setChecked(wanted.is_overage_allowed)
        self.packs.setValue(packs)
        self._count()
        self._is_showing = False

    def _show_calls(self, wanted: Policy, today: date) -> None:
        self.is_on.setChecked(wanted.is_on)
        self.rate.setValue(wanted.rate)
        self.end_date.show_day(wanted.end_date or today)
        self.end_date.setEnabled(wanted.end_date is not None and self.is_on.isEnabled())
        for each, box in self.scopes.items():
            box.setChecked(each in wanted.scope)
        self.queues.choose(frozenset(wanted.queues))
        if self.purpose.text() != wanted.purpose:
            self.purpose.setText(wanted.purpose)
        self.pause.setCurrentIndex(max(0, self.pause.findData(wanted.pause)))

    def _show_notice(self, notice: Notice, today: date) -> None:
        for item, ticked in self.items.items():
            ticked.setChecked(item in notice.items)
        self.prompt.setCurrentIndex(max(0, self.prompt.findData(notice.prompt_id)))
        self.outbound.setCurrentIndex(max(0, self.outbound.findData(notice.outbound_prompt_id)))
        self.by_agents.setChecked(notice.is_said_by_agents)
        self.is_told.setChecked(notice.staff_told_on is not None)
        self.told_on.setEnabled(notice.staff_told_on is not None and self.is_told.isEnabled())
        self.told_on.show_day(notice.staff_told_on or today)

    def _show_retention(self, retention: Retention) -> None:
        self.months.setValue(retention.months)
        for queue_id, spin in self.per_queue.items():
            spin.setMaximum(min(self._most_months[queue_id], retention.months))
            spin.setValue(retention.queues.get(queue_id, 0))
        days = retention.days_after_review
        self.after_review.setChecked(days is not None)
        self.days.setEnabled(days is not None and self.after_review.isEnabled())
        self.days.setValue(days if days is not None else _USUAL_DAYS)

    def lock(self, *, is_locked: bool) -> None:
        """Whether it can only be looked at."""
        editors = (*self._boxes.values(), *self.per_queue.values(), self.told_on, self.days)
        for each in (*self.fields.values(), *editors):
            each.setEnabled(not is_locked)

    def _box(self, name: str) -> QCheckBox:
        box = self._boxes[name] = QCheckBox()
        return box

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.is_on)
        self._section(layout, "what", [self.fields["rate"], self.fields["end_date"]])
        layout.addWidget(Label.of(self._look, "policy.scope", "strong"))
        self._add(layout, self.scopes.values())
        self._add(layout, (self.fields[name] for name in ("queues", "purpose", "pause")))
        self._section(layout, "notice", [Label.of(self._look, "policy.items", "muted", wraps=True)])
        grid = QGridLayout()
        for index, box in enumerate(self.items.values()):
            grid.addWidget(box, index // 2, index % 2)
        layout.addLayout(grid)
        self._add(layout, (self.fields["prompt"], self.by_agents, self.fields["outbound"]))
        layout.addLayout(_row(self.is_told, self.told_on))
        self._section(layout, "retention", [self.fields["months"]])
        layout.addWidget(Label.of(self._look, "policy.queue_months", "strong"))
        layout.addLayout(self._queue_months)
        layout.addLayout(_row(self.after_review, self.days))
        self._section(layout, "packs", [self.fields["packs"], self.is_overage_allowed])
        layout.addStretch(1)
        for each in (self.purpose, self.pause, self.prompt, self.outbound, self.queues):
            each.setMaximumWidth(_WIDEST)
        numbers: tuple[QWidget, ...] = (self.rate, self.months, self.packs, self.days)
        for narrow in (*numbers, self.end_date, self.told_on):
            narrow.setMaximumWidth(_NUMBER)

    def _section(self, layout: QVBoxLayout, name: str, widgets: Iterable[QWidget]) -> None:
        layout.addWidget(Label.of(self._look, f"policy.section.{name}", "section"))
        self._add(layout, widgets)

    def _add(self, layout: QVBoxLayout, widgets: Iterable[QWidget]) -> None:
        for each in widgets:
            layout.addWidget(each)

    def _offer_queues(self, queues: Names, kept: Policy) -> None:
        """A row for each queue; one that was lowered is never raised again."""
        while (item := self._queue_months.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self.per_queue = {}
        for row, (queue_id, name) in enumerate(queues.items()):
            spin = SpinBox()
            most = kept.retention.queues.get(queue_id)
            self._most_months[queue_id] = most or LONGEST_MONTHS
            spin.setRange(0 if most is None else 1, self._most_months[queue_id])
            spin.setMaximumWidth(_NUMBER)
            spin.setAccessibleName(name)
            label = Label(name)
            label.setBuddy(spin)
            self._queue_months.addWidget(label, row, 0)
            self._queue_months.addWidget(spin, row, 1)
            spin.valueChanged.connect(self._teller(queue_id))
            self.per_queue[queue_id] = spin
        self._queue_months.setColumnStretch(2, 1)
        self._retext()

    def _teller(self, queue_id: str) -> Callable[[int], None]:
        def tell(months: int) -> None:
            here = dict(self._wanted.retention.queues)
            if months:
                here[queue_id] = months
            else:
                here.pop(queue_id, None)
            if not self._is_showing and here != self._wanted.retention.queues:
                self.retention_edited.emit("queues", here)

        return tell

    def _connect(self) -> None:
        wanted = self.edited.emit
        for name in ("is_on", "is_overage_allowed"):
            self._tell_box(name)
        self.rate.valueChanged.connect(lambda rate: self._tell("rate", rate))
        self.end_date.dateChanged.connect(self._on_end)
        for box in self.scopes.values():
            box.clicked.connect(lambda: wanted("scope", _ticked(self.scopes.items())))
        self.queues.changed.connect(lambda: wanted("queues", tuple(sorted(self.queues.chosen))))
        self.purpose.textEdited.connect(lambda text: wanted("purpose", text.strip()))
        self.pause.activated.connect(lambda _at: wanted("pause", self.pause.currentData()))
        self._connect_notice()
        self._connect_retention()
        self.packs.valueChanged.connect(self._on_packs)

    def _connect_notice(self) -> None:
        told = self.notice_edited.emit
        for box in self.items.values():
            box.clicked.connect(lambda: told("items", _ticked(self.items.items())))
        self.prompt.activated.connect(lambda _at: told("prompt_id", self.prompt.currentData()))
        self.outbound.activated.connect(
            lambda _at: told("outbound_prompt_id", self.outbound.currentData())
        )
        self.by_agents.clicked.connect(
            lambda: told("is_said_by_agents", self.by_agents.isChecked())
        )
        self.is_told.clicked.connect(self._on_told)
        self.told_on.dateChanged.connect(lambda _day: self._on_told())

    def _connect_retention(self) -> None:
        kept = self.retention_edited.emit
        self.months.valueChanged.connect(
            lambda months: None if self._is_showing else kept("months", months)
        )
        self.after_review.clicked.connect(self._on_days)
        self.days.valueChanged.connect(lambda _days: self._on_days())

    def _tell_box(self, name: str) -> None:
        box = self._boxes[name]
        box.clicked.connect(lambda: self.edited.emit(name, box.isChecked()))

    def _on_end(self) -> None:
        self._tell("end_date", self.end_date.day)

    def _tell(self, name: str, value: object) -> None:
        """Somebody wants it so, unless it is only shown."""
        if not self._is_showing:
            self.edited.emit(name, value)

    def _on_packs(self, packs: int) -> None:
        if not self._is_showing:
            self.packs_edited.emit(packs)

    def _on_told(self) -> None:
        day = self.told_on.day if self.is_told.isChecked() else None
        if not self._is_showing and day != self._wanted.notice.staff_told_on:
            self.notice_edited.emit("staff_told_on", day)

    def _on_days(self) -> None:
        days = self.days.value() if self.after_review.isChecked() else None
        if not self._is_showing and days != self._wanted.retention.days_after_review:
            self.retention_edited.emit("days_after_review", days)

    def _retext(self) -> None:
        text = self._look.language.text
        for name, box in self._boxes.items():
            box.setText(text(f"policy.{name}"))
        for index in range(self.pause.count()):
            self.pause.setItemText(index, text(f"policy.pause.{self.pause.itemData(index)}"))
        self.rate.setSuffix(text("policy.percent"))
        self.days.setAccessibleName(text("policy.after_review"))
        self.told_on.setAccessibleName(text("policy.is_told"))
        for spin in self.per_queue.values():
            if not spin.minimum():
                spin.setSpecialValueText(text("policy.as_project"))
        self._count()

    def _count(self) -> None:
        """Units follow their numbers: 1 month, 2 months."""
        plural = self._look.language.plural
        for spin in (self.months, *self.per_queue.values()):
            spin.setSuffix(plural("policy.months.unit", spin.value()))
        self.days.setSuffix(plural("policy.days.unit", self.days.value()))


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for each in widgets:
        row.addWidget(each)
    row.addStretch(1)
    return row


def _ticked(boxes: Iterable[tuple[str, QCheckBox]]) -> tuple[str, ...]:
    return tuple(str(name) for name, box in boxes if box.isChecked())
