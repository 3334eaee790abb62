"""Two choices of a schedule: the clock it goes by, and whose public holidays close it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from cx_desktop.domain.schedules.holidays import OPEN_AS_USUAL, TERRITORIES
from cx_desktop.views.schedules.words import territory_words
from cx_desktop.views.widgets.look import Look

#: The clocks of France and its territories, and that of the world.
ZONES = (
    "Europe/Paris",
    "America/Cayenne",
    "America/Guadeloupe",
    "America/Martinique",
    "America/Miquelon",
    "Indian/Mayotte",
    "Indian/Reunion",
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "Pacific/Wallis",
    "UTC",
)


class _Choice(QComboBox):
    """Tells only what somebody chose, not what is shown."""

    chosen = Signal(str)

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.activated.connect(lambda _index: self.chosen.emit(str(self.currentData())))

    def show_choice(self, key: str) -> None:
        """Show what is chosen; a value from elsewhere is listed too."""
        position = self.findData(key)
        if position < 0:
            self.addItem(key, key)
            position = self.count() - 1
        self.setCurrentIndex(position)


class ZoneChoice(_Choice):
    """The clock."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        for zone in ZONES:
            self.addItem(zone.replace("_", " "), zone)


class TerritoryChoice(_Choice):
    """Whose public holidays: nobody decided yet, none, or a territory's."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        for key in ("", *TERRITORIES, OPEN_AS_USUAL):
            self.addItem("", key)
        look.language.bind(self, self.setAccessibleName, "schedules.territory")
        look.language.follow(self, self._retext)

    def _retext(self) -> None:
        for position in range(self.count()):
            words = territory_words(self._look.language, str(self.itemData(position)))
            self.setItemText(position, words)
