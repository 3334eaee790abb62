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
    shown = RevisionList(look(qapp), now=lambda: NOW)
    qtbot.addWidget(shown)
    shown.let_tick()
    shown.show_rows(tuple(row(number) for number in range(8, 0, -1)))
    shown.resize(460, 200)
    shown.show()
    for width in (460, 300, 240, 300):
        shown.resize(width, 200)
        qtbot.wait(30)
        option = QStyleOptionViewItem()
        shown.initViewItemOption(option)
        for position in range(8):
            index = shown.model().index(position, 0)
            wanted = shown.itemDelegate().sizeHint(option, index).height()
            assert shown.visualRect(index).height() == wanted, (width, position)
