"""The strip and the planner: what they offer, say and do; also from the keyboard."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cx_desktop.models.recordings.packs import MOST, Packs, Plan, Source
from cx_desktop.protocol import Recording
from cx_desktop.text import Language as Tongue
from cx_desktop.views.outbox.asking import CountedQuestion
from cx_desktop.views.recordings.packs import PackStrip, plan_words
from cx_desktop.views.widgets.look import Look
from tests.fakes.heard import give_sounds, move_away
from tests.fakes.seat import Seat
from tests.fakes.service import RunningService, recorded

CALLS = 3
PATIENCE = 15_000


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with recorded(20) as service:
        yield service


@pytest.fixture
def seat(service: RunningService, tmp_path: Path, qtbot: QtBot) -> Iterator[Seat]:
    seat = Seat(tmp_path / "ines", service, "supervisor")
    seat.engine.sync_once()
    sounds = [bytes([n]) * 1_500_000 for n in range(CALLS)]
    *heard, silent = newest(seat, CALLS + 1)
    give_sounds(service, heard, sounds)
    move_away(service, [silent])
    seat.begin(lambda done: qtbot.waitUntil(done, timeout=PATIENCE))
    qtbot.waitUntil(lambda: newest(seat, CALLS + 1)[-1].blob is None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: seat.workspace.sync_status.freshness.is_online, timeout=PATIENCE)
    yield seat
    qtbot.waitUntil(lambda: seat.tasks.is_idle, timeout=PATIENCE)
    seat.close()


@pytest.fixture
def packs(seat: Seat) -> Iterator[Packs]:
    packs = Packs(seat.workspace)
    calls = newest(seat, CALLS + 1)
    packs.sources = (source_of("selection", ()), source_of("search", calls))
    yield packs
    packs.close()
    packs.deleteLater()


@pytest.fixture
def strip(packs: Packs, words: Look, qtbot: QtBot) -> PackStrip:
    strip = PackStrip(words, packs)
    qtbot.addWidget(strip)
    strip.resize(900, 200)
    strip.show()
    return strip


def newest(seat: Seat, count: int) -> tuple[Recording, ...]:
    project = next(
        each.name.partition(":")[2]
        for each in seat.cache.sync.streams()
        if each.name.startswith("recordings:") and each.rows
    )
    return seat.cache.recordings(project, limit=count)


def source_of(key: str, calls: Sequence[Recording]) -> Source:
    ids = [each.id for each in calls]
    return Source(key, lambda: len(ids), lambda: lambda: ids)


def test_from_the_offer_to_the_tick(
    strip: PackStrip, packs: Packs, qtbot: QtBot, seat: Seat
) -> None:
    assert strip.says.text().startswith("Aucun enregistrement sur cet ordinateur")
    assert not strip.remove.isVisible()
    strip.prepare.click()
    planner = strip.planner
    assert [each.text() for each in planner.radios] == [
        "Les enregistrements sélectionnés (0)",
        "La recherche affichée (4)",
    ]
    assert [each.isEnabled() for each in planner.radios] == [False, True]
    assert planner.radios[1].isChecked(), "the first that has anything"
    qtbot.waitUntil(planner.go.isEnabled, timeout=PATIENCE)
    assert planner.go.text() == "Télécharger 3 enregistrements"
    assert planner.costs.text().startswith(
        "3 enregistrements à télécharger, 4,5 Mo. 1 n’a pas de son sur le service. Il restera "
    )
    planner.go.click()
    assert not planner.isVisible()
    assert strip.prepare.hasFocus()
    ready = "3 enregistrements prêts à écouter sans réseau (4,5 Mo). Première suppression"
    qtbot.waitUntil(lambda: strip.says.text().startswith(ready), timeout=PATIENCE)
    assert strip.says.accessibleName() == strip.says.text()
    assert not strip.bar.isVisible()
    strip.remove.click()
    question = strip.findChild(CountedQuestion)
    assert question is not None
    assert question.windowTitle() == "Retirer 3 enregistrements de cet ordinateur ?"
    question.keep.click()
    assert packs.pack.tally.here == CALLS
    strip.remove.click()
    (question,) = [each for each in strip.findChildren(CountedQuestion) if each.isVisible()]
    question.go.click()
    qtbot.waitUntil(lambda: not strip.remove.isVisible(), timeout=PATIENCE)
    assert seat.cache.sounds.all() == ()


def test_some_are_taken_off_this_computer_and_the_others_stay(
    strip: PackStrip, packs: Packs, qtbot: QtBot, seat: Seat
) -> None:
    first, second, third, silent = newest(seat, CALLS + 1)
    strip.open()
    qtbot.waitUntil(strip.planner.go.isEnabled, timeout=PATIENCE)
    strip.planner.go.click()
    qtbot.waitUntil(lambda: packs.pack.tally.here == CALLS, timeout=PATIENCE)
    packs.look_here(lambda: [silent.id])
    qtbot.waitUntil(lambda: strip.says.text().startswith("Aucun des"), timeout=PATIENCE)
    assert strip.says.accessibleName() == strip.says.text()
    with qtbot.waitSignal(packs.found_here, timeout=PATIENCE):
        packs.look_here(lambda: [first.id, silent.id, third.id])
    question = strip.findChild(CountedQuestion)
    assert question is not None
    assert question.windowTitle() == "Retirer 2 enregistrements de cet ordinateur ?"
    question.go.click()
    qtbot.waitUntil(lambda: packs.pack.tally.count == 1, timeout=PATIENCE)
    assert [each.id for each in seat.cache.sounds.all()] == [second.id]


def test_escape_leaves_the_planner_and_nothing_comes(
    strip: PackStrip, qtbot: QtBot, seat: Seat
) -> None:
    strip.open()
    qtbot.waitUntil(strip.planner.go.isEnabled, timeout=PATIENCE)
    QTest.keyClick(strip.planner, Qt.Key.Key_Escape)
    assert not strip.planner.isVisible()
    assert seat.cache.sounds.all() == ()


def test_without_a_network_it_says_what_it_waits_for(
    strip: PackStrip, qtbot: QtBot, seat: Seat
) -> None:
    strip.open()
    qtbot.waitUntil(strip.planner.go.isEnabled, timeout=PATIENCE)
    with seat.unplugged():
        strip.planner.go.click()
        qtbot.waitUntil(lambda: strip.says.text().startswith("0 prêts sur 3"), timeout=PATIENCE)
        qtbot.waitUntil(
            lambda: strip.says.text().endswith("Le reste viendra avec le réseau."),
            timeout=PATIENCE,
        )
    assert strip.bar.isVisible()
    assert strip.bar.accessibleName() == "Progression du téléchargement"


def test_what_stands_in_the_way_is_said_with_a_way_out(
    strip: PackStrip, qtbot: QtBot, seat: Seat
) -> None:
    spare, seat.engine.sounds.spare = seat.engine.sounds.spare, 1 << 60
    strip.open()
    qtbot.waitUntil(strip.planner.go.isEnabled, timeout=PATIENCE)
    strip.planner.go.click()
    qtbot.waitUntil(strip.retry.isVisible, timeout=PATIENCE)
    assert "isque" in strip.says.text()
    seat.engine.sounds.spare = spare
    strip.retry.click()
    qtbot.waitUntil(lambda: strip.says.text().startswith("3 enregistrements"), timeout=PATIENCE)


def test_whoever_may_not_listen_is_told_why(packs: Packs, words: Look, qtbot: QtBot) -> None:
    strip = PackStrip(words, packs, why_not=lambda: "flows.reason.role")
    qtbot.addWidget(strip)
    assert not strip.prepare.isEnabled()
    assert strip.prepare.toolTip()


def test_the_words_of_a_plan_that_cannot_be(words: Look, packs: Packs, qtbot: QtBot) -> None:
    with qtbot.waitSignal(packs.planned, timeout=PATIENCE) as told:
        packs.plan(packs.sources[1])
    assert told.args is not None
    plan = told.args[0]
    assert isinstance(plan, Plan)
    sound = plan.sounds[0]
    full = Plan(plan.sounds, free=0)
    assert plan_words(words, full).endswith("Il manque 272,9 Mo sur le disque.")
    many = Plan((sound,) * (MOST + 1))
    assert plan_words(words, many).startswith("Au plus 5")
    assert plan_words(words, Plan(here=2)) == (
        "Il n’y a rien à télécharger. 2 sont déjà sur cet ordinateur."
    )
    words.language.switch(Tongue.ENGLISH)
    assert plan_words(words, full).startswith("3 recordings to download, 4.5 MB.")


def test_days_pass_and_the_strip_is_empty_again(
    strip: PackStrip, packs: Packs, qtbot: QtBot, seat: Seat, service: RunningService
) -> None:
    strip.open()
    qtbot.waitUntil(strip.planner.go.isEnabled, timeout=PATIENCE)
    strip.planner.go.click()
    qtbot.waitUntil(lambda: packs.pack.tally.here == CALLS, timeout=PATIENCE)
    end = max(each.ends for each in seat.cache.sounds.all())
    service.clock.advance(end - service.clock.now() + timedelta(seconds=1))
    seat.cache.purging.turn()
    qtbot.waitUntil(lambda: not strip.remove.isVisible(), timeout=PATIENCE)
