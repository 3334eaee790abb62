"""A real encrypted cache in a fresh folder, and what a service would send."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cx_desktop.cache import Cache
from tests.cache.world import KEY, World
from tests.fakes.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def world(tmp_path: Path, clock: FakeClock) -> Iterator[World]:
    """A cache that has read an empty service once, and that service's next words."""
    world = World(tmp_path / "profile", clock)
    yield world
    assert world.cache.sync.verify() == ()
    world.cache.close()


@pytest.fixture
def cache(world: World) -> Cache:
    return world.cache


__all__ = ["KEY"]
