"""The page « Conservation »: each of its parts under a tab."""

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from cx_desktop.models.recording_settings.export import RecordingExport
from cx_desktop.overrides import override
from cx_desktop.views.recording_settings.export_panel import ExportPanel
from cx_desktop.views.recording_settings.policy_panel import PolicyPanel
from cx_desktop.views.recording_settings.rights_panel import RightsPanel
from cx_desktop.views.shell.page import Page
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import PageHeader


class RecordingSettingsPage(Page):
    """What is recorded, for how long, and where copies go."""

    id = "recording-settings"
    title_key = "recording-settings.title"
    icon = "archive-box"
    order = 63
    help_key = "recording-settings.help"

    def __init__(
        self, look: Look, export: RecordingExport, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._parts: list[ExportPanel | PolicyPanel | RightsPanel] = []
        self.export = ExportPanel(look, export)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        look.language.bind(self.tabs, self.tabs.setAccessibleName, self.title_key)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(
            PageHeader(look, "recording-settings.title", text_key="recording-settings.about")
        )
        layout.addWidget(self.tabs, 1)
        self.put(self.export, "transfer.title")
        self.tabs.currentChanged.connect(lambda _index: self._begin())

    def put(
        self, panel: ExportPanel | PolicyPanel | RightsPanel, title_key: str, *, at: int = -1
    ) -> None:
        """Give a part its tab."""
        self._parts.append(panel)
        index = self.tabs.insertTab(at, panel, "")

        def name(text: str) -> None:
            self.tabs.setTabText(self.tabs.indexOf(panel), text)

        self._look.language.bind(panel, name, title_key)
        if index == 0:
            self.tabs.setCurrentIndex(0)

    @override
    def activated(self) -> None:
        self._begin()
        self.tabs.setFocus()

    def _begin(self) -> None:
        for panel in self._parts:
            if self.tabs.currentWidget() is panel:
                panel.begin()
