"""The part of a form that is chosen: the form itself, a section, or a question."""

from functools import partial
from typing import TypeAlias

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cx_desktop.domain.recordings.forms import (
    MOST_STEPS,
    Ask,
    Comment,
    Form,
    KnockOut,
    Question,
    Section,
)
from cx_desktop.views.forms.options import Options
from cx_desktop.views.queues.fields import Choice, Count, TextField, Tick
from cx_desktop.views.widgets.field import Field
from cx_desktop.views.widgets.look import Look

Editor: TypeAlias = TextField | Count | Choice | Tick | Options

_WIDEST = 16_777_215


class Fields(QWidget):
    """Editors of one sort of part, one below the other."""

    chosen = Signal(str, object)  # the field and its new value

    def __init__(
        self, look: Look, area: str, editors: dict[str, Editor], rows: tuple[tuple[str, ...], ...]
    ) -> None:
        super().__init__()
        self.editors = editors
        self.fields: dict[str, QWidget] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for names in rows:
            row = QHBoxLayout()
            row.setSpacing(16)
            for name in names:
                row.addWidget(self._field(look, area, name), 1)
            layout.addLayout(row)
        layout.addStretch(1)
        for name, editor in editors.items():
            editor.chosen.connect(partial(self.chosen.emit, name))

    def show_part(self, part: object, *, is_locked: bool) -> None:
        """Show a part."""
        for name, editor in self.editors.items():
            editor.lock(is_locked=is_locked)
            editor.show_value(getattr(part, name))

    def settle(self) -> None:
        """Hand out what was typed last."""
        for editor in self.editors.values():
            editor.settle()

    def _field(self, look: Look, area: str, name: str) -> QWidget:
        editor = self.editors[name]
        if isinstance(editor, TextField):
            editor.setMaximumWidth(_WIDEST)
        if isinstance(editor, Tick):
            self.fields[name] = editor
            return editor
        help_key = f"forms.{area}.{name}.help"
        key = help_key if look.language.catalogue.has(help_key) else ""
        field = Field(look, f"forms.{area}.{name}", editor, help_key=key)
        self.fields[name] = field
        return field


class Detail(QStackedWidget):
    """Shows the part that is chosen, and says what is changed in it."""

    edited = Signal(str, str, object)  # the part's id ("" for the form), the field, its new value

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part = ""
        self.form = Fields(
            look,
            "form",
            {"pass_mark": Count(look, 0, 100, suffix="\u00a0%"), "purpose": TextField(2_000)},
            (("purpose",), ("pass_mark",)),
        )
        self.section = Fields(
            look,
            "section",
            {"title": TextField(500), "weight": Count(look, 0, 100)},
            (("title",), ("weight",)),
        )
        self.question = Fields(look, "question", _editors(look), _ROWS)
        for each in (self.form, self.section, self.question):
            self.addWidget(each)
            each.chosen.connect(self._tell)

    def show_part(self, form: Form, part: str, *, is_locked: bool) -> None:
        """Show a part of a form; the form itself where there is no such part."""
        if part != self._part:
            self.settle()
        question, section = form.questions.get(part), form.sections.get(part)
        self._part = part if question is not None or section is not None else ""
        if question is not None:
            self.question.show_part(question, is_locked=is_locked)
            self._suit(question)
            self.setCurrentWidget(self.question)
        elif section is not None:
            self.section.show_part(section, is_locked=is_locked)
            self.setCurrentWidget(self.section)
        else:
            self.form.show_part(form, is_locked=is_locked)
            self.setCurrentWidget(self.form)

    def focus(self) -> None:
        """Put the hands on the first field."""
        shown = self.currentWidget()
        names = {self.form: "purpose", self.section: "title", self.question: "text"}
        if isinstance(shown, Fields):
            shown.editors[names[shown]].setFocus()

    def settle(self) -> None:
        """Hand out what was typed last."""
        for each in (self.form, self.section, self.question):
            if each is self.currentWidget():
                each.settle()

    def _suit(self, question: Question) -> None:
        """Only the fields that mean something for how it is answered."""
        fields = self.question.fields
        fields["steps"].setVisible(question.ask is Ask.SCALE)
        fields["options"].setVisible(question.ask is Ask.CHOICE)
        for name in ("weight", "knock_out", "comment"):
            fields[name].setVisible(question.is_scored)

    def _tell(self, name: str, value: object) -> None:
        self.edited.emit(self._part, name, value)


_ROWS = (
    ("text",),
    ("help",),
    ("ask", "steps"),
    ("options",),
    ("weight", "knock_out"),
    ("comment", "may_not_apply"),
)


def _editors(look: Look) -> dict[str, Editor]:
    def words(name: str, values: type[Ask] | type[KnockOut] | type[Comment]) -> Choice:
        keys = {each.value: f"forms.{name}.{each.value or 'nothing'}" for each in values}
        return Choice(look, keys)

    return {
        "text": TextField(500),
        "help": TextField(2_000),
        "ask": words("ask", Ask),
        "steps": Count(look, 2, MOST_STEPS),
        "options": Options(look),
        "weight": Count(look, 0, 100),
        "knock_out": words("knock-out", KnockOut),
        "may_not_apply": Tick(look, "forms.question.may_not_apply"),
        "comment": words("comment", Comment),
    }


#: What a new section and a new question begin as.
NEW_SECTION, NEW_QUESTION = Section(), Question()
