"""The tests of the open flow: each with what it expected and what happened."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QStackedLayout,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.flow.graph import TestId
from cx_desktop.domain.flow.testing import FlowTest, Result
from cx_desktop.models.flow_tests import FlowTests
from cx_desktop.views.flow_editor.stage import Stage
from cx_desktop.views.simulator import words
from cx_desktop.views.widgets.button import Button, IconButton
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

_KEY = int(Qt.ItemDataRole.UserRole)
_NUMBER = _KEY + 1


class TestsPanel(QWidget):
    """The suite; choosing a test or an expectation replays it there."""

    replay_wanted = Signal(str, int)  # test, moment of the call
    verb_wanted = Signal(str)
    _named = Signal(str, str)  # test, its name; told when the tree is done with its item
    __test__ = False  # not one of pytest's

    def __init__(
        self, look: Look, stage: Stage, tests: FlowTests, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._stage = stage
        self._tests = tests
        self._is_filling = False
        self.run = Button(look, "simulator.verb.run-tests", kind="primary", icon="play")
        self.generate = Button(look, "simulator.verb.generate", icon="magic-wand")
        self.coverage = IconButton(look, "paint-brush", "simulator.verb.coverage")
        self.coverage.setCheckable(True)
        self.remove = IconButton(look, "trash", "simulator.verb.remove-test", shortcut="Del")
        self.expect = IconButton(look, "check-square", "simulator.verb.expect")
        self.forbid = IconButton(look, "prohibit", "simulator.verb.forbid")
        self.state = Label("", "strong")
        self.share = Label("", "small")
        self.tree = QTreeWidget()
        self._prepare()
        self._pages = QStackedLayout()
        self._pages.addWidget(self._nothing())
        self._pages.addWidget(self.tree)
        self._lay_out()
        tests.changed.connect(self.refresh)
        self._named.connect(self._rename, Qt.ConnectionType.QueuedConnection)
        look.language.follow(self, self.refresh)

    @property
    def chosen(self) -> TestId | None:
        """The test that is selected, itself or one of its expectations."""
        item = self.tree.currentItem()
        return TestId(str(item.data(0, _KEY))) if item is not None else None

    @property
    def expectation(self) -> int | None:
        """The number of the expectation that is selected."""
        item = self.tree.currentItem()
        number = item.data(0, _NUMBER) if item is not None else None
        return number if isinstance(number, int) else None

    def refresh(self) -> None:
        """Show the tests as they stand."""
        chosen, number = self.chosen, self.expectation
        tests = self._tests.tests
        self._is_filling = True
        self.tree.clear()
        text = self._look.language.text
        self.tree.setHeaderLabels(
            [text("simulator.tests.expected"), text("simulator.tests.happened")]
        )
        for key, test in tests.items():
            item = self._item(key, test)
            self.tree.addTopLevelItem(item)
            result = self._tests.ran.results.get(key)
            item.setExpanded(result is not None and not result.has_passed)
        for key in self._tests.unreadable:
            item = QTreeWidgetItem([key, text("simulator.tests.unreadable")])
            item.setData(0, _KEY, key)
            self._mark(item, "question", "warn")
            self.tree.addTopLevelItem(item)
        self._is_filling = False
        self._choose(chosen, number)
        self._pages.setCurrentIndex(1 if self.tree.topLevelItemCount() else 0)
        self._show_state()

    def _item(self, key: TestId, test: FlowTest) -> QTreeWidgetItem:
        result = self._tests.ran.results.get(key)
        is_known = result is not None and result.test == test
        item = QTreeWidgetItem([words.name_of(self._stage, key, test), ""])
        item.setData(0, _KEY, key)
        if self._tests.can_change:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        if result is None or not is_known:
            item.setText(1, self._look.language.text("simulator.tests.not-run"))
            self._mark(item, "circle-dashed", "muted")
        else:
            self._tell(item, result)
        for number, each in enumerate(test.expects):
            below = QTreeWidgetItem([words.expected(self._stage, each), ""])
            below.setData(0, _KEY, key)
            below.setData(0, _NUMBER, number)
            if is_known and result is not None:
                verdict = result.verdicts[number]
                self._mark(below, *_LOOK[verdict.is_met])
                if verdict.instead is not None:
                    below.setText(1, words.happened(self._stage, verdict.instead))
            item.addChild(below)
        return item

    def _tell(self, item: QTreeWidgetItem, result: Result) -> None:
        language = self._look.language
        self._mark(item, *_LOOK[result.has_passed])
        if result.has_passed:
            item.setText(1, language.text("simulator.tests.passed"))
        elif result.left_over:
            item.setText(1, language.plural("simulator.tests.left-over", result.left_over))
        else:
            count = sum(not each.is_met for each in result.verdicts)
            item.setText(1, language.plural("simulator.tests.unmet", count))

    def _mark(self, item: QTreeWidgetItem, icon: str, role: str) -> None:
        item.setIcon(0, self._look.icons.icon(icon, role))

    def _choose(self, key: TestId | None, number: int | None) -> None:
        for at in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(at)
            if item is not None and item.data(0, _KEY) == key:
                inside = item.child(number) if number is not None else None
                self.tree.setCurrentItem(inside or item)

    def _show_state(self) -> None:
        language, ran = self._look.language, self._tests.ran
        count = len(self._tests.tests) + len(self._tests.unreadable)
        failed = len(ran.failed)
        if not count:
            self.state.setText("")
        elif not self._tests.is_current:
            self.state.setText(language.plural("simulator.tests.waiting", count))
        elif failed:
            self.state.setText(language.plural("simulator.tests.red", failed, total=count))
        else:
            self.state.setText(language.plural("simulator.tests.green", count))
        covered = self._tests.coverage
        self.share.setText(
            language.text(
                "simulator.coverage.share",
                exits=len(covered.possible_exits) - len(covered.missing),
                total=len(covered.possible_exits),
            )
            if covered is not None and count
            else ""
        )
        can_change = self._tests.can_change
        self.run.setEnabled(count > 0)
        self.generate.setEnabled(can_change and not self._tests.is_generating)
        for each in (self.remove, self.expect, self.forbid):
            each.setEnabled(can_change and count > 0)
        self.coverage.setEnabled(count > 0)

    def _prepare(self) -> None:
        tree = self.tree
        tree.setProperty("role", "plain")
        tree.setColumnCount(2)
        tree.setColumnWidth(0, 460)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self._look.language.bind(tree, tree.setAccessibleName, "simulator.tests")
        tree.itemActivated.connect(lambda item, _column: self._replay(item))
        tree.itemClicked.connect(lambda item, _column: self._replay(item))
        tree.itemChanged.connect(self._on_item_changed)

    def _replay(self, item: QTreeWidgetItem) -> None:
        key, number = TestId(str(item.data(0, _KEY))), item.data(0, _NUMBER)
        result = self._tests.ran.results.get(key)
        beat = 0
        if result is not None and isinstance(number, int) and number < len(result.verdicts):
            beat = result.verdicts[number].beat
        elif result is not None and not result.has_passed:
            beat = result.beat
        self.replay_wanted.emit(key, beat)

    def _on_item_changed(self, item: QTreeWidgetItem, column: int) -> None:
        if not self._is_filling and column == 0 and item.data(0, _NUMBER) is None:
            self._named.emit(str(item.data(0, _KEY)), item.text(0).strip())

    def _rename(self, key: str, name: str) -> None:
        self._tests.rename(TestId(key), name)

    def _nothing(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.addStretch(1)
        for key, role in (
            ("simulator.tests.none.title", "strong"),
            ("simulator.tests.none.text", "small"),
        ):
            label = Label.of(self._look, key, role, wraps=True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addStretch(1)
        return page

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 6, 8, 4)
        bar.setSpacing(6)
        for each in (self.run, self.generate, self.coverage, self.expect, self.forbid, self.remove):
            bar.addWidget(each)
        bar.addWidget(self.state)
        bar.addWidget(self.share)
        bar.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addLayout(self._pages, 1)
        self.run.clicked.connect(lambda: self.verb_wanted.emit("simulator.run-tests"))
        self.generate.clicked.connect(lambda: self.verb_wanted.emit("simulator.generate"))
        self.coverage.clicked.connect(lambda: self.verb_wanted.emit("simulator.coverage"))
        self.remove.clicked.connect(lambda: self.verb_wanted.emit("simulator.remove-test"))
        self.expect.clicked.connect(lambda: self.verb_wanted.emit("simulator.expect"))
        self.forbid.clicked.connect(lambda: self.verb_wanted.emit("simulator.forbid"))


_LOOK = {True: ("check-circle", "ok"), False: ("x-circle", "block")}
