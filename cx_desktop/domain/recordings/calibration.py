"""Two reviewers judge one call by one form: how far they agree, and where they do not."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from msgspec import Struct

from cx_desktop.domain.recordings.forms import Form
from cx_desktop.domain.recordings.notes import Answer, Evaluation
from cx_desktop.domain.recordings.scoring import score, shown, worth_of

_NONE = Answer()


class Compared(Struct, frozen=True):
    """One question as two answered it."""

    question: str
    one: Answer
    other: Answer
    distance: Fraction | None
    """How far apart what they gave is worth, between 0 and 1; None where one gave nothing."""

    @property
    def agrees(self) -> bool:
        """Whether both gave the same answer."""
        return self.one.value == self.other.value


class Calibration(Struct, frozen=True):
    """How two evaluations of one call compare."""

    rows: tuple[Compared, ...]
    difference: float | None
    """Of their scores, in points; None where one has none."""

    @property
    def agreement(self) -> float | None:
        """Percent of the answers that are the same."""
        if not self.rows:
            return None
        return shown(Fraction(sum(each.agrees for each in self.rows), len(self.rows)))

    @property
    def widest(self) -> tuple[Compared, ...]:
        """Where they differ, most of all first."""
        apart = [each for each in self.rows if not each.agrees]
        return tuple(sorted(apart, key=lambda e: e.distance if e.distance is not None else 1)[::-1])


def compare(form: Form, one: Mapping[str, Answer], other: Mapping[str, Answer]) -> Calibration:
    """Hold two evaluations of one call against each other; the order does not matter."""
    rows = []
    for name, question in form.asked:
        if not question.is_scored:
            continue
        here, there = one.get(name, _NONE), other.get(name, _NONE)
        mine, theirs = worth_of(question, here), worth_of(question, there)
        distance = None if mine is None or theirs is None else abs(mine - theirs)
        rows.append(Compared(name, here, there, distance))
    scores = score(form, one).percent, score(form, other).percent
    difference = (
        None if scores[0] is None or scores[1] is None else round(abs(scores[0] - scores[1]), 1)
    )
    return Calibration(tuple(rows), difference)


def unclear(
    form: Form, pairs: Iterable[tuple[Evaluation, Evaluation]]
) -> tuple[tuple[str, float], ...]:
    """The questions that reviewers answer differently, with how often they agree, worst first."""
    same: dict[str, list[bool]] = {}
    for one, other in pairs:
        for row in compare(form, one.answers, other.answers).rows:
            same.setdefault(row.question, []).append(row.agrees)
    found = [(name, shown(Fraction(sum(each), len(each)))) for name, each in same.items()]
    return tuple(sorted((each for each in found if each[1] < 100), key=lambda each: each[1]))
