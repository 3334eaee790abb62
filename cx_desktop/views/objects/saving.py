"""Whether what was edited is on this device and on the service, in a few words."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject

from cx_desktop.domain.errors import CXError
from cx_desktop.models.objects.store import OpenObject
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look, restyle


class SavingState(QObject):
    """« Enregistré sur cet appareil » is said after the COMMIT, never before."""

    def __init__(self, look: Look, label: Label, *, now: Callable[[], datetime]) -> None:
        super().__init__(label)
        self._look = look
        self._label = label
        self._now = now
        self._flow: OpenObject | None = None
        self._has_failed = False
        look.language.changed.connect(self._retext)

    def follow(self, flow: OpenObject) -> None:
        """Tell of this flow from now on."""
        self._flow = flow
        self._has_failed = False
        flow.saving.connect(self._on_saving)
        flow.saved.connect(self._on_saved)
        flow.save_failed.connect(self._on_failed)
        flow.entity_changed.connect(self._retext)
        self._retext()

    def _on_saving(self) -> None:
        self._retext()

    def _on_saved(self, _when: datetime) -> None:
        self._has_failed = False
        self._retext()

    def _on_failed(self, _error: CXError) -> None:
        self._has_failed = True
        self._retext()

    def _retext(self) -> None:
        if self._flow is None:
            return
        if self._has_failed:
            key = "flows.saving.failed"
        elif self._flow.is_saving:
            key = "flows.saving.under-way"
        elif self._flow.is_unsent:
            key = "flows.saving.here"
        else:
            key = "flows.saving.sent"
        restyle(self._label, "role", "error" if self._has_failed else "small")
        self._label.setText(self._look.language.text(key))
