"""A reviewer in front of the panel, on the real service."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from pytestqt.qtbot import QtBot

from cx_desktop.models.permissions import Permissions
from cx_desktop.models.recordings.review import Review
from cx_desktop.views.recordings.review_panel import ReviewPanel
from cx_desktop.views.widgets.look import Look
from tests.fakes.seat import Seat
from tests.fakes.service import RunningService

#: Each visit has a call of its own.
_TURNS = count()


class Sound:
    """A sound that stands somewhere, and does as it is told."""

    place = 130.0
    is_playing = False

    def seek(self, place: float) -> None:
        self.place = place

    def skip(self, seconds: float) -> None:
        self.place += seconds

    def toggle(self) -> None:
        self.is_playing = not self.is_playing


@contextmanager
def reviewing(
    folder: Path, service: RunningService, qtbot: QtBot, look: Look
) -> Iterator[tuple[Seat, Review, ReviewPanel]]:
    """The supervisor with a call in hand of which nothing is said."""
    seat = Seat(folder, service, "supervisor")
    seat.begin(lambda done: qtbot.waitUntil(done, timeout=15_000))
    permissions = Permissions(seat.workspace)
    review = Review(seat.workspace, permissions)
    review.playhead = Sound()
    panel = ReviewPanel(look, review)
    assert seat.workspace.project is not None
    nth = next(_TURNS)
    review.take(seat.cache.recordings(seat.workspace.project.id, limit=nth + 1)[nth])
    qtbot.waitUntil(lambda: review.is_ready)
    try:
        yield seat, review, panel
    finally:
        panel.close()
        panel.deleteLater()
        review.close()
        qtbot.waitUntil(lambda: seat.tasks.is_idle, timeout=15_000)
        review.deleteLater()
        permissions.deleteLater()
        seat.close()
