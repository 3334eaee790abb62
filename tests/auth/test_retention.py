"""What may be kept no longer goes before anybody has unlocked the profile, and without a key."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cx_desktop.auth.floor import ClockFloor
from cx_desktop.auth.retention import Retention
from cx_desktop.cache import Cache
from cx_desktop.cache.overdue import FOLDER, name_of
from cx_desktop.domain.errors import CXError
from cx_desktop.ports import RandomIds
from tests.auth.gates import Computer
from tests.fakes.clock import FakeClock
from tests.fakes.service import RunningService

CLAIRE = "claire.martin"
DAY = timedelta(days=1)
SEALED = b"CXB1" + b"sealed" * 1_000


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with RunningService() as service:
        yield service


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def lay(profile: Path, ends: datetime, name: str = "0af3") -> Path:
    """A sound, as it lies in a profile."""
    (profile / FOLDER).mkdir(parents=True, exist_ok=True)
    path = profile / FOLDER / name_of(name, ends, "sound")
    path.write_bytes(SEALED)
    return path


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    folder = tmp_path / "profiles" / "claire"
    folder.mkdir(parents=True)
    return folder


def test_what_is_over_goes_from_every_profile_also_from_those_put_aside(
    profile: Path, clock: FakeClock
) -> None:
    aside = profile.with_name("leo.aside-20261101T090000")
    over = [lay(each, clock.now() + DAY) for each in (profile, aside)]
    stays = lay(profile, clock.now() + 2 * DAY)
    retention = Retention(profile.parent, clock)
    assert retention.purge() == 0
    clock.advance(DAY)
    assert retention.purge() == 2
    assert not any(each.exists() for each in over)
    assert stays.exists()


def test_invariant_19_a_clock_set_back_prolongs_nothing_also_while_nobody_is_in(
    profile: Path, clock: FakeClock
) -> None:
    path = lay(profile, clock.now() + DAY)
    retention = Retention(profile.parent, clock)
    retention.purge()
    clock.set(clock.now() - timedelta(days=3_650))
    retention.purge()
    assert path.exists()
    clock.advance(DAY)  # the program stood at its door for a day
    retention.purge()
    assert not path.exists()


def test_invariant_19_what_an_earlier_start_knew_of_the_time_counts(
    profile: Path, clock: FakeClock
) -> None:
    path = lay(profile, clock.now() + DAY)
    floor = ClockFloor(profile, clock, at_least=clock.now())
    floor.heard(clock.now() + DAY)
    floor.save()
    clock.set(clock.now() - timedelta(days=30))
    Retention(profile.parent, clock).purge()
    assert not path.exists()


def test_a_wall_clock_that_was_far_ahead_is_not_remembered(profile: Path, clock: FakeClock) -> None:
    lay(profile, clock.now() + DAY)
    right = clock.now()
    clock.set(right + timedelta(days=3_650))
    Retention(profile.parent, clock).purge()
    clock.set(right)
    assert ClockFloor(profile, clock, at_least=right).now() == right


def test_a_profile_that_is_open_is_its_holder_s(tmp_path: Path, service: RunningService) -> None:
    computer = Computer(tmp_path / "profiles", service)
    opened = computer.sign_in(CLAIRE)
    path = lay(opened.profile.folder, service.clock.now())
    retention = Retention(tmp_path / "profiles", service.clock)
    assert retention.purge() == 0
    computer.gate.lock(opened)
    assert retention.purge() == 1
    assert not path.exists()


def test_what_was_put_aside_unread_goes_when_everything_in_it_is_due(
    tmp_path: Path, service: RunningService
) -> None:
    """Nothing can be taken out of it any more, so it stays for six months and then goes whole."""
    computer = Computer(tmp_path / "profiles", service)
    opened = computer.sign_in(CLAIRE)
    cache = Cache.open(
        opened.profile.folder,
        opened.cache_key,
        clock=service.clock,
        ids=RandomIds(service.clock),
    )
    cache.close()
    (opened.profile.folder / "cache.db").write_bytes(b"damaged" * 2_000)
    with pytest.raises(CXError, match="cache-unreadable"):
        Cache.open(
            opened.profile.folder,
            opened.cache_key,
            clock=service.clock,
            ids=RandomIds(service.clock),
        )
    computer.gate.lock(opened)
    (unread,) = opened.profile.folder.glob("cache-unreadable-*.db")
    (opened.profile.folder / "cache.db").write_bytes(b"the next one")
    computer.gate.start_afresh(service.url, CLAIRE)
    (aside,) = (tmp_path / "profiles").glob("*.aside-*")
    clock = FakeClock(service.clock.now())
    retention = Retention(tmp_path / "profiles", clock)
    clock.advance(180 * DAY)
    assert retention.purge() == 0
    clock.advance(5 * DAY)
    assert retention.purge() == 2
    assert not (aside / unread.name).exists()
    assert not (aside / "cache.db").exists()


def test_whoever_stands_at_the_gate_finds_nothing_that_is_over(
    tmp_path: Path, service: RunningService
) -> None:
    """Also with a wrong password, and whoever never comes in."""
    computer = Computer(tmp_path, service)
    computer.gate.lock(computer.sign_in(CLAIRE))
    path = lay(computer.profile(CLAIRE).folder, service.clock.now())
    with pytest.raises(CXError, match="wrong-vault-password"):
        computer.unlock(CLAIRE, "wrong")
    assert not path.exists()
