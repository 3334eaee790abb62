"""What an evaluation comes to: exact fractions inside, percent with one decimal outside.

A section is the weighted mean of its answered questions, the whole the weighted mean of its
sections; what does not apply weighs nothing. A knock-out takes its section or everything. Shown
scores are cut off, never rounded up: nobody passes by the way a number is written.
"""

from collections.abc import Mapping
from fractions import Fraction

from msgspec import Struct

from cx_desktop.domain.recordings.forms import NOT_APPLICABLE, Ask, Comment, Form, KnockOut
from cx_desktop.domain.recordings.forms import Question as Asked
from cx_desktop.domain.recordings.notes import Answer

_HALF = Fraction(1, 2)
_NONE = Answer()


class Score(Struct, frozen=True, kw_only=True):
    """What the answers so far come to."""

    percent: float | None = None
    """None where nothing that counts applies."""
    is_passed: bool | None = None
    sections: dict[str, float | None] = {}
    answered: int = 0
    asked: int = 0
    missing: tuple[str, ...] = ()
    """Questions without an answer."""
    uncommented: tuple[str, ...] = ()
    """Questions whose answer needs a comment that is not there."""
    knocked_out: tuple[str, ...] = ()
    """Questions whose answer took a section or everything away."""

    @property
    def is_complete(self) -> bool:
        """Whether it can be called done."""
        return not self.missing and not self.uncommented


def score(form: Form, answers: Mapping[str, Answer]) -> Score:
    """What these answers come to."""
    total = weight = Fraction(0)
    sections: dict[str, float | None] = {}
    knocked: list[str] = []
    is_out = False
    for name, section in form.ordered:
        worth = _section(form, name, answers, knocked)
        sections[name] = None if worth is None else shown(worth)
        if worth is not None:
            total += section.weight * worth
            weight += section.weight
    for name in knocked:
        is_out = is_out or form.questions[name].knock_out is KnockOut.FORM
    percent = None if not weight else Fraction(0) if is_out else total / weight
    missing = tuple(name for name, each in form.asked if not _is_answered(each, answers.get(name)))
    return Score(
        percent=None if percent is None else shown(percent),
        is_passed=None if percent is None else percent * 100 >= form.pass_mark,
        sections=sections,
        asked=len(form.asked),
        answered=len(form.asked) - len(missing),
        missing=missing,
        uncommented=tuple(
            name for name, each in form.asked if _lacks_comment(each, answers.get(name, _NONE))
        ),
        knocked_out=tuple(knocked),
    )


def worth_of(question: Asked, answer: Answer) -> Fraction | None:
    """What an answer is worth, between 0 and 1; None for none, and for what does not count."""
    return question.values.get(answer.value)


def shown(worth: Fraction) -> float:
    """A worth in percent as it is shown: one decimal, cut off."""
    return (worth * 1000).__floor__() / 10


def _section(
    form: Form, name: str, answers: Mapping[str, Answer], knocked: list[str]
) -> Fraction | None:
    total = weight = Fraction(0)
    is_out = False
    for question_id, question in form.questions_of(name):
        worth = worth_of(question, answers.get(question_id, _NONE))
        if worth is None:
            continue
        total += question.weight * worth
        weight += question.weight
        if not worth and question.knock_out is not KnockOut.NOTHING:
            knocked.append(question_id)
            is_out = True
    if not weight:
        return Fraction(0) if is_out else None
    return Fraction(0) if is_out else total / weight


def _is_answered(question: Asked, answer: Answer | None) -> bool:
    if answer is None:
        return False
    if answer.value == NOT_APPLICABLE:
        return question.may_not_apply
    if question.ask is Ask.TEXT:
        return bool(answer.comment.strip())
    return answer.value in question.values


def _lacks_comment(question: Asked, answer: Answer) -> bool:
    worth = worth_of(question, answer)
    if worth is None or answer.comment.strip():
        return False
    return question.comment is Comment.ALWAYS or (question.comment is Comment.LOW and worth < _HALF)
