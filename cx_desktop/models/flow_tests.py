"""The tests of the open flow: run after each edit, kept in its document, made where some miss."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal

from cx_desktop.domain.flow.graph import Flow, TestId
from cx_desktop.domain.flow.simulate import World
from cx_desktop.domain.flow.testing import (
    Coverage,
    Covered,
    Expectation,
    FlowTest,
    Generated,
    Ran,
    coverage,
    drop_test,
    fresh_test_id,
    generate,
    gone_through,
    possible_in,
    put_test,
    run_all,
    suite_of,
)
from cx_desktop.models.flow_graph import FlowGraphModel
from cx_desktop.models.flow_news import News
from cx_desktop.models.simulation_world import with_flow
from cx_desktop.tasks import Task, Tasks

if TYPE_CHECKING:
    from cx_desktop.domain.patch import Change

#: How long after an edit the tests wait for the next one.
QUIET_MS = 400


class FlowTests(QObject):
    """The suite of an open flow, with what became of it."""

    changed = Signal()  # other tests, or other results
    generated = Signal(object)  # Generated

    def __init__(
        self,
        model: FlowGraphModel,
        flow_id: str,
        world: World,
        *,
        tasks: Tasks,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._flow_id = flow_id
        self._base = world
        self._tasks = tasks
        self._task: Task | None = None
        self._generating: Task | None = None
        self.ran = Ran({})
        self.coverage: Coverage | None = None
        self.is_current = False
        self._wait = QTimer(self, interval=QUIET_MS, singleShot=True)
        self._wait.timeout.connect(self.run)
        model.flow_changed.connect(self._on_flow_changed)
        model.flow_reset.connect(self._outdate)
        if model.flow.tests:
            self._wait.start()

    @property
    def tests(self) -> dict[TestId, FlowTest]:
        """Every test that can be read, in order."""
        return dict(suite_of(self._model.flow).tests)

    @property
    def unreadable(self) -> tuple[TestId, ...]:
        """Tests that this program cannot read."""
        return suite_of(self._model.flow).unreadable

    @property
    def can_change(self) -> bool:
        """Whether tests may be added and removed."""
        return not self._model.is_read_only

    def know(self, world: World) -> None:
        """The world around the flow is another now."""
        self._base = world
        if self._model.flow.tests:
            self._wait.start()

    def run(self) -> None:
        """Run every test, and see what they go through."""
        self._wait.stop()
        if self._task is not None:
            self._task.cancel()
        flow, flow_id = self._model.flow, self._flow_id
        world = with_flow(self._base, flow_id, flow)
        self._task = self._tasks.run_cancellable(
            lambda task: _run(flow, flow_id, world, task), done=self._take
        )

    def generate(self) -> None:
        """Make the fewest tests that go through what no test goes through yet."""
        if self._generating is not None or not self.can_change:
            return
        flow, flow_id = self._model.flow, self._flow_id
        world = with_flow(self._base, flow_id, flow)

        def work(task: Task) -> Generated:
            ran = run_all(flow, flow_id, world, task.check)
            covered = gone_through(each.played.call for each in ran.results.values())
            return generate(flow_id, world, covered=covered.exits, check=task.check)

        self._generating = self._tasks.run_cancellable(work, done=self._add)

    @property
    def is_generating(self) -> bool:
        """Whether tests are being made."""
        return self._generating is not None

    def add(self, test: FlowTest) -> TestId | None:
        """Keep one more test; its id."""
        key = fresh_test_id(self._model.flow.tests)
        return key if self._model.do("simulator.step.add-test", put_test(key, test)) else None

    def remove(self, key: TestId) -> None:
        """Drop a test; undo brings it back."""
        self._model.do("simulator.step.remove-test", drop_test(key))

    def rename(self, key: TestId, name: str) -> None:
        """Call a test otherwise."""
        self._change(key, lambda test: replace(test, name=name))

    def expect(self, key: TestId, expectation: Expectation) -> None:
        """Let a test expect one more thing."""
        self._change(key, lambda test: replace(test, expects=(*test.expects, expectation)))

    def forgo(self, key: TestId, number: int) -> None:
        """Let a test expect one thing less."""

        def without(test: FlowTest) -> FlowTest:
            kept = (each for at, each in enumerate(test.expects) if at != number)
            return replace(test, expects=tuple(kept))

        self._change(key, without)

    def close(self) -> None:
        """Run nothing any more."""
        self._wait.stop()
        for task in (self._task, self._generating):
            if task is not None:
                task.cancel()

    def _change(self, key: TestId, how: Callable[[FlowTest], FlowTest]) -> None:
        test = self.tests.get(key)
        if test is not None:
            self._model.do("simulator.step.change-test", put_test(key, how(test)))

    def _on_flow_changed(self, told: News) -> None:
        if told.are_tests_changed or told.touched_nodes or told.is_meta_changed:
            self._outdate()

    def _outdate(self) -> None:
        self.is_current = False
        self.changed.emit()
        if self._model.flow.tests:
            self._wait.start()

    def _take(self, outcome: tuple[Ran, Coverage]) -> None:
        self._task = None
        self.ran, self.coverage = outcome
        self.is_current = True
        self.changed.emit()

    def _add(self, made: Generated) -> None:
        self._generating = None
        taken = set(self._model.flow.tests)
        changes: list[Change] = []
        for test in made.tests:
            key = fresh_test_id(taken)
            taken.add(key)
            changes.extend(put_test(key, test))
        self._model.do("simulator.step.generate", changes)
        self.generated.emit(made)
        self.changed.emit()


def _run(flow: Flow, flow_id: str, world: World, task: Task) -> tuple[Ran, Coverage]:
    ran = run_all(flow, flow_id, world, task.check)
    covered: Covered = gone_through(each.played.call for each in ran.results.values())
    return ran, coverage(flow_id, covered, possible_in(world.flows, flow_id))
