"""The planner offers the searches that somebody keeps, and packs what each of them means."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cx_desktop.domain.recordings import Filters, Sort
from cx_desktop.models.recordings.pack_sources import kept_of
from cx_desktop.models.recordings.packs import Packs
from cx_desktop.models.recordings.searches import Search
from cx_desktop.views.recordings.packs import PackStrip
from cx_desktop.views.widgets.look import Look
from tests.fakes.service import RunningService, recorded
from tests.views.recordings.listener import Listener

WAIT = 15_000


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with recorded(30) as service:
        yield service


@pytest.fixture
def listener(
    service: RunningService, words: Look, tmp_path: Path, qtbot: QtBot
) -> Iterator[Listener]:
    listener = Listener(tmp_path / "ines", service, words, qtbot)
    yield listener
    listener.settle()
    listener.close()


@pytest.fixture
def packs(listener: Listener) -> Iterator[Packs]:
    packs = Packs(listener.workspace)
    packs.kept = lambda: kept_of(listener.desk)
    yield packs
    packs.close()
    packs.deleteLater()


def offered(strip: PackStrip) -> list[str]:
    return [each.text() for each in strip.planner.radios]


def test_each_kept_search_is_offered_by_name_without_a_count(
    listener: Listener, packs: Packs, qtbot: QtBot
) -> None:
    strip = PackStrip(listener.words, packs)
    qtbot.addWidget(strip)
    strip.show()
    strip.open()
    assert offered(strip) == []
    listener.desk.keep_search("Fin & suite")
    with qtbot.waitSignal(packs.planned, timeout=WAIT):
        strip.open()
    words = "La recherche «\N{NO-BREAK SPACE}Fin && suite\N{NO-BREAK SPACE}»"
    assert offered(strip) == [words]
    assert all(each.isEnabled() and each.isChecked() for each in strip.planner.radios)
    listener.desk.searches.forget("Fin & suite")
    strip.open()
    assert offered(strip) == [], "one that is forgotten is offered no longer"


def test_a_kept_search_means_its_own_filters_not_those_in_view(listener: Listener) -> None:
    desk = listener.desk
    longest = sorted((each.recording.duration for each in listener.rows()), reverse=True)[4]
    wanted = Filters(shortest=longest)
    desk.searches.keep(Search(name="Longs", filters=wanted, sort=Sort.STARTED, is_descending=False))
    before = desk.listing
    (source,) = kept_of(desk)
    assert (source.name, source.count()) == ("Longs", None)
    found = source.capture()()
    assert desk.listing == before, "the list in view stays as it is"
    desk.look_for(desk.searches.all[0])
    listener.settle()
    assert 0 < len(found) < 30
    assert list(found) == [each.recording.id for each in listener.rows()]
