"""Ties the simulator and the tests to an open editor: panels, verbs, marks on the canvas."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.finding import Finding
from cx_desktop.domain.flow.analysis.exploration import explore
from cx_desktop.domain.flow.analysis.witness import Witness, claim_of, witness
from cx_desktop.domain.flow.behaviour import Digits, Key, Outcome, Stimulus
from cx_desktop.domain.flow.graph import ExitId, TestId
from cx_desktop.domain.flow.simulate import Call, World
from cx_desktop.domain.flow.simulate.events import Did, Said
from cx_desktop.domain.flow.testing import Given, NeverVisits, Visits
from cx_desktop.models.commands import Command, Commands, Scope
from cx_desktop.models.flow_tests import FlowTests
from cx_desktop.models.simulation import Simulation
from cx_desktop.models.simulation_world import Around, Recordings, Surroundings, with_flow
from cx_desktop.tasks import Errands, Tasks
from cx_desktop.views.flow_editor.editor import FlowEditor
from cx_desktop.views.flow_editor.verbs import GROUP, Verbs
from cx_desktop.views.simulator.panel import SimulatorPanel
from cx_desktop.views.simulator.reading import Reading, utterances
from cx_desktop.views.simulator.tests_panel import TestsPanel
from cx_desktop.views.simulator.tracking import Tracking
from cx_desktop.views.widgets.look import Look

if TYPE_CHECKING:
    from cx_desktop.views.simulator.voice import Voice

#: The height of the panels, in pixels.
SIMULATOR_HEIGHT, TESTS_HEIGHT = 300, 240


class Bench(QObject):
    """Everything that plays calls of one open flow."""

    def __init__(
        self,
        look: Look,
        editor: FlowEditor,
        around: Around,
        world: World,
        *,
        commands: Commands,
        tasks: Tasks,
    ) -> None:
        super().__init__(editor)
        self._look = look
        self._editor = editor
        self._around = around
        self._errands = Errands(tasks)
        self._world = world
        self._spoken = 0
        self._recordings: Recordings = {}
        self.reading = Reading(around.sounds, voice=_first_voice, parent=self)
        self._asked_for: Call | None = None
        stage = editor.stage
        self.simulation = Simulation(stage.model, around.flow_id, world, self)
        self.tracking = Tracking(look, editor, self.simulation)
        self.tests = FlowTests(stage.model, around.flow_id, world, tasks=tasks, parent=self)
        self.panel = SimulatorPanel(look, stage, self.simulation)
        self.suite = TestsPanel(look, stage, self.tests)
        editor.dock.add_panel(self.panel, SIMULATOR_HEIGHT)
        editor.dock.add_panel(self.suite, TESTS_HEIGHT)
        self._verbs = Verbs(look, commands, self)
        self._verbs.add((editor,), *self._commands())
        self._commands_by_name = commands
        self._connect()
        self._show_world()
        self.refresh_world()

    def refresh_world(self) -> None:
        """Read the project around the flow again."""
        self._errands.run(self._around.read, done=self._know)

    def close(self) -> None:
        """Take panels' work and verbs away; what is still being read comes to nothing."""
        self._errands.drop()
        self.reading.hush()
        self.tests.close()
        self._verbs.close()

    def show_by_call(self, finding: Finding) -> None:
        """Replay a call that shows a finding, where one is known."""
        claim = claim_of(finding, self._around.flow_id)
        flows = with_flow(self._world, self._around.flow_id, self._editor.stage.model.flow).flows
        world = self._world
        if claim is None:
            self._on_witness(None)
            return

        def work() -> Witness | None:
            explored = explore(flows, self._around.flow_id, lengths=world.lengths)
            return witness(explored, claim, world)

        self._errands.run(work, done=self._on_witness)

    def _on_witness(self, shown: Witness | None) -> None:
        if shown is None:
            text = self._look.language.text
            self._editor.notice.say("info", lambda: text("simulator.no-witness"))
            return
        self.simulation.show(shown)
        self.panel.conditions.show_given(self.simulation.given)
        self._editor.dock.show_panel(self.panel)

    def _connect(self) -> None:
        editor, simulation = self._editor, self.simulation
        for each in (self.panel, self.suite):
            each.verb_wanted.connect(self._run_verb)
        self.panel.answered.connect(self._answer)
        self.panel.conditions.changed.connect(simulation.give)
        self.panel.conditions.real.setVisible(self._around.ask is not None)
        self.panel.conditions.real_wanted.connect(self._ask_for_real)
        self.suite.replay_wanted.connect(self._replay)
        self.panel.speak.toggled.connect(self._on_speak_toggled)
        self.reading.mute.connect(self._say_that_it_is_mute)
        simulation.changed.connect(self._on_call_changed)
        simulation.breakpoints_changed.connect(self._mark)
        self.tests.changed.connect(self._on_tests_changed)
        self.tests.generated.connect(self._on_generated)
        editor.findings_list.call_wanted.connect(self.show_by_call)
        editor.stage.model.flow_changed.connect(self._on_flow_changed)
        self._look.language.follow(self, self._count_tests)

    def _commands(self) -> Iterator[Command]:
        simulation, tests = self.simulation, self.tests

        def make(
            name: str,
            run: Callable[[], object],
            shortcut: str = "",
            icon: str = "",
            when: Callable[[], bool] = lambda: True,
            why: str = "simulator.reason.no-call",
        ) -> Command:
            return Command(
                f"simulator.{name}",
                f"simulator.verb.{name}",
                run,
                shortcut=shortcut,
                is_enabled=when,
                reason_key=why,
                icon=icon,
                group_key=GROUP,
                scope=Scope.WIDGET,
            )

        def is_on() -> bool:
            return not simulation.tape.is_over

        def has_node() -> bool:
            return self._editor.stage.selection.node is not None

        def can_change() -> bool:
            return tests.can_change and self.suite.chosen is not None

        yield make("show", self._show, "Ctrl+Shift+M", "phone-call")
        yield make(
            "start",
            self._start,
            "F5",
            "play",
            lambda: simulation.can_begin,
            "simulator.reason.no-start",
        )
        yield make("step", simulation.step, "F7", "skip-forward", is_on)
        yield make(
            "back", simulation.back, "Shift+F7", "skip-back", lambda: simulation.tape.can_go_back
        )
        yield make("run", simulation.run, "F6", "fast-forward", is_on)
        yield make(
            "run-until",
            lambda: simulation.run(until=self._editor.stage.selection.node),
            "Ctrl+F6",
            "crosshair",
            lambda: is_on() and has_node(),
            "simulator.reason.no-node",
        )
        yield make("breakpoint", self._toggle, "F9", "flag", has_node, "simulator.reason.no-node")
        yield make("stop", simulation.stop, "Shift+F5", "stop", lambda: simulation.call is not None)
        yield make("save", self._save, "", "floppy-disk", lambda: simulation.call is not None)
        yield make("speak", self.panel.speak.toggle, "", "speaker-high")
        yield make("tests", lambda: self._editor.dock.show_panel(self.suite), "Ctrl+Shift+U")
        yield make("run-tests", self._run_tests, "Ctrl+F5", "play")
        yield make(
            "generate",
            self._generate,
            "",
            "magic-wand",
            lambda: tests.can_change,
            "editor.reason.read-only",
        )
        yield make("coverage", self._mark, "", "paint-brush")
        yield make("remove-test", self._remove, "", "trash", can_change, "simulator.reason.no-test")
        for name, icon in (("expect", "check-square"), ("forbid", "prohibit")):
            yield make(
                name,
                partial(self._expect, name),
                "",
                icon,
                lambda: can_change() and has_node(),
                "simulator.reason.no-test-or-node",
            )

    def _run_verb(self, command: str) -> None:
        self._commands_by_name.run(command)

    def _know(self, around: Surroundings) -> None:
        self._world, self._recordings = around.world, around.recordings
        self.simulation.know(around)
        self.tests.know(around.world)
        if self.simulation.call is None:
            called = around.numbers[0] if around.numbers else ""
            self.simulation.give(Given(at=around.world.started, called=called))
        self.panel.conditions.offer_numbers(around.numbers)
        self._show_world()

    def _show_world(self) -> None:
        stage = self._editor.stage
        self.panel.conditions.show_flow(stage.model.flow, stage.words.context, self._world)
        self.panel.conditions.show_given(self.simulation.given)

    def _on_flow_changed(self) -> None:
        stage = self._editor.stage
        self.panel.conditions.show_flow(stage.model.flow, stage.words.context, self._world)
        if self.simulation.call is not None:
            self.panel.refresh()

    def _show(self) -> None:
        self._editor.dock.show_panel(self.panel)
        self.panel.keypad.keys["1"].setFocus()

    def _start(self) -> None:
        self._spoken = 0
        self.simulation.start()
        self._editor.dock.show_panel(self.panel)
        self.simulation.run()
        self.panel.transcript.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer(self, stimulus: Stimulus) -> None:
        """What the caller does, then on to their next turn; digits are gathered by the node."""
        self.simulation.do(stimulus)
        if not self.simulation.tape.is_waiting:
            self.simulation.run()

    def _toggle(self) -> None:
        node = self._editor.stage.selection.node
        if node is not None:
            self.simulation.toggle_breakpoint(node)

    def _save(self) -> None:
        call = self.simulation.call
        if call is None:
            return
        keys = "".join(
            each.stimulus.key if isinstance(each.stimulus, Key) else each.stimulus.keys
            for each in call.events
            if isinstance(each, Did) and isinstance(each.stimulus, Key | Digits)
        )
        test = self.simulation.as_test(
            self._look.language.text("simulator.test.keys", keys=keys) if keys else ""
        )
        if test is not None and self.tests.add(test) is not None:
            self._editor.dock.show_panel(self.suite)

    def _run_tests(self) -> None:
        self._editor.dock.show_panel(self.suite)
        self.tests.run()

    def _generate(self) -> None:
        self._editor.dock.show_panel(self.suite)
        self.tests.generate()
        self.suite.refresh()

    def _remove(self) -> None:
        key, number = self.suite.chosen, self.suite.expectation
        if key is not None and number is not None:
            self.tests.forgo(key, number)
        elif key is not None:
            self.tests.remove(key)

    def _expect(self, name: str) -> None:
        key, node = self.suite.chosen, self._editor.stage.selection.node
        if key is not None and node is not None:
            self.tests.expect(key, Visits(node) if name == "expect" else NeverVisits(node))

    def _replay(self, key: str, beat: int) -> None:
        test = self.tests.tests.get(TestId(key))
        if test is not None:
            self.simulation.replay(test.given, test.script, beat)
            self.panel.conditions.show_given(test.given)

    def _on_call_changed(self) -> None:
        self.panel.refresh()
        self.tracking.follow()
        self._mark()
        self._read_aloud()
        self._ask_network()

    def _ask_for_real(self, is_on: bool) -> None:  # noqa: FBT001  (a slot)
        self.simulation.is_real = is_on

    def _ask_network(self) -> None:
        """Bring the real answer of the lookup that the call is at, when that is wanted."""
        request, ask, call = self.simulation.request, self._around.ask, self.simulation.call
        if request is None or ask is None or call is self._asked_for:
            return
        self._asked_for = call
        text = self._look.language.text
        self.panel.asked.setText(text("simulator.asking", url=request.url))

        def answer(outcome: Outcome) -> None:
            if self.simulation.call is call:
                self._answer(outcome)

        def fail(error: CXError) -> None:
            said = self._look.language.explain(error)
            self._editor.notice.say("warn", lambda: " ".join(said))
            answer(Outcome(ExitId("http_error")))

        self._errands.run(lambda: ask(request), done=answer, failed=fail)

    def _on_tests_changed(self) -> None:
        self._count_tests()
        self._mark()

    def _on_generated(self, made: object) -> None:
        count, missing = len(getattr(made, "tests", ())), len(getattr(made, "missing", ()))
        language = self._look.language

        def words() -> str:
            said = language.plural("simulator.generated", count)
            if not missing:
                return said
            return f"{said} {language.plural('simulator.generated.missing', missing)}"

        self._editor.notice.say("info" if missing else "ok", words)

    def _count_tests(self) -> None:
        language, dock = self._look.language, self._editor.dock
        count, failed = len(self.tests.tests), len(self.tests.ran.failed)
        key = "simulator.tab.red" if failed else "simulator.tab.tests"
        dock.setTabText(dock.indexOf(self.panel), language.text("simulator.tab"))
        dock.setTabText(dock.indexOf(self.suite), language.text(key, count=count, failed=failed))

    def _mark(self) -> None:
        """Show the call, and what tests go through, on the canvas."""
        stage = self._editor.stage
        self.tracking.mark()
        coverage = self.tests.coverage if self.suite.coverage.isChecked() else None
        stage.marks.covered = (
            {}
            if coverage is None
            else {node: _share(coverage.of(node)) for node in stage.model.flow.nodes}
        )
        stage.changed.emit()

    def _read_aloud(self) -> None:
        call = self.simulation.call
        said = [each for each in call.events if isinstance(each, Said)] if call else []
        new, self._spoken = said[self._spoken :], len(said)
        if call is None or not self.panel.speak.isChecked():
            self.reading.hush()
        elif new:
            self.reading.read(utterances(new, self._recordings))

    def _on_speak_toggled(self, is_on: bool) -> None:  # noqa: FBT001  (a slot)
        if not is_on:
            self.reading.hush()

    def _say_that_it_is_mute(self) -> None:
        text = self._look.language.text
        self.panel.speak.setChecked(False)
        self._editor.notice.say("info", lambda: text("simulator.no-voice"))


def _first_voice() -> "Voice":
    from cx_desktop.views.simulator.voice import Voice  # noqa: PLC0415  (it loads sound drivers)

    return Voice()


def _share(share: float | None) -> float:
    """How much of a node is covered; -1 where no call can come."""
    return -1.0 if share is None else share
