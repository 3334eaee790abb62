"""An evaluation form, draft or published: sections with questions, what answers are worth.

Sections and questions are tables by id, ordered by ``rank``, so that two people who add to a form
at once do not contradict each other.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from cx_desktop.domain.patch import Document

#: The answer of a question that does not apply to a call.
NOT_APPLICABLE = "na"
YES, NO = "yes", "no"
MOST_STEPS = 10
#: As many as there are digits to press.
MOST_OPTIONS = 9
#: A reviewer who has more to answer hears less.
MANY_QUESTIONS = 40
EMPTY: Document = {"pass_mark": 80, "purpose": "", "sections": {}, "questions": {}}

Words = Annotated[str, Meta(max_length=500)]
Help = Annotated[str, Meta(max_length=2_000)]
Rank = Annotated[float, Meta(ge=-1e9, le=1e9)]
Weight = Annotated[int, Meta(ge=0, le=100)]


class Ask(StrEnum):
    """How a question is answered."""

    YES_NO = "yes_no"
    SCALE = "scale"
    """From one up: one is worth nothing, the highest everything."""
    CHOICE = "choice"
    """One of some options, each with its points."""
    TEXT = "text"
    """In words, and not scored."""


class KnockOut(StrEnum):
    """What an answer that is worth nothing takes away."""

    NOTHING = ""
    SECTION = "section"
    FORM = "form"


class Comment(StrEnum):
    """When an answer needs a comment."""

    NEVER = "never"
    LOW = "low"
    """Where it is worth less than half."""
    ALWAYS = "always"


class Option(Struct, frozen=True):
    """One of several answers."""

    id: Annotated[str, Meta(min_length=1, max_length=64)]
    label: Words = ""
    points: Weight = 0


class Section(Struct, frozen=True, omit_defaults=True):
    """A part of a form, with a weight among the others."""

    title: Words = ""
    weight: Weight = 1
    rank: Rank = 0.0


class Question(Struct, frozen=True, omit_defaults=True):
    """One question, with a weight among those of its section."""

    text: Words = ""
    section: Annotated[str, Meta(max_length=64)] = ""
    help: Help = ""
    """What a good answer is: two reviewers should not have to guess."""
    ask: Ask = Ask.YES_NO
    steps: Annotated[int, Meta(ge=2, le=MOST_STEPS)] = 5
    options: tuple[Option, ...] = ()
    weight: Weight = 1
    knock_out: KnockOut = KnockOut.NOTHING
    may_not_apply: bool = False
    comment: Comment = Comment.NEVER
    rank: Rank = 0.0

    @property
    def is_scored(self) -> bool:
        """Whether its answer counts."""
        return self.ask is not Ask.TEXT

    @property
    def values(self) -> Mapping[str, Fraction]:
        """What may be answered, each with its worth between 0 and 1, in the order of keys."""
        match self.ask:
            case Ask.YES_NO:
                return {YES: Fraction(1), NO: Fraction(0)}
            case Ask.SCALE:
                top = self.steps - 1
                return {str(step + 1): Fraction(step, top) for step in range(self.steps)}
            case Ask.CHOICE:
                most = max((each.points for each in self.options), default=0)
                return {
                    each.id: Fraction(each.points, most) if most else Fraction(0)
                    for each in self.options
                }
            case _:
                return {}


class Form(Struct, frozen=True, omit_defaults=True):
    """What calls are judged by."""

    pass_mark: Annotated[int, Meta(ge=0, le=100)] = 80
    """Percent."""
    purpose: Help = ""
    sections: dict[str, Section] = {}
    questions: dict[str, Question] = {}

    @property
    def ordered(self) -> tuple[tuple[str, Section], ...]:
        """The sections in their order."""
        return tuple(sorted(self.sections.items(), key=lambda each: (each[1].rank, each[0])))

    def questions_of(self, section: str) -> tuple[tuple[str, Question], ...]:
        """The questions of a section in their order."""
        return _ordered(each for each in self.questions.items() if each[1].section == section)

    @property
    def asked(self) -> tuple[tuple[str, Question], ...]:
        """Every question that is in a section, in the order of a reviewer."""
        return tuple(each for name, _ in self.ordered for each in self.questions_of(name))

    @property
    def strays(self) -> tuple[tuple[str, Question], ...]:
        """The questions whose section is not there."""
        return _ordered(e for e in self.questions.items() if e[1].section not in self.sections)


def form_of(document: Document) -> Form:
    """The form of a draft or revision; raises ``msgspec.ValidationError`` for what is none."""
    return msgspec.convert(document, Form)


def by_key(question: Question, key: str) -> str | None:
    """The answer that a key gives: digits count the answers, ``0`` is no, letters say it."""
    values = tuple(question.values)
    if key in {"x", "-"}:
        return NOT_APPLICABLE if question.may_not_apply else None
    if question.ask is Ask.YES_NO:
        return {"o": YES, "y": YES, "1": YES, "n": NO, "0": NO, "2": NO}.get(key)
    if not key.isdecimal():
        return None
    place = (int(key) or 10) - 1
    return values[place] if place < len(values) else None


def rank_between(before: float | None, after: float | None) -> float:
    """A rank that lies between two neighbours, or beyond the only one."""
    if before is None:
        return 0.0 if after is None else after - 1.0
    return before + 1.0 if after is None else (before + after) / 2


def _ordered(questions: Iterable[tuple[str, Question]]) -> tuple[tuple[str, Question], ...]:
    return tuple(sorted(questions, key=lambda each: (each[1].rank, each[0])))
