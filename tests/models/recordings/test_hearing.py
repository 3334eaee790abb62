"""The recording in hand is heard from the service, by whoever may, and written down there."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.recordings.desk import RecordingDesk
from cx_desktop.models.recordings.habits import KeptHabits
from cx_desktop.models.recordings.hearing import Hearing
from cx_desktop.models.recordings.player import Player, PlayerState, Voices
from cx_desktop.models.recordings.review import Review
from cx_desktop.models.recordings.source import PIECE, Arriving, RemoteSound
from cx_desktop.protocol import Purpose, Recording
from tests.audio.test_recorded import hertz
from tests.fakes.output import FakeOutput
from tests.fakes.recorded import AGENT_HERTZ, as_file, tones
from tests.fakes.recordings import record_calls
from tests.fakes.seat import Seat
from tests.fakes.service import RunningService

CONTENTS = (as_file(tones(60.0)), as_file(tones(90.0), "a-law"), None)


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with RunningService() as running:
        yield running


@pytest.fixture(scope="module")
def calls(service: RunningService) -> tuple[Recording, ...]:
    return record_calls(service, CONTENTS)


class Stage:
    def __init__(self, seat: Seat, bot: QtBot) -> None:
        self.seat, self.bot = seat, bot
        self.shared = FlowDesk(seat.workspace, parent=seat.workspace)
        permissions, step_ups = self.shared.permissions, self.shared.step_ups
        self.desk = RecordingDesk(
            seat.workspace, permissions=permissions, step_ups=step_ups, parent=seat.workspace
        )
        self.output = FakeOutput()
        self.player = Player(seat.tasks, self.output)
        self.review = Review(seat.workspace, permissions)
        self.hearing = Hearing(self.desk, self.player, self.review)
        self.desk.current_changed.connect(self.review.take)

    def until_open(self) -> None:
        done = (PlayerState.READY, PlayerState.FAILED)
        self.bot.waitUntil(lambda: self.player.state in done, timeout=10_000)

    def close(self) -> None:
        self.hearing.close()
        self.review.close()
        self.desk.close()
        self.shared.close()
        self.bot.waitUntil(lambda: self.seat.tasks.is_idle, timeout=10_000)


@pytest.fixture
def stage(
    service: RunningService, calls: tuple[Recording, ...], tmp_path: Path, qtbot: QtBot
) -> Iterator[Stage]:
    assert len(calls) == len(CONTENTS)
    seat = Seat(tmp_path / "ines", service, "supervisor")
    seat.begin(lambda done: qtbot.waitUntil(done, timeout=15_000))
    made = Stage(seat, qtbot)
    yield made
    made.close()
    seat.close()


def test_it_comes_from_the_service_when_it_is_played_and_not_before(
    stage: Stage, calls: tuple[Recording, ...]
) -> None:
    stage.desk.take(calls[0])
    stage.bot.wait(250)
    assert stage.player.state is PlayerState.CLOSED
    stage.player.hear(Voices.AGENT)
    stage.player.play()
    stage.until_open()
    assert stage.player.seconds == pytest.approx(60.0)
    stage.bot.waitUntil(lambda: stage.output.run(0.1) > 0.5)
    assert hertz(stage.output.sound[:, 0]) == pytest.approx(AGENT_HERTZ, abs=5)


def test_one_that_has_no_sound_any_more_says_so(stage: Stage, calls: tuple[Recording, ...]) -> None:
    stage.desk.take(calls[2])
    stage.player.play()
    stage.until_open()
    assert stage.player.state is PlayerState.FAILED
    assert stage.player.problem is not None
    assert stage.player.problem.key.startswith("problem.sound-")


def test_reviewers_markers_stand_on_the_time_line(
    stage: Stage, calls: tuple[Recording, ...]
) -> None:
    stage.desk.take(calls[1])
    stage.bot.waitUntil(lambda: stage.review.is_ready)
    stage.player.play()
    stage.until_open()
    stage.player.pause()
    stage.player.seek(12.0)
    stage.review.notebook.mark("objection")
    stage.bot.waitUntil(lambda: bool(stage.player.marks))
    assert stage.player.marks[0].at == 12.0
    assert stage.player.marks[0].text == "objection"
    stage.desk.take(calls[0])
    assert stage.player.marks == ()


def test_a_part_that_is_wanted_is_asked_for_alone(
    stage: Stage, calls: tuple[Recording, ...]
) -> None:
    asked: list[tuple[int, int]] = []
    client = stage.seat.workspace.client

    def open_and_read() -> bytes:
        def fetches(start: int, end: int, sha256: str) -> AbstractContextManager[Arriving]:
            asked.append((start, end))
            return client.recordings.sound(
                calls[0].id, purpose=Purpose.LISTEN, start=start, end=end, sha256=sha256
            )

        source = RemoteSound(fetches)
        return source.read_at(source.size - 100, 100) + source.read_at(0, 4)

    got: list[bytes] = []
    stage.seat.tasks.run(open_and_read, done=got.append)
    stage.bot.waitUntil(lambda: bool(got))
    content = CONTENTS[0]
    assert content is not None
    assert got[0] == content[-100:] + content[:4]
    last = (len(content) - 1) // PIECE * PIECE
    assert asked == [(0, PIECE), (last, last + PIECE)]


def test_a_manner_of_listening_is_kept_for_the_next_day(stage: Stage) -> None:
    habits = KeptHabits(stage.seat.workspace, stage.player)
    stage.bot.waitUntil(lambda: stage.seat.tasks.is_idle)
    stage.player.set_speed(1.5)
    stage.player.skip_silence(True)
    stage.player.hear(Voices.APART)
    habits.close()
    stage.bot.waitUntil(lambda: stage.seat.tasks.is_idle)
    other = Player(stage.seat.tasks, FakeOutput())
    kept = KeptHabits(stage.seat.workspace, other)
    stage.bot.waitUntil(lambda: other.manner.speed == 1.5)
    assert other.manner.skips_silence
    assert other.manner.voices is Voices.APART
    kept.close()
