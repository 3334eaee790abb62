"""Opens the question whether something shall wait for the service, and tells what was decided."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.models.later import Decided, Later, Offer
from cx_desktop.views.objects.later_dialog import LaterDialog
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip


class Waiting(QObject):
    """One question at a time, over whatever window asked; answers are told where that says."""

    def __init__(
        self, look: Look, later: Later, owner: QWidget, strip: Callable[[], Strip]
    ) -> None:
        super().__init__(owner)
        self._look = look
        self._later = later
        self._owner = owner
        self._strip = strip
        self.dialog: LaterDialog | None = None
        later.offered.connect(self._ask)
        later.decided.connect(self._on_decided)
        later.failed.connect(self._on_failed)

    def _ask(self, offer: Offer) -> None:
        if self.dialog is not None:
            return
        dialog = LaterDialog(self._look, offer, parent=self._strip().window())
        dialog.accepted.connect(lambda: self._later.decide(offer, dialog.until))
        dialog.rejected.connect(self._say_nothing_happened)
        dialog.finished.connect(self._forget)
        self.dialog = dialog
        dialog.open()

    def _forget(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _say_nothing_happened(self) -> None:
        self._on_failed(CXError("problem.needs-service", retryable=True))

    def _on_decided(self, decided: Decided) -> None:
        language = self._look.language
        count = len(decided.offer.wishes)
        self._strip().say(
            "ok",
            lambda: language.plural(
                "later.decided", count, when=language.day_and_time(decided.until)
            ),
        )

    def _on_failed(self, error: CXError) -> None:
        self._strip().say("block", lambda: " ".join(self._look.language.explain(error)))
