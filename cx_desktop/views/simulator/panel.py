"""The simulator below the canvas: telephone, conversation, conditions and variables."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSplitter,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.flow.behaviour import HangUp, Key, Outcome, Silence
from cx_desktop.domain.flow.graph import ExitId
from cx_desktop.models.simulation import Simulation
from cx_desktop.views.flow_editor.stage import Stage
from cx_desktop.views.simulator.conditions import Conditions
from cx_desktop.views.simulator.keypad import KEYS, Keypad
from cx_desktop.views.simulator.transcript_list import TranscriptList
from cx_desktop.views.simulator.watch import Watch
from cx_desktop.views.widgets.button import Button, IconButton
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look


class SimulatorPanel(QWidget):
    """Plays one call of the open flow."""

    verb_wanted = Signal(str)  # the id of a command, run by the bench
    answered = Signal(object)  # Stimulus

    def __init__(
        self, look: Look, stage: Stage, simulation: Simulation, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._stage = stage
        self._simulation = simulation
        self.keypad = Keypad(look)
        self.transcript = TranscriptList(look)
        self.watch = Watch(look)
        self.conditions = Conditions(look, simulation.base.zone)
        self.state = Label("", "strong")
        self.asked = Label("", "small", wraps=True)
        self.start = Button(look, "simulator.start", kind="primary", icon="play")
        self.save = Button(look, "simulator.save", icon="floppy-disk")
        self.speak = IconButton(look, "speaker-high", "simulator.verb.speak")
        self.speak.setCheckable(True)
        self.answers = QHBoxLayout()
        self.answers.setSpacing(4)
        self._answer_buttons: list[QToolButton] = []
        self._tools = {
            name: IconButton(look, icon, f"simulator.verb.{name}", shortcut=keys)
            for name, icon, keys in (
                ("back", "skip-back", "Shift+F7"),
                ("step", "skip-forward", "F7"),
                ("run", "fast-forward", "F6"),
                ("run-until", "crosshair", "Ctrl+F6"),
                ("breakpoint", "flag", "F9"),
            )
        }
        self._lay_out()
        self._connect()
        look.language.follow(self, self.refresh)

    def refresh(self) -> None:
        """Show the moment the call is at."""
        simulation = self._simulation
        call, asked = simulation.call, simulation.tape.asked
        self.transcript.show_call(call, dict(self._stage.words.context.flows or {}))
        self.watch.show_call(call)
        keys = frozenset(asked.keys) if asked else frozenset[str]()
        if asked is not None and asked.takes_digits:
            keys = frozenset(KEYS)
        self.keypad.show_keys(keys, is_possible=not simulation.tape.is_over)
        self.start.say("simulator.start" if call is None else "simulator.again")
        self.start.setEnabled(simulation.can_begin)
        self.save.setEnabled(call is not None and self._stage.editing.is_possible)
        self._tools["back"].setEnabled(simulation.tape.can_go_back)
        for name in ("step", "run", "run-until"):
            self._tools[name].setEnabled(not simulation.tape.is_over)
        self.state.setText(self._state_words())
        self.asked.setText(self._asked_words())
        self._show_answers(asked.outcomes if asked is not None else ())

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 6, 8, 4)
        bar.setSpacing(6)
        bar.addWidget(self.start)
        for tool in (*self._tools.values(), self.speak):
            bar.addWidget(tool)
        bar.addWidget(self.state, 1)
        bar.addWidget(self.save)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(4)
        column.addWidget(self.transcript, 1)
        column.addWidget(self.asked)
        column.addLayout(self.answers)
        beside = QTabWidget()
        beside.setDocumentMode(True)
        for widget, key in (
            (self.conditions, "simulator.conditions"),
            (self.watch, "simulator.watch"),
        ):
            at = beside.addTab(widget, "")
            self._look.language.bind(widget, partial(beside.setTabText, at), key)
        self.beside = beside
        across = QSplitter(Qt.Orientation.Horizontal)
        for each in (self.keypad, middle, beside):
            across.addWidget(each)
        across.setSizes([170, 620, 340])
        across.setStretchFactor(0, 0)
        across.setStretchFactor(1, 1)
        across.setChildrenCollapsible(False)
        across.setHandleWidth(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(across, 1)

    def _connect(self) -> None:
        self.keypad.pressed.connect(lambda key: self.answered.emit(Key(key)))
        self.keypad.silent.connect(lambda: self.answered.emit(Silence()))
        self.keypad.hung_up.connect(lambda: self.answered.emit(HangUp()))
        self.transcript.pressed.connect(lambda key: self.answered.emit(Key(key)))
        self.transcript.node_chosen.connect(self._show_node)
        self.start.clicked.connect(lambda: self.verb_wanted.emit("simulator.start"))
        self.save.clicked.connect(lambda: self.verb_wanted.emit("simulator.save"))
        for name, button in self._tools.items():
            button.clicked.connect(
                lambda _checked=False, name=name: self.verb_wanted.emit(f"simulator.{name}")
            )

    def _show_node(self, flow: str, node: str) -> None:
        if flow == self._simulation.flow_id:
            known = [each for each in self._stage.model.flow.nodes if each == node]
            self._stage.selection.select(known)

    def _show_answers(self, ways: tuple[ExitId, ...]) -> None:
        """What the world may answer here, one button each."""
        for old in self._answer_buttons:
            self.answers.removeWidget(old)
            old.deleteLater()
        self._answer_buttons = []
        call = self._simulation.call
        if call is None or self.answers.count():
            while self.answers.count():
                self.answers.takeAt(0)
        for way in ways if call is not None else ():
            button = QToolButton()
            button.setText(self._answer_words(way))
            button.clicked.connect(lambda _checked=False, way=way: self.answered.emit(Outcome(way)))
            self.answers.addWidget(button)
            self._answer_buttons.append(button)
        self.answers.addStretch(1)

    def _answer_words(self, way: ExitId) -> str:
        call = self._simulation.call
        name = self._stage.words.exit_of(call.step.node, way) if call is not None else way
        return self._look.language.text("call.happened", exit=name)

    def _state_words(self) -> str:
        simulation, text = self._simulation, self._look.language.text
        call = simulation.call
        if call is None:
            return text("simulator.none" if simulation.can_begin else "simulator.no-start")
        minutes, seconds = divmod(int(call.cost.seconds), 60)
        clock = f"{minutes}:{seconds:02d}"
        if call.end is not None:
            words = text("simulator.over", clock=clock, end=text(f"simulator.end.{call.end.value}"))
        else:
            node = self._stage.words.title(call.step.node)
            words = text("simulator.at", clock=clock, node=node)
        if simulation.is_stale:
            words = f"{words} {text('simulator.stale')}"
        return words

    def _asked_words(self) -> str:
        asked, text = self._simulation.tape.asked, self._look.language.text
        if asked is None:
            return ""
        if self._simulation.tape.is_replaying:
            return text("simulator.replaying")
        if asked.takes_digits:
            return text("simulator.asks-digits")
        if asked.keys:
            return text("simulator.asks-keys", keys=" ".join(asked.keys))
        return text("simulator.asks-turn" if asked.waits else "simulator.goes-on")
