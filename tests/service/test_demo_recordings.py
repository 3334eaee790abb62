"""The demo's recordings: when calls come, how long they are, and that they are heard."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import msgspec
import pytest
import soundfile  # type: ignore[import-untyped]  # the wheel carries no types

from cx_desktop.domain.recordings.policy import findings, policy_id, policy_of
from cx_desktop.protocol import Purpose, Recording
from cx_desktop.service.demo_recordings import seed_policy, seed_recordings
from cx_desktop.service.demo_speech import WAITS, dialogues
from cx_desktop.service.store import entities
from tests.fakes.recordings import recording_project
from tests.fakes.service import RunningService
from tests.sync.world import Session

COUNT = 3_000
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with RunningService() as running:
        assert running.service is not None
        seed_policy(running.service)
        seed_recordings(running.service, COUNT)
        yield running


@pytest.fixture(scope="module")
def calls(service: RunningService) -> list[Recording]:
    assert service.service is not None
    with service.service.store.read() as connection:
        found = entities.each(connection, "recording")
        return [msgspec.convert(each.data, Recording) for each in found]


def test_calls_come_as_to_a_shop(calls: list[Recording]) -> None:
    times = [call.started_at.astimezone(PARIS) for call in calls]
    assert times == sorted(times)
    days = Counter(at.weekday() for at in times)
    assert days[6] == 0
    assert 0 < days[5] < days[4] < days[0]
    hours = Counter(at.hour for at in times)
    assert set(hours) == set(range(8, 19))
    assert hours[12] < hours[10] > hours[8]


def test_calls_differ_in_length_and_some_are_of_nothing(calls: list[Recording]) -> None:
    lengths = Counter(call.duration for call in calls)
    assert len(lengths) >= 30
    assert 0 < lengths[0] < COUNT / 50
    assert 0 < sum(call.blob is None for call in calls) < COUNT / 20


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_sound_is_a_stereo_file_as_long_as_it_says(language: str) -> None:
    made = dialogues(language)
    assert len(made) == 10
    for heard in (each for calls in made for each in calls):
        assert soundfile.info(BytesIO(heard.content)).channels == 2
    for heard in made[-1]:  # to the end, each packet of it
        samples, rate = soundfile.read(BytesIO(heard.content), dtype="float32")
        assert len(samples) / rate == pytest.approx(heard.seconds, abs=1.0)
        assert abs(samples).max() > 0.1
    assert [each.seconds // 30 for each in made[0]] == [1 + wait for wait in WAITS]


def test_one_hears_a_call_of_the_demo(service: RunningService, calls: list[Recording]) -> None:
    call = next(each for each in reversed(calls) if each.duration > 60 and each.blob)
    with closing(Session(service, "supervisor")) as ines:
        asked = ines.client.recordings.sound(call.id, purpose=Purpose.LISTEN)
        with asked as arriving:
            content = b"".join(arriving.chunks)
    assert (len(content), arriving.sha256) == (call.size, call.blob)
    assert soundfile.info(BytesIO(content)).duration == pytest.approx(call.duration, abs=1.0)


def test_the_demo_keeps_to_the_contract(service: RunningService) -> None:
    assert service.service is not None
    project = recording_project(service)
    with service.service.store.read() as connection:
        found = entities.load(connection, "recording_policy", policy_id(project))
    assert found is not None
    today = service.clock.now().date()
    assert findings(policy_of(found.data), today) == ()
    later = today + timedelta(days=90)
    assert [each.rule for each in findings(policy_of(found.data), later)] == ["REC-02-OVER"]
    seed_policy(service.service)  # it is there already
    with service.service.store.read() as connection:
        again = entities.load(connection, "recording_policy", policy_id(project))
    assert again == found
