"""*Prepare my trip*: a strip that says what is on this computer, and how to take more along."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.errors import CXError
from cx_desktop.models.recordings.packs import MOST, Mood, Pack, Packs, Plan, Source
from cx_desktop.overrides import override
from cx_desktop.views.outbox.asking import CountedQuestion
from cx_desktop.views.outbox.words import size_words
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look, restyle

_STEPS = 1000
#: What somebody called a search is cut there, in pixels.
_WIDEST = 420
#: Icon and tone of each mood; EMPTY says what one could do.
_SIGNS = {
    Mood.EMPTY: ("suitcase-simple", "muted"),
    Mood.READY: ("check-circle", "ok"),
    Mood.COMING: ("download-simple", "accent"),
    Mood.WAITING: ("wifi-slash", "warn"),
    Mood.HELD: ("pause-circle", "warn"),
    Mood.STOPPED: ("warning", "warn"),
    Mood.PARTLY: ("warning", "warn"),
}


class PackStrip(QFrame):
    """What is taken along, in one line; the planner opens below it."""

    def __init__(
        self,
        look: Look,
        packs: Packs,
        *,
        why_not: Callable[[], str] = str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._packs = packs
        self._why_not = why_not
        self._icon = QLabel()
        self.says = Label("", "small", wraps=True)
        self.says.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(140)
        self.retry = Button(look, "packs.retry", kind="link")
        self.anyway = Button(look, "packs.anyway", kind="link")
        self.remove = Button(look, "packs.remove", kind="link")
        self.prepare = Button(look, "packs.prepare", icon="suitcase-simple")
        self.planner = Planner(look, packs)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self.says, 1)
        row.addWidget(self.bar)
        for each in (self.retry, self.anyway, self.remove, self.prepare):
            row.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.planner)
        self.retry.clicked.connect(packs.try_again)
        self.anyway.clicked.connect(packs.load_anyway)
        self.remove.clicked.connect(self.ask_to_remove_all)
        self.prepare.clicked.connect(self._turn)
        self.planner.left.connect(self._close)
        packs.changed.connect(self._show)
        packs.failed.connect(self._fail)
        packs.found_here.connect(self._ask_to_remove)
        look.theme.changed.connect(self._show)
        look.language.bind(self, self.bar.setAccessibleName, "packs.progress")
        look.language.follow(self, self._show)

    def open(self) -> None:
        """Show the planner, with the keyboard in it."""
        self.planner.open()

    def follow_permissions(self) -> None:
        """What may be done has changed."""
        self._show()

    def ask_to_remove_all(self) -> None:
        """Ask, then take everything off this computer."""
        self._ask(self._packs.pack.tally.count, self._packs.remove_all)

    def _ask_to_remove(self, recordings: Sequence[str]) -> None:
        if recordings:
            self._ask(len(recordings), partial(self._packs.remove, recordings))
        else:
            self._say(self._look.language.text("packs.none-here"))

    def _ask(self, count: int, then: Callable[[], object]) -> None:
        question = CountedQuestion(self._look, "packs.removing", count, parent=self.window())
        question.say(self._look.language.text("packs.removing.about"))
        question.accepted.connect(then)
        question.finished.connect(question.deleteLater)
        question.open()

    def _turn(self) -> None:
        if self.planner.isVisible():
            self._close()
        else:
            self.open()

    def _close(self) -> None:
        self.planner.hide()
        self.prepare.setFocus()

    def _show(self) -> None:
        pack, text = self._packs.pack, self._look.language.text
        icon, tone = _SIGNS[pack.mood]
        picture = self._look.icons.icon(icon, tone)
        self._icon.setPixmap(picture.pixmap(QSize(16, 16), self.devicePixelRatioF()))
        self._say(pack_words(self._look, pack))
        is_partly = Mood.READY is not pack.mood is not Mood.EMPTY
        self.bar.setVisible(is_partly)
        self.bar.setValue(int(pack.share * _STEPS))
        self.retry.setVisible(pack.mood in {Mood.STOPPED, Mood.PARTLY})
        self.anyway.setVisible(pack.mood is Mood.HELD)
        self.remove.setVisible(pack.mood is not Mood.EMPTY)
        reason = self._why_not()
        self.prepare.setEnabled(not reason)
        self.prepare.setToolTip(text(reason) if reason else "")

    def _fail(self, error: CXError) -> None:
        title, hint = self._look.language.explain(error)
        self._say(f"{title} {hint}")

    def _say(self, words: str) -> None:
        self.says.setText(words)
        self.says.setAccessibleName(words)


class Planner(QFrame):
    """Which recordings, what they cost, and the verb that begins."""

    left = Signal()  # somebody is done here

    def __init__(self, look: Look, packs: Packs, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._packs = packs
        self._plan: Plan | None = None
        self._source: Source | None = None
        self.setProperty("role", "card")
        self._choices = QVBoxLayout()
        self._choices.setSpacing(4)
        self._group = QButtonGroup(self)
        self.costs = Label("", wraps=True)
        self.go = Button(look, "packs.nothing", kind="primary")
        self.leave = Button(look, "packs.close")
        verbs = QHBoxLayout()
        verbs.setSpacing(8)
        verbs.addWidget(self.go)
        verbs.addWidget(self.leave)
        verbs.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(Label.of(look, "packs.title", "section"))
        layout.addWidget(Label.of(look, "packs.about", "muted", wraps=True))
        layout.addLayout(self._choices)
        layout.addWidget(self.costs)
        layout.addLayout(verbs)
        self.hide()
        self.go.clicked.connect(self._take)
        self.leave.clicked.connect(self.left)
        packs.planned.connect(self._on_planned)
        look.language.follow(self, self._show)

    @property
    def radios(self) -> tuple[QRadioButton, ...]:
        """The choices that are offered."""
        return tuple(each for each in self._group.buttons() if isinstance(each, QRadioButton))

    def open(self) -> None:
        """Offer what can be taken along now."""
        for old in self.radios:
            self._group.removeButton(old)
            self._choices.removeWidget(old)
            old.deleteLater()
        for source in (*self._packs.sources, *self._packs.kept()):
            self._choices.addWidget(self._radio(source))
        self._plan = self._source = None
        self.show()
        first = next((each for each in self.radios if each.isEnabled()), None)
        if first is not None:
            first.setChecked(True)
            first.setFocus()
        else:
            self.leave.setFocus()
        self._show()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _radio(self, source: Source) -> QRadioButton:
        count, language = source.count(), self._look.language
        what = language.text(f"packs.source.{source.key}", name=source.name)
        if count is not None:
            what = language.text("packs.choice", what=what, count=language.number(count))
        short = self.fontMetrics().elidedText(what, Qt.TextElideMode.ElideRight, _WIDEST)
        radio = QRadioButton(short.replace("&", "&&"))  # a name has no key of its own
        radio.setAccessibleName(what)
        radio.setToolTip(what if short != what else "")
        radio.setEnabled(count != 0)
        radio.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        radio.toggled.connect(lambda is_on: self._choose(source) if is_on else None)
        self._group.addButton(radio)
        return radio

    def _choose(self, source: Source) -> None:
        self._plan, self._source = None, source
        self._show()
        self._packs.plan(source)

    def _on_planned(self, plan: Plan) -> None:
        self._plan = plan
        self._show()

    def _show(self) -> None:
        plan, language = self._plan, self._look.language
        is_possible = plan is not None and _is_possible(plan)
        self.go.setEnabled(is_possible)
        if plan is None:
            self.go.say("packs.take-none")
            self.costs.setText(language.text("packs.planning") if self._source else "")
            return
        if is_possible:
            self.go.setText(language.plural("packs.take", len(plan.sounds)))
        else:
            self.go.say("packs.take-none")
        self.costs.setText(plan_words(self._look, plan))
        restyle(self.costs, "role", "error" if plan.missing or plan.is_too_many else "")

    def _take(self) -> None:
        if self._plan is not None:
            self._packs.take(self._plan)
            self.left.emit()


def _is_possible(plan: Plan) -> bool:
    return bool(plan.sounds) and not plan.is_too_many and not plan.missing


def plan_words(look: Look, plan: Plan) -> str:
    """What it costs, and what is left of the disk; or why it cannot be."""
    language = look.language
    if plan.is_too_many:
        return language.text("packs.plan.too-many", most=language.number(MOST))
    said = [
        language.plural("packs.plan", len(plan.sounds), size=size_words(language, plan.size))
        if plan.sounds
        else language.text("packs.plan.none")
    ]
    if plan.here:
        said.append(language.plural("packs.plan.here", plan.here))
    if plan.absent:
        said.append(language.plural("packs.plan.absent", plan.absent))
    if plan.missing:
        missing = size_words(language, plan.missing)
        said.append(language.text("packs.plan.no-room", missing=missing))
    elif plan.sounds:
        left = size_words(language, max(0, plan.free - plan.size))
        said.append(language.text("packs.plan.room", free=left))
    return " ".join(said)


def pack_words(look: Look, pack: Pack) -> str:
    """How it stands, in one sentence or two."""
    language, tally = look.language, pack.tally
    counts: dict[str, str | int] = {
        "here": language.number(tally.here),
        "done": size_words(language, tally.size_here + pack.done),
        "size": size_words(language, tally.size),
    }
    match pack.mood:
        case Mood.EMPTY:
            return language.text("packs.empty")
        case Mood.READY:
            ready = language.plural("packs.ready", tally.count, size=counts["size"])
            day = "" if pack.first_day is None else language.day(pack.first_day)
            return f"{ready} {language.text('packs.first-end', day=day)}"
        case Mood.COMING:
            return language.plural("packs.coming", tally.count, **counts)
        case _:
            return f"{language.plural('packs.part', tally.count, **counts)} {_why(look, pack)}"


def _why(look: Look, pack: Pack) -> str:
    if pack.problem is None:
        return look.language.text("packs.held" if pack.mood is Mood.HELD else "packs.waiting")
    title, _hint = look.language.explain(pack.problem)
    if pack.mood is Mood.PARTLY:
        missing = pack.tally.count - pack.tally.here
        return look.language.plural("packs.partly", missing, reason=title)
    return title if title.endswith((".", "!", "?")) else f"{title}."
