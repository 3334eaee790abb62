"""What is done with the recording in hand beside hearing it: notes and the evaluation."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.recordings.notes import State
from cx_desktop.models.recordings.review import Review
from cx_desktop.overrides import override
from cx_desktop.views.recordings.notebook_panel import NotebookPanel
from cx_desktop.views.recordings.scoring_panel import ScoringPanel
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import EmptyState
from cx_desktop.views.widgets.strip import Strip, Way

_NOTES, _SCORE = range(2)
#: As large as it likes to be, whatever the words of a form.
_WIDTH, _HEIGHT = 430, 380


class ReviewPanel(QWidget):
    """Two tabs over one review: what is said of it, and the form it is judged by."""

    next_wanted = Signal()  # another call to hear

    def __init__(self, look: Look, review: Review, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._review = review
        self.strip = Strip(look)
        self.notebook = NotebookPanel(look, review)
        self.scoring = ScoringPanel(look, review)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.notebook, "")
        self._score_page = QStackedWidget()
        self._no_form = EmptyState(look, "clipboard-text", "review.no-form", "review.no-form.text")
        self._score_page.addWidget(self.scoring)
        self._score_page.addWidget(self._no_form)
        self.tabs.addTab(self._score_page, "")
        self._nothing = EmptyState(look, "note-pencil", "review.nothing", "review.nothing.text")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self.tabs)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(self.strip)
        layout.addWidget(self._stack, 1)
        self.notebook.place_wanted.connect(self._seek)
        self.scoring.next_wanted.connect(self.next_wanted)
        review.changed.connect(self._show)
        review.failed.connect(self._on_failed)
        look.language.bind(self.tabs, self.tabs.setAccessibleName, "review.tabs")
        look.language.follow(self, self._show)

    @override
    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _HEIGHT)

    def score(self) -> None:
        """Put the hands on the form."""
        self.tabs.setCurrentIndex(_SCORE)
        self.scoring.begin()

    def mark(self) -> None:
        """Put a marker where the sound is."""
        self.tabs.setCurrentIndex(_NOTES)
        self.notebook.mark_here()

    def note(self) -> None:
        """Put the hands on what is said of the call."""
        self.tabs.setCurrentIndex(_NOTES)
        self.notebook.text.setFocus()

    def settle(self) -> None:
        """Hand out what was typed last."""
        self.scoring.settle()

    def _show(self) -> None:
        review, language = self._review, self._look.language
        self._stack.setCurrentWidget(self._nothing if review.subject is None else self.tabs)
        notes = len(review.notebook.notes)
        key = "review.tab.notes.count" if notes else "review.tab.notes"
        self.tabs.setTabText(_NOTES, language.text(key, count=notes))
        self.tabs.setTabText(_SCORE, language.text("review.tab.score"))
        has_form = review.scoring.form is not None or not review.is_ready
        self._score_page.setCurrentWidget(self.scoring if has_form else self._no_form)
        self._warn()

    def _warn(self) -> None:
        review, language = self._review, self._look.language
        mine = review.scoring.mine
        if review.why_not:
            reason = review.why_not
            self.strip.say("info", lambda: language.text(reason))
        elif review.is_over and mine is not None and mine.state is State.DRAFT:
            self.strip.say("warn", lambda: language.text("review.over"))
        elif not self.strip.buttons:
            self.strip.clear()

    def _on_failed(self, error: CXError) -> None:
        language = self._look.language
        self.strip.say(
            "block",
            lambda: " ".join(language.explain(error)),
            (Way("widget.retry", self._review.retry),),
        )

    def _seek(self, place: float) -> None:
        if self._review.playhead is not None:
            self._review.playhead.seek(place)
