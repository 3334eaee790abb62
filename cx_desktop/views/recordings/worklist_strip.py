"""Above the list: the worklist of the week, how far it is, and the next call."""

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.recordings.notes import Evaluation
from cx_desktop.models.recordings.worklists import Worklists
from cx_desktop.views.queues.fields import Count
from cx_desktop.views.recordings.review_words import percent_words
from cx_desktop.views.widgets.button import Button, IconButton
from cx_desktop.views.widgets.field import Field
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip, Way

_USUAL_QUOTA, _MOST = 3, 50


class NewWorklist(QWidget):
    """A name, a form and a quota; the filter is what the list shows."""

    made = Signal()
    left = Signal()

    def __init__(self, look: Look, lists: Worklists) -> None:
        super().__init__()
        self._lists = lists
        self.name = QLineEdit()
        self.name.setMaxLength(200)
        self.form = QComboBox()
        self.quota = Count(look, 1, _MOST)
        self.quota.show_value(_USUAL_QUOTA)
        self.make = Button(look, "worklist.make", kind="primary")
        self.cancel = Button(look, "worklist.cancel")
        fields = QHBoxLayout()
        fields.setSpacing(12)
        fields.addWidget(Field(look, "worklist.name", self.name), 2)
        fields.addWidget(Field(look, "review.form", self.form), 2)
        fields.addWidget(Field(look, "worklist.quota", self.quota), 1)
        verbs = QHBoxLayout()
        verbs.setSpacing(8)
        verbs.addWidget(Label.of(look, "worklist.about", "small", wraps=True), 1)
        verbs.addWidget(self.cancel)
        verbs.addWidget(self.make)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(fields)
        layout.addLayout(verbs)
        self.make.clicked.connect(self.made)
        self.name.returnPressed.connect(self.made)
        self.cancel.clicked.connect(self.left)
        self.name.textChanged.connect(self._judge)

    def begin(self, name: str) -> None:
        """Offer a name and the forms that can be used now."""
        self.form.clear()
        for each in self._lists.found.forms:
            self.form.addItem(each.name, each.id)
        self.name.setText(name)
        self.name.selectAll()
        self.name.setFocus()
        self._judge()

    @property
    def form_id(self) -> str:
        """The form that was chosen."""
        return str(self.form.currentData() or "")

    def _judge(self) -> None:
        self.make.setEnabled(bool(self.name.text().strip() and self.form_id))


class WorklistStrip(QFrame):
    """One line; making a worklist opens a second one."""

    filters_wanted = Signal(object)  # Callable[[Filters], object]: give it what is filtered by
    results_wanted = Signal()
    back_wanted = Signal(str)  # a recording's id

    def __init__(self, look: Look, lists: Worklists, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._lists = lists
        self.setProperty("role", "card")
        self.choice = QComboBox()
        self.before = IconButton(look, "caret-left", "worklist.week.before")
        self.week = Label("", "")
        self.after = IconButton(look, "caret-right", "worklist.week.after")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setMaximumWidth(140)
        self.bar.setFixedHeight(8)
        self.count = Label("", "strong")
        self.next = Button(look, "worklist.next", kind="primary", icon="skip-forward")
        self.new = Button(look, "worklist.new", kind="quiet", icon="shuffle")
        self.results = IconButton(look, "chart-line-up", "worklist.results")
        self.drop = IconButton(look, "trash", "worklist.remove")
        self.editor = NewWorklist(look, lists)
        self.editor.hide()
        self.told = Strip(look)
        self._lay_out()
        self._connect()
        look.language.bind(self.choice, self.choice.setAccessibleName, "worklist.choice")
        look.language.bind(self.bar, self.bar.setAccessibleName, "worklist.progress")
        look.language.follow(self, self._show)

    def tell_finished(self, evaluation: Evaluation, *, is_next_here: bool) -> None:
        """Say what the call that was just judged came to, with the way back."""
        key = "worklist.finished.next" if is_next_here else "worklist.finished"
        language = self._look.language

        def words() -> str:
            score = percent_words(language, evaluation.score)
            return language.text(key, agent=evaluation.agent_name, score=score)

        back = Way("worklist.back", lambda: self.back_wanted.emit(evaluation.recording_id))
        self.told.say("ok", words, (back,) if is_next_here else ())

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        self.choice.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.choice.setMaximumWidth(260)
        for each in (self.choice, self.before, self.week, self.after, self.bar, self.count):
            line.addWidget(each)
        line.addStretch(1)
        for verb in (self.drop, self.results, self.new, self.next):
            line.addWidget(verb)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 6)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self.editor)
        layout.addWidget(self.told)

    def _connect(self) -> None:
        lists = self._lists
        lists.changed.connect(self._show)
        lists.failed.connect(self._on_failed)
        self.choice.activated.connect(lambda at: lists.choose(str(self.choice.itemData(at))))
        self.before.clicked.connect(lambda: lists.show_week(-1))
        self.after.clicked.connect(lambda: lists.show_week(1))
        self.next.clicked.connect(self._next)
        self.new.clicked.connect(self._begin)
        self.results.clicked.connect(self.results_wanted)
        self.drop.clicked.connect(self._drop)
        self.editor.made.connect(self._make)
        self.editor.left.connect(self.editor.hide)

    def _show(self) -> None:
        lists, language = self._lists, self._look.language
        current, done = lists.current, lists.progress
        known = [(each.id, each.name) for each in lists.found.lists]
        if known != [
            (self.choice.itemData(n), self.choice.itemText(n)) for n in range(self.choice.count())
        ]:
            self.choice.clear()
            for key, name in known:
                self.choice.addItem(name, key)
        if current is not None:
            self.choice.setCurrentIndex(self.choice.findData(current.id))
        has_any = current is not None
        for each in (
            self.choice,
            self.before,
            self.week,
            self.after,
            self.count,
            self.drop,
            self.next,
        ):
            each.setVisible(has_any)
        self.bar.setVisible(has_any and done.total > 0)
        self.after.setEnabled(not lists.is_this_week)
        day = language.locale.toString(
            QDate(lists.week.year, lists.week.month, lists.week.day), "d MMM"
        )
        self.week.setText(language.text("worklist.week", day=day))
        key = "worklist.count" if done.total else "worklist.nothing"
        self.count.setText(language.text(key, done=done.done, total=done.total))
        self.bar.setMaximum(max(1, done.total))
        self.bar.setValue(done.done)
        is_allowed = not lists.why_not
        self.next.setEnabled(is_allowed and not done.is_over)
        self.new.setEnabled(is_allowed and bool(lists.found.forms))
        self.drop.setEnabled(is_allowed)
        reason = lists.why_not or ("" if lists.found.forms else "review.no-form.text")
        self.new.setToolTip(language.text(reason or "worklist.new.help"))

    def _next(self) -> None:
        self._lists.next()

    def _begin(self) -> None:
        self.editor.show()
        self.editor.begin(self._look.language.text("worklist.new-name"))

    def _make(self) -> None:
        name = self.editor.name.text().strip()
        if not name or not self.editor.form_id:
            return
        quota = self.editor.quota.value()
        form_id = self.editor.form_id
        self.editor.hide()
        self.filters_wanted.emit(lambda filters: self._lists.create(name, form_id, quota, filters))

    def _drop(self) -> None:
        """Ask in the strip itself; what was evaluated stays in any case."""
        current, language = self._lists.current, self._look.language
        if current is not None:
            self.told.say(
                "warn",
                lambda: language.text("worklist.remove.ask", name=current.name),
                (Way("worklist.remove.yes", lambda: self._lists.remove(current)),),
            )

    def _on_failed(self, error: CXError) -> None:
        self.told.say("block", lambda: " ".join(self._look.language.explain(error)))
