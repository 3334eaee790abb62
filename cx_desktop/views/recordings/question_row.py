"""One question of a form, answered by one key or one click, with its comment."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from cx_desktop.domain.recordings.forms import (
    NOT_APPLICABLE,
    Ask,
    Comment,
    KnockOut,
    Question,
    by_key,
)
from cx_desktop.domain.recordings.notes import Answer
from cx_desktop.overrides import override
from cx_desktop.views.recordings.review_words import keys_words, value_words
from cx_desktop.views.widgets.label import Badge, Label
from cx_desktop.views.widgets.look import NO_FOCUS, Look, restyle, set_enum

_STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Return: 1,
    Qt.Key.Key_Enter: 1,
}
#: What the arrows move the sound by, in seconds.
_SKIP = {Qt.Key.Key_Left: -5.0, Qt.Key.Key_Right: 5.0}


class CommentLine(QLineEdit):
    """A comment; Enter and Esc lead back to the answers."""

    left = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape}:
            self.editingFinished.emit()
            self.left.emit()
        else:
            super().keyPressEvent(event)


class QuestionRow(QFrame):
    """A question. It takes the focus as a whole; keys answer it while the sound plays."""

    answered = Signal(str)
    commented = Signal(str)
    step_wanted = Signal(int)  # to the next question, or the one before
    skip_wanted = Signal(float)  # in the sound, by seconds
    pause_wanted = Signal()
    entered = Signal()

    def __init__(
        self,
        look: Look,
        question: Question,
        place: tuple[int, int, str],
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self.question = question
        self._place = place
        self._answer = Answer()
        self._is_locked = False
        self.setProperty("role", "question")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._text = Label(f"{place[0]}. {question.text}", "strong", wraps=True)
        self._badge = Badge("", "warn")
        self._fault = Badge("", "block")
        self.comment = CommentLine()
        self.comment.setMaxLength(2_000)
        self.buttons: dict[str, QPushButton] = {}
        self._lay_out()
        self.comment.editingFinished.connect(self._tell_comment)
        self.comment.left.connect(self.setFocus)
        look.language.follow(self, self._retext)

    def show_answer(self, answer: Answer, *, is_locked: bool, lacks_comment: bool) -> None:
        """Show what was answered."""
        self._answer, self._is_locked = answer, is_locked
        for value, button in self.buttons.items():
            button.setChecked(value == answer.value)
            button.setEnabled(not is_locked)
        if not (self.comment.hasFocus() and self.comment.isModified()):
            self.comment.setText(answer.comment)
        self.comment.setReadOnly(is_locked)
        restyle(self.comment, "state", "error" if lacks_comment else "")
        asks = self.question.ask is Ask.TEXT or self.question.comment is Comment.ALWAYS
        is_wanted = bool(asks or answer.comment or lacks_comment)
        self.comment.setVisible(is_wanted or self.comment.hasFocus())
        is_out = self.question.values.get(answer.value) == 0
        takes = self.question.knock_out if is_out else KnockOut.NOTHING
        self._fault.show_text(
            self._look.language.text(f"review.knocked.{takes.value}") if takes.value else "",
            "block",
        )
        self._say()

    def settle(self) -> None:
        """Hand out what was typed last."""
        self._tell_comment()

    def write_comment(self) -> None:
        """Open the comment."""
        self.comment.show()
        self.comment.setFocus()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        ):
            super().keyPressEvent(event)
        elif key in _STEPS:
            self.step_wanted.emit(_STEPS[key])
        elif key in _SKIP:
            self.skip_wanted.emit(_SKIP[key])
        elif key == Qt.Key.Key_Space:
            self.pause_wanted.emit()
        elif not self._typed(event.text().casefold()):
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()
        super().mousePressEvent(event)

    def _typed(self, sign: str) -> bool:
        if self._is_locked or not sign:
            return False
        if sign == "c" or (self.question.ask is Ask.TEXT and sign == "1"):
            self.write_comment()
            return True
        value = by_key(self.question, sign)
        if value is None:
            return False
        self._choose(value)
        return True

    def _choose(self, value: str) -> None:
        self.setFocus()
        self.answered.emit(value)

    def _tell_comment(self) -> None:
        text = self.comment.text().strip()
        self.comment.setModified(False)
        if text != self._answer.comment and not self._is_locked:
            self.commented.emit(text)

    def _lay_out(self) -> None:
        heads = QHBoxLayout()
        heads.setSpacing(8)
        heads.addWidget(self._text, 1)
        heads.addWidget(self._fault)
        heads.addWidget(self._badge)
        # Options are sentences: each has a line of its own.
        is_down = self.question.ask is Ask.CHOICE
        way = QBoxLayout.Direction.TopToBottom if is_down else QBoxLayout.Direction.LeftToRight
        answers = QBoxLayout(way)
        answers.setSpacing(4)
        values = [*self.question.values]
        if self.question.may_not_apply:
            values.append(NOT_APPLICABLE)
        for value in values:
            button = QPushButton()
            button.setProperty("kind", "answer")
            button.setCheckable(True)
            set_enum(button, "focusPolicy", NO_FOCUS)
            button.clicked.connect(partial(self._choose, value))
            self.buttons[value] = button
            answers.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)
        if not is_down:
            answers.addStretch(1)
        layout = QGridLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.setVerticalSpacing(4)
        layout.addLayout(heads, 0, 0)
        layout.addLayout(answers, 1, 0)
        layout.addWidget(self.comment, 2, 0)

    def _retext(self) -> None:
        language, question = self._look.language, self.question
        for number, (value, button) in enumerate(self.buttons.items(), start=1):
            words = value_words(language, question, value)
            key = "X" if value == NOT_APPLICABLE else str(number % 10)
            if question.ask is Ask.SCALE and value != NOT_APPLICABLE:
                button.setText(value)
            else:
                button.setText(f"{key}  {words}" if question.ask is Ask.CHOICE else words)
            button.setToolTip(f"{words} ({key})")
            button.setAccessibleName(words)
        for setter in (self.comment.setPlaceholderText, self.comment.setAccessibleName):
            setter(language.text("review.comment"))
        self._badge.show_text(
            language.text("review.knocks-out") if question.knock_out.value else "", "warn"
        )
        self.setToolTip("\n".join(filter(None, (question.help, keys_words(language, question)))))
        self._say()

    def _say(self) -> None:
        language, (number, count, section) = self._look.language, self._place
        said = value_words(language, self.question, self._answer.value)
        self.setAccessibleName(
            language.text(
                "review.question.spoken",
                number=number,
                count=count,
                section=section,
                text=self.question.text,
                answer=said or self._answer.comment or language.text("review.answer.none"),
            )
        )
        self.setAccessibleDescription(
            " ".join(filter(None, (self.question.help, keys_words(language, self.question))))
        )
