"""Find and replace in all flows: what for, what by, the places found, and one step to undo."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.flow.seeking import Wanted
from cx_desktop.models.everywhere.hits import TakenBack, Written
from cx_desktop.models.everywhere.replacing import Replacing
from cx_desktop.views.everywhere.hit_tree import MOST, HitTree
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.field import SearchField
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import EmptyState
from cx_desktop.views.widgets.strip import Strip, Way

#: How long after a letter the search waits for the next one.
QUIET_MS = 250
_PER_CENT = 100


class ReplacePanel(QWidget):
    """Looks while one types; replaces only by its button."""

    place_wanted = Signal(str, str)  # the ids of a flow and of a node

    def __init__(self, look: Look, replacing: Replacing, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._replacing = replacing
        self._shown: object = None
        self.field = SearchField(look, "everywhere.search")
        self.by = QLineEdit()
        look.language.bind(self.by, self.by.setPlaceholderText, "everywhere.by")
        look.language.bind(self.by, self.by.setAccessibleName, "everywhere.by")
        self.matches_case = self._tick("everywhere.case")
        self.whole_word = self._tick("everywhere.whole")
        self.expression = self._tick("everywhere.expression")
        self.replace = Button(look, "everywhere.replace", kind="primary", icon="swap")
        self.stop = Button(look, "everywhere.stop", icon="x")
        self.strip = Strip(look)
        self.problem = Label("", "error", wraps=True)
        self.count = Label("", "small")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self.tree = HitTree(look, replacing)
        self._first = EmptyState(
            look, "magnifying-glass", "everywhere.first.title", "everywhere.first.text"
        )
        self._nothing = EmptyState(
            look, "magnifying-glass", "everywhere.nothing.title", "everywhere.nothing.text"
        )
        self._stack = QStackedWidget()
        self._search_rest = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._judge_rest = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._lay_out()
        self._connect()

    @property
    def wanted(self) -> Wanted:
        """What is to be looked for."""
        return Wanted(
            self.field.text(),
            matches_case=self.matches_case.isChecked(),
            is_whole_word=self.whole_word.isChecked(),
            is_expression=self.expression.isChecked(),
        )

    def begin(self, text: str = "") -> None:
        """Type what to look for."""
        if text:
            self.field.setText(text)
            self.search()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def search(self) -> None:
        """Look now."""
        self._search_rest.stop()
        self._replacing.find(self.wanted)

    def _tick(self, key: str) -> QCheckBox:
        box = QCheckBox()
        self._look.language.bind(box, box.setText, key)
        self._look.language.bind(box, box.setToolTip, f"{key}.help")
        return box

    def _lay_out(self) -> None:
        options = QHBoxLayout()
        options.setSpacing(16)
        for each in (self.matches_case, self.whole_word, self.expression):
            options.addWidget(each)
        options.addStretch(1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.addWidget(self.field, 0, 0)
        grid.addLayout(options, 0, 1)
        grid.addWidget(self.by, 1, 0)
        verbs = QHBoxLayout()
        verbs.setSpacing(8)
        verbs.addWidget(self.replace)
        verbs.addWidget(self.stop)
        verbs.addStretch(1)
        verbs.addWidget(self.count)
        grid.addLayout(verbs, 1, 1)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        for page in (self._first, self._nothing, self.tree):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(grid)
        layout.addWidget(self.problem)
        layout.addWidget(self.strip)
        layout.addWidget(self._bar)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        replacing = self._replacing
        self.field.textChanged.connect(self._search_rest.start)
        self.field.returnPressed.connect(self.search)
        for box in (self.matches_case, self.whole_word, self.expression):
            box.clicked.connect(self.search)
        self._search_rest.timeout.connect(self.search)
        self.by.textChanged.connect(self._judge_rest.start)
        self.by.textChanged.connect(self._show_count)
        self.by.returnPressed.connect(self._judge)
        self._judge_rest.timeout.connect(self._judge)
        self.replace.clicked.connect(self._on_replace)
        self.stop.clicked.connect(replacing.cancel)
        self.tree.wanted.connect(self.place_wanted)
        self.tree.ticks_changed.connect(self._show_count)
        replacing.changed.connect(self._show)
        replacing.progressed.connect(lambda share: self._bar.setValue(round(share * _PER_CENT)))
        replacing.written.connect(self._on_written)
        replacing.taken_back.connect(self._on_taken_back)
        self._look.language.follow(self, self._show_anew)

    def _judge(self) -> None:
        self._judge_rest.stop()
        self._replacing.judge(self.by.text())

    def _on_replace(self) -> None:
        if self._judge_rest.isActive():
            self._judge()
        self._replacing.replace(self.tree.chosen)

    def _show_anew(self) -> None:
        self._shown = None
        self._show()

    def _show(self) -> None:
        replacing = self._replacing
        found = replacing.found
        self._bar.setVisible(replacing.is_busy)
        self.stop.setVisible(replacing.is_busy)
        error = replacing.problem
        self.problem.setText("\n".join(self._look.language.explain(error)) if error else "")
        self.problem.setVisible(error is not None)
        if found is not self._shown or found is None:
            self._shown = found
            self.tree.show_found()
        else:
            self.tree.show_replacement()
        if found is None:
            self._stack.setCurrentWidget(self._first)
        else:
            self._stack.setCurrentWidget(self.tree if found.count else self._nothing)
        self._show_count()

    def _show_count(self) -> None:
        language, replacing = self._look.language, self._replacing
        chosen = self.tree.chosen
        ticked = sum(map(len, chosen.values()))
        found = replacing.found
        why = replacing.why_not_replace
        is_settled = self.tree.is_ready and not replacing.is_busy
        can = bool(ticked) and is_settled and replacing.problem is None and not why
        self.replace.setEnabled(can)
        self.replace.setToolTip(language.text(why) if why else "")
        verb = "replace" if self.by.text() else "remove"
        counted = language.plural(f"everywhere.{verb}-count", ticked)
        self.replace.setText(counted if ticked else language.text("everywhere.replace"))
        if found is None or not found.count:
            self.count.setText("")
            return
        places = language.plural("everywhere.count", found.count)
        said = language.plural("everywhere.found", len(found.flows), places=places)
        if found.count > MOST:
            said = f"{said} · {language.text('everywhere.most', most=language.number(MOST))}"
        if found.unreadable:
            said = f"{said} · {language.plural('everywhere.unreadable', len(found.unreadable))}"
        self.count.setText(said)

    def _on_written(self, written: Written) -> None:
        plural = self._look.language.plural

        def said() -> str:
            flows = plural("everywhere.in-flows", len(written.changes))
            done = plural("everywhere.replaced", written.count, flows=flows)
            return f"{done} {plural('everywhere.left', written.left)}" if written.left else done

        ways = (Way("everywhere.take-back", self._replacing.take_back),) if written.changes else ()
        self.strip.say("ok" if written.changes else "info", said, ways)

    def _on_taken_back(self, back: TakenBack) -> None:
        plural = self._look.language.plural

        def said() -> str:
            done = plural("everywhere.taken-back", back.flows)
            return f"{done} {plural('everywhere.left-others', back.left)}" if back.left else done

        self.strip.say("warn" if back.left else "ok", said)
