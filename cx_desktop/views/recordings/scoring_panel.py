"""The form by which a call is judged: answered from the keyboard while the sound plays."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from cx_desktop.domain.recordings.forms import Form
from cx_desktop.domain.recordings.notes import Answer, State
from cx_desktop.domain.recordings.scoring import Score
from cx_desktop.models.recordings.review import Review
from cx_desktop.models.recordings.review_forms import LiveForm
from cx_desktop.views.queues.fields import TextField
from cx_desktop.views.recordings.calibration_list import CalibrationList
from cx_desktop.views.recordings.question_row import QuestionRow
from cx_desktop.views.recordings.review_words import percent_words
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Badge, Label
from cx_desktop.views.widgets.look import Look

_WIDEST = 16_777_215
_NONE = Answer()


class ScoringPanel(QWidget):
    """Sections with questions, the score so far, and the verb that ends it."""

    next_wanted = Signal()  # another call to hear

    def __init__(self, look: Look, review: Review, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._review = review
        self._shown: tuple[str, int] | None = None
        self.rows: dict[str, QuestionRow] = {}
        self.form = QComboBox()
        look.language.bind(self.form, self.form.setAccessibleName, "review.form")
        self.total = Badge("")
        self.progress = Label("", "small")
        self.others = CalibrationList(look, review)
        self.summary = TextField(2_000)
        self.summary.setMaximumWidth(_WIDEST)
        look.language.bind(self.summary, self.summary.setPlaceholderText, "review.summary")
        look.language.bind(self.summary, self.summary.setAccessibleName, "review.summary")
        self.finish = Button(look, "review.finish", kind="primary")
        self.reopen = Button(look, "review.reopen")
        self.next = Button(look, "review.next", kind="primary")
        self._inside = QWidget()
        self._inside.setProperty("role", "page")
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 4, 0)
        self._column.setSpacing(4)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._inside)
        self._lay_out()
        self._connect()
        look.language.follow(self, self.show_review)

    def show_review(self) -> None:
        """Show the review as it stands."""
        scoring = self._review.scoring
        form = scoring.form
        self._show_forms(scoring.forms, form)
        shown = None if form is None else (form.id, form.number)
        if shown != self._shown:
            self._shown = shown
            self._build(form.form if form is not None else Form())
        if form is not None:
            self._show_answers(scoring.score)
        self.others.show_review()

    def begin(self) -> None:
        """Put the hands on the first question without an answer."""
        score = self._review.scoring.score
        missing = score.missing if score is not None else ()
        row = self.rows.get(missing[0]) if missing else next(iter(self.rows.values()), None)
        if row is not None:
            row.setFocus()

    def settle(self) -> None:
        """Hand out what was typed last."""
        for row in self.rows.values():
            row.settle()
        self.summary.settle()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.form, 1)
        head.addWidget(self.progress)
        head.addWidget(self.total)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.summary, 1)
        for each in (self.reopen, self.finish, self.next):
            foot.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self.others)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self._review.changed.connect(self.show_review)
        self.form.activated.connect(self._choose_form)
        self.summary.chosen.connect(lambda text: self._review.scoring.sum_up(str(text)))
        self.finish.clicked.connect(self._finish)
        self.reopen.clicked.connect(self._review.scoring.reopen)
        self.next.clicked.connect(self.next_wanted)
        ends = QShortcut(QKeySequence("Ctrl+Return"), self)
        ends.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        ends.activated.connect(self._finish)

    def _show_forms(self, forms: tuple[LiveForm, ...], chosen: LiveForm | None) -> None:
        known = [(each.id, each.name) for each in forms]
        if chosen is not None and chosen.id not in dict(known):
            known.append((chosen.id, chosen.name))
        present = [(self.form.itemData(n), self.form.itemText(n)) for n in range(self.form.count())]
        if known != present:
            self.form.clear()
            for key, name in known:
                self.form.addItem(name, key)
        if chosen is not None:
            self.form.setCurrentIndex(self.form.findData(chosen.id))

    def _choose_form(self, index: int) -> None:
        self.settle()
        self._review.scoring.choose_form(str(self.form.itemData(index)))

    def _build(self, form: Form) -> None:
        self.rows = {}
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        number, count = 0, len(form.asked)
        for name, section in form.ordered:
            self._column.addWidget(Label(section.title, "overline"))
            for question_id, question in form.questions_of(name):
                number += 1
                row = QuestionRow(self._look, question, (number, count, section.title))
                self._wire(question_id, row)
                self.rows[question_id] = row
                self._column.addWidget(row)
        self._column.addStretch(1)

    def _wire(self, question: str, row: QuestionRow) -> None:
        scoring = self._review.scoring
        row.answered.connect(partial(self._answer, question))
        row.commented.connect(partial(scoring.comment, question))
        row.step_wanted.connect(partial(self._step, question))
        row.entered.connect(partial(self._reveal, row))
        row.skip_wanted.connect(self._skip)
        row.pause_wanted.connect(self._pause)

    def _show_answers(self, score: Score | None) -> None:
        scoring, language = self._review.scoring, self._look.language
        mine = scoring.mine
        is_done = mine is not None and mine.state is State.DONE
        is_locked = is_done or bool(self._review.why_not)
        lacking = set(score.uncommented) if score is not None else set()
        for name, row in self.rows.items():
            answer = mine.answers.get(name, _NONE) if mine is not None else _NONE
            row.show_answer(answer, is_locked=is_locked, lacks_comment=name in lacking)
        self.summary.show_value(mine.comment if mine is not None else "")
        self.summary.lock(is_locked=is_locked)
        percent = score.percent if score is not None else None
        tone = (
            "" if score is None or score.is_passed is None else "ok" if score.is_passed else "block"
        )
        self.total.show_text(percent_words(language, percent), tone)
        self.progress.setText(_progress(language.text, score, is_done=is_done))
        self.finish.setVisible(not is_done)
        self.finish.setEnabled(score is not None and score.is_complete and not is_locked)
        self.reopen.setVisible(is_done and not self._review.why_not)
        self.next.setVisible(is_done and bool(self._review.purpose.worklist_id))

    def _answer(self, question: str, value: str) -> None:
        self._review.scoring.answer(question, value)
        score = self._review.scoring.score
        if score is not None and question in score.uncommented:
            self.rows[question].write_comment()
        else:
            self._step(question, 1)

    def _step(self, question: str, by: int) -> None:
        names = list(self.rows)
        place = names.index(question) + by
        if 0 <= place < len(names):
            self.rows[names[place]].setFocus()
        elif place >= len(names):
            (self.finish if self.finish.isEnabled() else self.summary).setFocus()

    def _reveal(self, row: QFrame) -> None:
        # After the layout has its say: a comment may just have opened.
        QTimer.singleShot(0, row, lambda: self._scroll.ensureWidgetVisible(row, 0, 24))

    def _skip(self, seconds: float) -> None:
        if self._review.playhead is not None:
            self._review.playhead.skip(seconds)

    def _pause(self) -> None:
        if self._review.playhead is not None:
            self._review.playhead.toggle()

    def _finish(self) -> None:
        self.settle()
        if not self._review.scoring.finish():
            self.begin()


def _progress(text: Callable[..., str], score: Score | None, *, is_done: bool) -> str:
    if score is None:
        return ""
    if is_done:
        return text("review.done")
    return text("review.progress", answered=score.answered, asked=score.asked)
