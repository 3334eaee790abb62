"""One evaluation form: its outline on the left, the part that is chosen on the right."""

import uuid

import msgspec
from msgspec import UNSET
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.domain.patch import Path
from cx_desktop.domain.recordings.form_rules import findings
from cx_desktop.domain.recordings.forms import Form, rank_between
from cx_desktop.overrides import override
from cx_desktop.views.forms.detail import Detail
from cx_desktop.views.forms.outline import Outline
from cx_desktop.views.objects.finding_words import ICON_BY_SEVERITY, TONE_BY_SEVERITY, finding_words
from cx_desktop.views.objects.form import Edited, ObjectForm, Showing
from cx_desktop.views.objects.place_list import PlaceList
from cx_desktop.views.widgets.button import Button, IconButton
from cx_desktop.views.widgets.label import Label, Line
from cx_desktop.views.widgets.look import Look

Places = tuple[tuple[Path, object], ...]


class FormForm(ObjectForm[Form]):
    """The editor of a form. Every gesture is one step of undo."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._form = Form()
        self._is_locked = True
        self._chosen = ""
        self.setProperty("role", "page")
        self.outline = Outline(look)
        self.detail = Detail(look)
        self.findings = PlaceList(look, "forms.findings")
        self.findings.setRootIsDecorated(False)
        self.add_section = Button(look, "forms.section.add", kind="quiet", icon="plus")
        self.add_question = Button(look, "forms.question.add", kind="quiet", icon="plus")
        self.whole = Button(look, "forms.whole", kind="link")
        self.up = IconButton(look, "arrow-up", "forms.up")
        self.down = IconButton(look, "arrow-down", "forms.down")
        self.remove = IconButton(look, "trash", "forms.remove")
        self.summary = Label("", "small", wraps=True)
        self._lay_out()
        self._connect()

    @override
    def show_object(self, showing: Showing[Form]) -> None:
        self._form, self._is_locked = showing.draft, showing.is_read_only
        self._show()

    @override
    def settle(self) -> None:
        self.detail.settle()

    def choose(self, part: str) -> None:
        """Show a section or a question, "" for the form as a whole."""
        if part != self._chosen:
            self.detail.settle()
            self._chosen = part
            self._show()

    def start_section(self) -> None:
        """A new section after the last one."""
        ranks = [section.rank for _, section in self._form.ordered]
        key = f"section_{uuid.uuid4().hex[:8]}"
        rank = rank_between(ranks[-1] if ranks else None, None)
        self._begin(key, (("sections", key), {"title": "", "weight": 1, "rank": rank}))

    def start_question(self) -> None:
        """A new question after the chosen one, or at the end of the chosen section."""
        section, after = self._where()
        if not section:
            return
        asked = [each.rank for _, each in self._form.questions_of(section)]
        place = asked.index(after) + 1 if after in asked else len(asked)
        rank = rank_between(
            asked[place - 1] if place else None, asked[place] if place < len(asked) else None
        )
        key = f"question_{uuid.uuid4().hex[:8]}"
        self._begin(key, (("questions", key), {"text": "", "section": section, "rank": rank}))

    def take_out(self) -> None:
        """Remove the chosen part; a section goes with its questions."""
        part, form = self._chosen, self._form
        if part in form.questions:
            self._chosen = form.questions[part].section
            self._edit("forms.step.remove", ((("questions", part), UNSET),))
        elif part in form.sections:
            below: Places = tuple(
                (("questions", name), UNSET) for name, _ in form.questions_of(part)
            )
            self._chosen = ""
            self._edit("forms.step.remove", (*below, (("sections", part), UNSET)))

    def shift(self, by: int) -> None:
        """The chosen part one place up or down; a question may come into the next section."""
        part, form = self._chosen, self._form
        if part in form.sections:
            order = [(name, section.rank) for name, section in form.ordered]
            self._put(("sections", part, "rank"), order, part, by)
        elif part in form.questions:
            section = form.questions[part].section
            order = [(name, each.rank) for name, each in form.questions_of(section)]
            if not self._put(("questions", part, "rank"), order, part, by):
                self._cross(part, section, by)

    def _put(self, path: Path, order: list[tuple[str, float]], part: str, by: int) -> bool:
        names = [name for name, _ in order]
        place = names.index(part) + by
        if not 0 <= place < len(order):
            return False
        others = [rank for name, rank in order if name != part]
        before = others[place - 1] if place else None
        after = others[place] if place < len(others) else None
        self._edit("forms.step.move", ((path, rank_between(before, after)),))
        return True

    def _cross(self, part: str, section: str, by: int) -> None:
        sections = [name for name, _ in self._form.ordered]
        place = sections.index(section) + by if section in sections else -1
        if not 0 <= place < len(sections):
            return
        there = [each.rank for _, each in self._form.questions_of(sections[place])]
        rank = (
            rank_between(None, there[0] if there else None)
            if by > 0
            else rank_between(there[-1] if there else None, None)
        )
        places: Places = (
            (("questions", part, "section"), sections[place]),
            (("questions", part, "rank"), rank),
        )
        self._edit("forms.step.move", places)

    def _where(self) -> tuple[str, float | None]:
        """The section that a new question goes to, and the rank it comes after."""
        part, form = self._chosen, self._form
        if part in form.questions:
            return form.questions[part].section, form.questions[part].rank
        if part in form.sections:
            return part, None
        return (form.ordered[-1][0], None) if form.ordered else ("", None)

    def _begin(self, key: str, place: tuple[Path, object]) -> None:
        self.detail.settle()
        self._chosen = key
        self._edit("forms.step.add", (place,))
        self.detail.focus()

    def _edit(self, key: str, places: Places, merge: str | None = None) -> None:
        self.edited.emit(Edited(key, places, merge))

    def _tell(self, part: str, name: str, value: object) -> None:
        plain = msgspec.to_builtins(value)
        if not part:
            path: Path = (name,)
        else:
            path = ("questions" if part in self._form.questions else "sections", part, name)
        self._edit("forms.step.change", ((path, plain),), merge=f"{part}.{name}")

    def _lay_out(self) -> None:
        verbs = QHBoxLayout()
        verbs.setSpacing(4)
        for each in (self.add_section, self.add_question):
            verbs.addWidget(each)
        verbs.addStretch(1)
        for tool in (self.up, self.down, self.remove):
            verbs.addWidget(tool)
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addLayout(verbs)
        left.addWidget(self.outline, 1)
        left.addWidget(self.summary)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self.whole, alignment=Qt.AlignmentFlag.AlignLeft)
        right.addWidget(self.detail)
        self._line = Line()
        self._findings_title = Label.of(self._look, "forms.findings", "section")
        for below in (self._line, self._findings_title, self.findings):
            right.addWidget(below)
        right.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 24)
        layout.setSpacing(24)
        layout.addLayout(left, 5)
        layout.addLayout(right, 6)

    def _connect(self) -> None:
        self.add_section.clicked.connect(self.start_section)
        self.add_question.clicked.connect(self.start_question)
        self.remove.clicked.connect(self.take_out)
        self.up.clicked.connect(lambda: self.shift(-1))
        self.down.clicked.connect(lambda: self.shift(1))
        self.whole.clicked.connect(lambda: self.choose(""))
        self.outline.chosen.connect(self.choose)
        self.detail.edited.connect(self._tell)
        self.findings.step_chosen.connect(self.choose)
        self._look.language.follow(self, self._show)

    def _show(self) -> None:
        form, found = self._form, findings(self._form)
        if self._chosen not in {*form.sections, *form.questions}:
            self._chosen = ""
        self.outline.show_form(form, found, chosen=self._chosen)
        self.detail.show_part(form, self._chosen, is_locked=self._is_locked)
        self.whole.setVisible(bool(self._chosen))
        self.add_section.setEnabled(not self._is_locked)
        self.add_question.setEnabled(not self._is_locked and bool(form.sections))
        for each in (self.up, self.down, self.remove):
            each.setEnabled(not self._is_locked and bool(self._chosen))
        counts = [each for _, each in form.asked if each.is_scored]
        self.summary.setText(
            self._look.language.text(
                "forms.summary",
                sections=len(form.sections),
                questions=len(form.questions),
                scored=len(counts),
                mark=form.pass_mark,
            )
        )
        self.findings.clear()
        for finding in found:
            words = finding_words(self._look.language, finding)
            icon, tone = ICON_BY_SEVERITY[finding.severity], TONE_BY_SEVERITY[finding.severity]
            self.findings.addTopLevelItem(self.findings.line(words, icon, tone, finding.node))
        for below in (self._line, self._findings_title, self.findings):
            below.setVisible(bool(found))
        self.findings.updateGeometry()
