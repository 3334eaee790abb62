"""The form by which the recording in hand is judged, and what my answers come to."""

from PySide6.QtCore import QObject, Signal

from cx_desktop.domain.patch import Json, Path
from cx_desktop.domain.recordings.calibration import Calibration, compare
from cx_desktop.domain.recordings.notes import Evaluation, State
from cx_desktop.domain.recordings.scoring import Score, score
from cx_desktop.domain.recordings.worklist import week_of
from cx_desktop.models.recordings.review_forms import LiveForm
from cx_desktop.models.recordings.reviewed import Reviewed
from cx_desktop.models.recordings.said import instant


class Scoring(QObject):
    """Judging one call; every answer is kept at once."""

    finished = Signal(object)  # Evaluation: it is done

    def __init__(self, review: Reviewed, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._review = review
        self._form_id = ""
        self._calibrates = ""

    def begin(self, form_id: str) -> None:
        """Another recording is in hand; ``form_id`` is the form that it is to be judged by."""
        self._calibrates = ""
        self._form_id = form_id or self._form_id

    @property
    def evaluations(self) -> tuple[Evaluation, ...]:
        """Every evaluation of it, finished or not, oldest first."""
        return tuple(each for each in self._review.said if isinstance(each, Evaluation))

    @property
    def forms(self) -> tuple[LiveForm, ...]:
        """The forms to choose from."""
        return self._review.found.forms

    @property
    def form(self) -> LiveForm | None:
        """The form in hand: the version that my evaluation names, else the one that counts now."""
        mine = self.mine
        if mine is not None:
            return self.version(mine)
        return next((e for e in self.forms if e.id == self._form_id), None) or next(
            iter(self.forms), None
        )

    def version(self, evaluation: Evaluation) -> LiveForm | None:
        """The version of the form that an evaluation names."""
        wanted = evaluation.form_id, evaluation.form_number
        known = (*self._review.found.versions, *self.forms)
        return next((each for each in known if (each.id, each.number) == wanted), None)

    @property
    def mine(self) -> Evaluation | None:
        """My evaluation by the form in hand, the one that is not done first."""
        wanted = self._form_id or next((each.id for each in self.forms), "")
        own = [
            each
            for each in self.evaluations
            if each.author.id == self._review.user_id
            and each.form_id == wanted
            and (each.calibrates or "") == self._calibrates
        ]
        return max(own, key=lambda each: (each.state is State.DRAFT, each.id), default=None)

    @property
    def is_under_way(self) -> bool:
        """Whether something was answered, and is not done."""
        mine = self.mine
        return mine is not None and mine.state is State.DRAFT and bool(mine.answers)

    @property
    def score(self) -> Score | None:
        """What my answers come to."""
        form = self.form
        if form is None:
            return None
        mine = self.mine
        return score(form.form, mine.answers if mine is not None else {})

    @property
    def compared(self) -> tuple[Evaluation, Calibration] | None:
        """My finished calibration held against the evaluation it was made for."""
        mine, form = self.mine, self.form
        if mine is None or form is None or mine.state is not State.DONE or not mine.calibrates:
            return None
        other = next((each for each in self.evaluations if each.id == mine.calibrates), None)
        if other is None:
            return None
        return other, compare(form.form, mine.answers, other.answers)

    @property
    def is_blind(self) -> bool:
        """Whether others' answers are kept from me until mine are done."""
        mine = self.mine
        is_done = mine is not None and mine.state is State.DONE
        return bool(self._calibrates) and not is_done

    def choose_form(self, form_id: str) -> None:
        """Judge by another form."""
        self._form_id = form_id
        self._review.tell()

    def calibrate(self, evaluation: Evaluation) -> None:
        """Judge the same call by the same form, without seeing what the other one answered."""
        self._form_id = evaluation.form_id
        self._calibrates = evaluation.id
        self._review.tell()

    def answer(self, question: str, value: str) -> None:
        """Answer a question; the first answer begins the evaluation."""
        self._say(("answers", question, "value"), value)

    def comment(self, question: str, text: str) -> None:
        """Comment on an answer."""
        self._say(("answers", question, "comment"), text)

    def sum_up(self, text: str) -> None:
        """Comment on the call as a whole."""
        self._say(("comment",), text)

    def finish(self) -> bool:
        """Call it done; False where answers or comments are missing."""
        mine, result = self.mine, self.score
        if mine is None or result is None or not result.is_complete or self._review.why_not:
            return False
        now = self._review.now()
        places: tuple[tuple[Path, Json], ...] = (
            (("state",), State.DONE.value),
            (("done_at",), instant(now)),
            (("score",), result.percent),
        )
        self._review.change("evaluation", mine.id, *places)
        self.finished.emit(self.mine)
        return True

    def reopen(self) -> None:
        """Go on with an evaluation of mine that was done."""
        mine = self.mine
        if mine is not None and mine.state is State.DONE:
            places: tuple[tuple[Path, Json], ...] = (
                (("state",), State.DRAFT.value),
                (("done_at",), None),
                (("score",), None),
            )
            self._review.change("evaluation", mine.id, *places)

    def _say(self, path: Path, value: str) -> None:
        form, subject = self.form, self._review.subject
        if form is None or subject is None or self._review.why_not:
            return
        mine = self.mine
        if mine is not None:
            if mine.state is State.DRAFT:
                self._review.change("evaluation", mine.id, (path, value))
            return
        said_id = self._review.write(
            "evaluation",
            form_id=form.id,
            form_number=form.number,
            agent_id=subject.agent_id,
            agent_name=subject.agent_name,
            answers={},
            comment="",
            state=State.DRAFT.value,
            worklist_id=self._review.purpose.worklist_id,
            week=week_of(subject.day).isoformat(),
            **({"calibrates": self._calibrates} if self._calibrates else {}),
        )
        self._review.change("evaluation", said_id, (path, value))
