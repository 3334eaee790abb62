"""One queue as a form: who answers, what is heard while waiting, and what happens then."""

from functools import partial
from typing import TypeAlias

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.domain.queues import Queue, Then
from cx_desktop.models.queues import QueueAround
from cx_desktop.overrides import override
from cx_desktop.views.objects.finding_words import ICON_BY_SEVERITY, TONE_BY_SEVERITY, finding_words
from cx_desktop.views.objects.form import Edited, ObjectForm, Showing
from cx_desktop.views.objects.place_list import PlaceList
from cx_desktop.views.objects.uses_list import UsesList
from cx_desktop.views.queues.fields import Choice, Count, Duration, Reference, TextField, Tick
from cx_desktop.views.queues.words import REFERS_TO
from cx_desktop.views.widgets.field import Field
from cx_desktop.views.widgets.label import Label, Line
from cx_desktop.views.widgets.look import Look

#: Below this width the two columns stand one below the other.
_TWO_COLUMNS = 860


Editor: TypeAlias = TextField | Reference | Count | Duration | Tick | Choice


class QueueForm(ObjectForm[Queue]):
    """One queue. Every gesture is one step of undo."""

    def __init__(self, look: Look, around: QueueAround, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._around = around
        self._queue = Queue()
        self._object_id = ""
        self.setProperty("role", "page")
        self.findings = PlaceList(look, "queues.findings")
        self.findings.setRootIsDecorated(False)
        self.uses = UsesList(look)
        self.texts = {"purpose": TextField(2_000), "label": TextField(24)}
        self.references = {name: Reference(look, name) for name in REFERS_TO}
        self.counts = _counts(look)
        self.durations = _durations(look)
        ticks = ("announce_position", "announce_wait", "callback")
        self.ticks = {name: Tick(look, f"queues.{name}") for name in ticks}
        self.then = Choice(look, {each.value: f"queues.then.{each}" for each in Then})
        self._editors: dict[str, Editor] = {
            **self.texts,
            **self.references,
            **self.counts,
            **self.durations,
            **self.ticks,
            "then": self.then,
        }
        self._fields: dict[str, Field] = {}
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()
        self._connect()

    @override
    def show_object(self, showing: Showing[Queue]) -> None:
        self._object_id, self._queue = showing.facts.id, showing.draft
        for name, editor in self._editors.items():
            editor.show_value(getattr(showing.draft, name))
            editor.lock(is_locked=showing.is_read_only)
        self._fields["overflow"].setVisible(showing.draft.then is Then.QUEUE)
        self._fields["goodbye"].setVisible(showing.draft.then is Then.GOODBYE)
        self._fields["callback_after"].setVisible(showing.draft.callback)
        self._fields["announce_every"].setVisible(showing.draft.announces)
        self.uses.show_uses(showing.uses)
        self._show_around()

    @override
    def settle(self) -> None:
        for editor in self._editors.values():
            editor.settle()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= _TWO_COLUMNS * self._look.theme.pixels("body") / 13
        side = QBoxLayout.Direction.LeftToRight
        self._columns.setDirection(side if is_wide else QBoxLayout.Direction.TopToBottom)

    def focus_field(self, name: str) -> None:
        """Go to the field that a finding is about."""
        field = self._fields.get(name)
        if field is not None:
            field.editor.setFocus()

    def _lay_out(self) -> None:
        left = self._column(
            self._section("queue"),
            self._field("purpose"),
            self._row("label", "priority"),
            self._field("schedule"),
            self._field("wrap_up"),
            Line(),
            self._section("waiting"),
            self._field("music"),
            self._field("comfort"),
            self.ticks["announce_position"],
            self.ticks["announce_wait"],
            self._field("announce_every", has_help=False),
        )
        self._findings_title = Label.of(self._look, "queues.findings", "section")
        right = self._column(
            self._findings_title,
            self.findings,
            self._section("end"),
            self._row("longest_wait", "most_calls"),
            self._field("then"),
            self._field("overflow", has_help=False),
            self._field("goodbye", has_help=False),
            Line(),
            self._section("callback"),
            self.ticks["callback"],
            self._field("callback_after", has_help=False),
            Line(),
            self._section("target"),
            self._row("answer_share", "answer_within"),
            Label.of(self._look, "queues.target.help", "small", wraps=True),
            Line(),
            Label.of(self._look, "queues.uses", "section"),
            self.uses,
        )
        self._columns.setSpacing(32)
        self._columns.addLayout(left, 1)
        self._columns.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 24)
        layout.addLayout(self._columns)
        layout.addStretch(1)

    def _connect(self) -> None:
        for name, editor in self._editors.items():
            editor.chosen.connect(partial(self._tell, name))
        self.uses.use_wanted.connect(self.use_wanted)
        self.findings.step_chosen.connect(self.focus_field)
        self._around.changed.connect(self._show_around)
        self._look.language.follow(self, self._show_findings)

    def _section(self, name: str) -> Label:
        return Label.of(self._look, f"queues.section.{name}", "section")

    def _field(self, name: str, *, has_help: bool = True) -> Field:
        help_key = f"queues.{name}.help"
        has_help = has_help and self._look.language.catalogue.has(help_key)
        editor = self._editors[name]
        field = Field(self._look, f"queues.{name}", editor, help_key=help_key if has_help else "")
        self._fields[name] = field
        return field

    def _row(self, *names: str) -> QWidget:
        """Fields side by side."""
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        for name in names:
            layout.addWidget(self._field(name), 1, Qt.AlignmentFlag.AlignTop)
        return row

    def _column(self, *widgets: QWidget) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(12)
        for each in widgets:
            column.addWidget(each)
        column.addStretch(1)
        return column

    def _show_around(self) -> None:
        """The names to choose from; a queue does not pass calls to itself."""
        for name, kind in REFERS_TO.items():
            names = self._around.context.names_of(kind) or {}
            others = {key: each for key, each in names.items() if key != self._object_id}
            self.references[name].show_names(others)
        self._show_findings()

    def _show_findings(self) -> None:
        language = self._look.language
        self.findings.clear()
        found = self._around.findings(self._object_id, self._queue)
        for each in found:
            words = finding_words(language, each)
            item = self.findings.line(
                words, ICON_BY_SEVERITY[each.severity], TONE_BY_SEVERITY[each.severity], each.node
            )
            item.setToolTip(0, f"{words}\n{language.text(f'finding.{each.rule}.hint')}")
            self.findings.addTopLevelItem(item)
        for part in (self._findings_title, self.findings):
            part.setVisible(bool(found))
        self.findings.updateGeometry()

    def _tell(self, name: str, value: object) -> None:
        # What is shown is what is edited next: the answer comes back by ``show_object`` later.
        self._queue = replace(self._queue, **{name: value})
        self.edited.emit(Edited(f"queues.{name}", (((name,), value),), merge=name))


def _counts(look: Look) -> dict[str, Count]:
    return {
        "priority": Count(look, 1, 10),
        "most_calls": Count(look, 0, 10_000, nought="queues.most_calls.none"),
        "answer_share": Count(look, 1, 100, suffix="\u00a0%"),
    }


def _durations(look: Look) -> dict[str, Duration]:
    return {
        "wrap_up": Duration(look, 0, 3_600, nought="queues.at-once"),
        "announce_every": Duration(look, 10, 600),
        "longest_wait": Duration(look, 0, 7_200, nought="queues.longest_wait.none"),
        "callback_after": Duration(look, 0, 7_200, nought="queues.at-once"),
        "answer_within": Duration(look, 1, 3_600),
    }
