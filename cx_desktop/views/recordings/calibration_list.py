"""Who else judged the call: their scores, and mine held against one of them."""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.domain.recordings.calibration import Calibration
from cx_desktop.domain.recordings.notes import Evaluation, State
from cx_desktop.models.recordings.review import Review
from cx_desktop.models.recordings.review_forms import LiveForm
from cx_desktop.views.recordings.review_words import answer_words, percent_words
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look


class CalibrationList(QWidget):
    """One line per evaluation by somebody else; after a calibration, where the two differ."""

    def __init__(self, look: Look, review: Review, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._review = review
        self._shown: object = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def show_review(self) -> None:
        """Show the evaluations as they stand; what is shown already is left alone."""
        scoring = self._review.scoring
        others = tuple(
            each
            for each in scoring.evaluations
            if each.author.id != self._review.user_id and each.state is State.DONE
        )
        compared, language = scoring.compared, self._look.language
        shown = (others, compared, scoring.is_blind, self._review.why_not, language.current)
        if shown == self._shown:
            return
        self._shown = shown
        self._clear()
        for each in others:
            self._column.addWidget(self._line(each))
        form = scoring.form
        if compared is not None and form is not None:
            self._show_compared(form, *compared)
        self.setVisible(bool(others or compared))

    def _clear(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _line(self, each: Evaluation) -> QWidget:
        language, is_blind = self._look.language, self._review.scoring.is_blind
        score = language.text("review.hidden") if is_blind else percent_words(language, each.score)
        key = "review.other.calibration" if each.calibrates else "review.other"
        words = Label(language.text(key, who=each.author.name, score=score), "small", wraps=True)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(words, 1)
        if not is_blind and not each.calibrates and not self._review.why_not:
            judge = Button(self._look, "review.calibrate", kind="link")
            judge.setToolTip(language.text("review.calibrate.help"))
            judge.clicked.connect(partial(self._review.scoring.calibrate, each))
            row.addWidget(judge)
        return line

    def _show_compared(self, form: LiveForm, other: Evaluation, found: Calibration) -> None:
        language = self._look.language
        said = language.text(
            "review.compared",
            who=other.author.name,
            agreement=percent_words(language, found.agreement),
            points=language.number(found.difference or 0.0),
        )
        self._column.addWidget(Label(said, "strong", wraps=True))
        for each in found.widest:
            question = form.form.questions[each.question]
            words = language.text(
                "review.differs",
                question=question.text,
                mine=answer_words(language, question, each.one),
                theirs=answer_words(language, question, each.other),
            )
            self._column.addWidget(Label(words, "small", wraps=True))
