"""What the system knows of the line: whether it is paid by volume."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtNetwork import QNetworkInformation


class Line(QObject):
    """Tells ``told`` now, and at each change, whether the line is paid by volume.

    Where the system does not say it, no line is.
    """

    def __init__(self, told: Callable[[bool], None], *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._told = told
        self._information = _information()
        if self._information is not None:
            self._information.isMeteredChanged.connect(self._on_changed)
            self._on_changed(self._information.isMetered())

    def rest(self) -> None:
        """Tell no more."""
        if self._information is not None:
            self._information.isMeteredChanged.disconnect(self._on_changed)
            self._information = None

    @Slot(bool)
    def _on_changed(self, is_metered: bool) -> None:  # noqa: FBT001  (Qt's signal)
        self._told(is_metered)


def _information() -> QNetworkInformation | None:
    feature = QNetworkInformation.Feature.Metered
    if not QNetworkInformation.loadBackendByFeatures(feature):
        return None
    return QNetworkInformation.instance()
