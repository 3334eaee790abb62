"""The player: from any place, in any manner, and what happens when sound or headset goes away."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.domain.errors import CXError
from cx_desktop.models.idle import Idle
from cx_desktop.models.recordings.player import Heard, Player, PlayerState, Voices
from cx_desktop.models.recordings.source import SoundSource
from cx_desktop.tasks import Tasks
from tests.audio.test_recorded import hertz
from tests.fakes.output import FakeOutput
from tests.fakes.recorded import AGENT_HERTZ, CALLER_HERTZ, Held, as_file, dialogue, tones


class Stage:
    """A player with a loudspeaker whose time passes as tests say."""

    def __init__(self, qtbot: QtBot, output: FakeOutput) -> None:
        self.bot = qtbot
        self.output = output
        self.tasks = Tasks()
        self.player = Player(self.tasks, output)
        self.sources: list[Held] = []

    def take(
        self,
        content: bytes,
        *,
        seconds: float = 10.0,
        is_here: bool = True,
        fails: Callable[[int], bool] = lambda _offset: False,
    ) -> None:
        def opens() -> SoundSource:
            self.sources.append(Held(content, fails=fails))
            return self.sources[-1]

        self.player.take(Heard("r1", seconds, opens, is_here))

    def until(self, holds: Callable[[], bool]) -> None:
        self.bot.waitUntil(holds, timeout=10_000)

    def ready(self) -> None:
        self.until(lambda: self.player.state is PlayerState.READY)

    def known(self) -> None:
        self.until(lambda: self.player.speech.talk is not None)

    def run(self, seconds: float) -> None:
        """Let so much be heard, once it plays where it was sent."""
        self.until(lambda: not self.player.is_playing or self.output.is_running)
        until = self.output.heard() + seconds
        starts = self.output.starts

        def is_heard() -> bool:
            self.output.run(min(0.1, until - self.output.heard()))
            return self.output.heard() >= until - 1e-6 or self.output.starts != starts

        self.until(is_heard)
        self.bot.wait(50)

    def run_out(self) -> None:
        def is_out() -> bool:
            self.output.run(0.3)
            return not self.player.is_playing

        self.until(is_out)


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    made = Stage(qtbot, FakeOutput())
    yield made
    made.player.close()
    qtbot.waitUntil(lambda: made.tasks.is_idle)
    made.tasks.close()
    assert all(source.is_closed for source in made.sources)


def test_it_plays_from_its_start_to_its_end_and_begins_anew(stage: Stage) -> None:
    stage.take(as_file(tones(2.0)), seconds=2)
    stage.ready()
    stage.player.play()
    with stage.bot.waitSignal(stage.player.ended):
        stage.run_out()
    assert stage.player.place == pytest.approx(2.0)
    assert len(stage.output.sound) / 8_000 == pytest.approx(2.15, abs=0.02)
    stage.player.play()
    assert stage.player.place == 0.0


def test_what_lies_elsewhere_is_not_asked_for_before_somebody_plays_it(stage: Stage) -> None:
    stage.take(as_file(tones(2.0)), is_here=False)
    assert stage.player.state is PlayerState.CLOSED
    assert stage.sources == []
    assert stage.player.seconds == 10.0
    stage.player.play()
    stage.until(lambda: stage.player.is_playing)
    assert stage.player.problem is None


def test_the_place_follows_what_is_heard_at_any_speed(stage: Stage) -> None:
    stage.take(as_file(tones(10.0)))
    stage.ready()
    stage.player.set_speed(2.0)
    stage.player.play()
    stage.run(2.0)
    assert stage.player.place == pytest.approx(4.0, abs=0.1)
    stage.player.set_speed(0.5)
    stage.run(1.0)
    assert stage.player.place == pytest.approx(4.5, abs=0.1)


def test_skipping_and_seeking_go_on_playing_from_there(stage: Stage) -> None:
    stage.take(as_file(dialogue([(0, 0, 4), (1, 5, 10)], 10.0)))
    stage.ready()
    stage.player.play()
    stage.run(0.5)
    stage.player.skip(5)
    stage.run(0.5)
    assert hertz(stage.output.sound[:4000, 0]) == pytest.approx(CALLER_HERTZ, abs=5)
    stage.player.skip(-15)
    assert stage.player.place == 0.0
    stage.player.skip(100)
    assert stage.player.place == 10.0


def test_a_pause_holds_the_place_and_another_manner_waits_for_the_next_play(stage: Stage) -> None:
    stage.take(as_file(tones(10.0)))
    stage.ready()
    stage.player.play()
    stage.run(1.0)
    stage.player.pause()
    assert not stage.output.is_running
    place, starts = stage.player.place, stage.output.starts
    stage.player.hear(Voices.AGENT)
    assert stage.output.starts == starts
    stage.player.play()
    stage.run(0.5)
    assert stage.player.place == pytest.approx(place + 0.5, abs=0.1)
    assert hertz(stage.output.sound[:, 0]) == pytest.approx(AGENT_HERTZ, abs=5)


def test_a_loop_is_marked_by_one_verb_and_left_by_going_elsewhere(stage: Stage) -> None:
    player = stage.player
    stage.take(as_file(tones(10.0)))
    stage.ready()
    player.seek(4.0)
    player.mark_loop()
    player.seek(2.0)
    player.mark_loop()
    assert player.manner.loop == (2.0, 4.0)
    player.play()
    stage.run(3.0)
    assert player.place == pytest.approx(3.0, abs=0.15)
    player.seek(8.0)
    assert player.manner.loop is None
    assert player.loop_start is None


def test_turns_are_gone_to_and_told(stage: Stage) -> None:
    player = stage.player
    stage.take(as_file(dialogue([(0, 1, 2), (1, 3, 5), (0, 6, 7)], 10.0)))
    stage.known()
    player.to_turn(1)
    assert player.place == pytest.approx(1.0, abs=0.05)
    player.to_turn(1)
    player.skip(1.5)
    assert player.speech.at(player.place) == (1,)
    player.to_turn(-1)
    assert player.place == pytest.approx(3.0, abs=0.05)
    player.to_turn(-1)
    assert player.place == pytest.approx(1.0, abs=0.05)


def test_pulling_out_the_headset_pauses(stage: Stage) -> None:
    stage.take(as_file(tones(10.0)))
    stage.ready()
    stage.player.play()
    stage.run(0.5)
    with stage.bot.waitSignal(stage.player.headset_lost):
        stage.output.lose()
    assert not stage.player.is_playing
    assert stage.player.place == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "problem.recording-empty"),
        (b"PK\x03\x04" + bytes(500), "problem.recording-not-sound"),
        (as_file(tones(1.0))[:20], "problem.recording-damaged"),
    ],
)
def test_a_bad_file_gives_its_reason_and_the_next_one_plays(
    stage: Stage, content: bytes, reason: str
) -> None:
    stage.take(content)
    stage.until(lambda: stage.player.state is PlayerState.FAILED)
    assert stage.player.problem is not None
    assert stage.player.problem.key == reason
    stage.player.play()
    stage.until(lambda: stage.player.state is PlayerState.FAILED)
    stage.take(as_file(tones(1.0)))
    stage.ready()
    assert stage.player.problem is None


def test_sound_that_stops_coming_pauses_there_and_play_tries_again(stage: Stage) -> None:
    is_down = True
    stage.take(as_file(tones(60.0)), seconds=60, fails=lambda offset: is_down and offset > 200_000)
    stage.ready()
    stage.sources[-1].is_retryable = False
    stage.player.seek(4.0)
    stage.player.play()
    stage.run_out()
    assert stage.player.problem is not None
    assert stage.player.problem.key == "problem.unreachable"
    place = stage.player.place
    assert place > 4.0
    is_down = False
    stage.player.play()
    stage.run(1.0)
    assert stage.player.problem is None
    assert stage.player.place > place


def test_a_line_that_is_cut_for_a_moment_is_not_noticed(stage: Stage) -> None:
    is_down = False
    stage.take(as_file(tones(60.0)), seconds=60, fails=lambda offset: is_down and offset > 200_000)
    stage.ready()
    stage.player.seek(4.0)
    stage.player.play()
    is_down = True
    stage.run(1.0)
    is_down = False
    stage.until(lambda: stage.output.run(0.2) > 8.0)
    assert stage.player.is_playing
    assert stage.player.problem is None


class Attentive(FakeOutput):
    """Looks at something when the first of the sound comes."""

    looks: Callable[[], float]
    seen: float | None = None

    def write(self, frames: bytes) -> int:
        if self.seen is None:
            self.seen = self.looks()
        return super().write(frames)


def test_the_first_of_the_sound_comes_before_the_waveform(qtbot: QtBot) -> None:
    output = Attentive()
    stage = Stage(qtbot, output)
    output.looks = lambda: stage.player.waveform.share if stage.player.waveform else -1.0
    stage.take(as_file(tones(10.0)), is_here=False)
    stage.player.play()
    stage.known()
    assert output.seen == 0.0
    stage.player.close()
    qtbot.waitUntil(lambda: stage.tasks.is_idle)
    stage.tasks.close()


@pytest.mark.parametrize("is_paused", [True, False])
def test_the_waveform_comes_though_nothing_is_heard(stage: Stage, *, is_paused: bool) -> None:
    stage.take(as_file(tones(2.0)), seconds=2, is_here=False)
    stage.player.play()
    if is_paused:
        stage.until(lambda: stage.player.is_playing)
        stage.player.pause()
    else:
        stage.output.no_output = "problem.no-audio-output"
    stage.known()


def test_the_waveform_is_taken_up_where_the_line_broke(stage: Stage) -> None:
    is_down = True
    stage.take(as_file(tones(60.0)), seconds=60, fails=lambda offset: is_down and offset > 700_000)
    stage.ready()
    waveform = stage.player.waveform
    assert waveform is not None
    stage.until(lambda: stage.tasks.is_idle)
    assert 0.0 < waveform.share < 1.0
    assert stage.player.speech.talk is None
    is_down = False
    stage.player.play()
    stage.known()
    assert waveform.share == 1.0


def test_dragging_while_it_plays_starts_the_device_once(stage: Stage) -> None:
    stage.take(as_file(tones(60.0)), seconds=60)
    stage.ready()
    stage.player.play()
    starts = stage.output.starts
    for second in range(30):
        stage.player.seek(second)
    stage.until(lambda: stage.output.starts > starts)
    assert stage.output.starts == starts + 1
    assert stage.player.place == pytest.approx(29, abs=0.1)


def test_a_file_that_ends_before_the_call_says_what_is_missing(stage: Stage) -> None:
    stage.take(as_file(tones(10.0)), seconds=120)
    stage.known()
    assert stage.player.missing == pytest.approx(110.0, abs=0.5)
    assert stage.player.seconds == pytest.approx(10.0, abs=0.1)


def test_taking_another_recording_drops_the_first_at_once(stage: Stage) -> None:
    for _ in range(5):
        stage.take(as_file(tones(200.0)), seconds=200)
    stage.player.play()
    stage.take(as_file(tones(3.0)), seconds=3)
    stage.ready()
    assert stage.player.seconds == pytest.approx(3.0)
    assert not stage.player.is_playing


def test_it_tells_when_it_plays_so_that_the_screen_is_not_locked(stage: Stage) -> None:
    told: list[bool] = []
    stage.player.playing_changed.connect(told.append)
    stage.take(as_file(tones(1.0)), seconds=1)
    stage.ready()
    stage.player.play()
    stage.player.seek(0.5)
    stage.run_out()
    stage.player.play()
    stage.player.take(None)
    assert told == [True, False, True, False]


def test_a_device_with_a_rate_of_its_own_hears_the_same(qtbot: QtBot) -> None:
    made = Stage(qtbot, FakeOutput(rates=(44_100,)))
    made.take(as_file(tones(2.0)), seconds=2)
    made.ready()
    made.player.hear(Voices.AGENT)
    made.player.play()
    made.run_out()
    assert hertz(made.output.sound[:80_000, 0], 44_100) == pytest.approx(AGENT_HERTZ, abs=3)
    assert len(made.output.sound) / 44_100 == pytest.approx(2.15, abs=0.03)
    made.player.close()
    qtbot.waitUntil(lambda: made.tasks.is_idle)
    made.tasks.close()


def test_without_a_device_nothing_plays(stage: Stage) -> None:
    stage.output.no_output = "problem.no-audio-output"
    stage.take(as_file(tones(1.0)))
    stage.ready()
    stage.player.play()
    assert not stage.player.is_playing
    assert stage.player.problem is not None
    stage.output.no_output = ""
    stage.player.play()
    assert stage.player.is_playing


def test_a_long_recording_is_known_in_slices(stage: Stage) -> None:
    stage.take(as_file(tones(400.0)), seconds=400)
    stage.known()
    waveform = stage.player.waveform
    assert waveform is not None
    assert waveform.share == 1.0


def test_no_problem_is_a_surprise(stage: Stage) -> None:
    def refuse() -> SoundSource:
        raise CXError("problem.recording-gone")

    stage.player.take(Heard("r1", 1.0, refuse, is_here=True))
    stage.until(lambda: stage.player.state is PlayerState.FAILED)
    assert stage.player.problem is not None
    assert stage.player.problem.key == "problem.recording-gone"


def test_listening_keeps_the_screen_from_locking(stage: Stage, qapp: QApplication) -> None:
    idle = Idle(qapp)
    locked: list[bool] = []
    idle.elapsed.connect(lambda: locked.append(True))
    stage.player.playing_changed.connect(lambda on: idle.hold() if on else idle.let_go())
    stage.take(as_file(tones(5.0)))
    stage.ready()
    stage.player.play()
    idle.watch(0.002)
    stage.run(0.6)
    assert locked == []
    stage.player.pause()
    stage.until(lambda: bool(locked))
    idle.rest()
    qapp.removeEventFilter(idle)
    idle.deleteLater()
