"""The cards of versions: each as high as its words."""

from datetime import UTC, datetime

from PySide6.QtWidgets import QApplication, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from cx_desktop.models.objects.revisions import RevisionRow
from cx_desktop.views.objects.revision_list import RevisionList
from tests.fakes.seat import look

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MESSAGES = ("Mise en service", "Les clients professionnels vont droit à l’atelier de Paris")


def row(number: int) -> RevisionRow:
    return RevisionRow(
        id=str(number),
        number=number,
        message=MESSAGES[number % 2],
        published_at=NOW,
        published_by="Claire Martin",
        is_live=False,
        returned_from=None,
    )


def test_cards_are_as_high_as_their_words_beside_a_scroll_bar(
    qapp: QApplication, qtbot: QtBot
) -> None:
    words = look(qapp)
    for width in range(240, 400, 4):  # in some the bar takes just the room of the last word
        shown = RevisionList(words, now=lambda: NOW)
        qtbot.addWidget(shown)
        shown.resize(width, 200)
        shown.let_tick()
        shown.show()
        shown.show_rows(tuple(row(number) for number in range(4, 0, -1)))
        qtbot.wait(20)
        option = QStyleOptionViewItem()
        shown.initViewItemOption(option)
        indexes = [shown.model().index(position, 0) for position in range(4)]
        heights = [shown.itemDelegate().sizeHint(option, each).height() for each in indexes]
        assert shown.contentsSize().height() == sum(heights), width
        shown.hide()
