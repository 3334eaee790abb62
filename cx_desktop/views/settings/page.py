"""The settings as a page: every declared one, by section, in force at once."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from cx_desktop.models.settings import Section, Settings
from cx_desktop.overrides import override
from cx_desktop.views.settings.editors import editor
from cx_desktop.views.shell.page import Page
from cx_desktop.views.widgets.field import Field
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import PageHeader

_EDITOR_WIDTH = 420
_SHOWN = (Section.APPEARANCE, Section.SECURITY, Section.NETWORK)


class SettingsPage(Page):
    """There is no Save button: a change holds from now on."""

    id = "settings"
    title_key = "settings.title"
    icon = "gear"
    order = 900
    help_key = "help.settings"

    def __init__(self, look: Look, settings: Settings, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._settings = settings
        self.fields: dict[str, Field] = {}

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.fields:  # made when it is first looked at: 20 ms that signing in saves
            self._furnish()

    def _furnish(self) -> None:
        look = self._look
        inner = QWidget()
        inner.setProperty("role", "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(24, 20, 24, 24)
        column.setSpacing(12)
        column.addWidget(PageHeader(look, "settings.title", text_key="settings.text"))
        for section in _SHOWN:
            column.addSpacing(8)
            column.addWidget(Label.of(look, f"settings.section.{section.value}", "section"))
            column.addWidget(self._card(section))
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def _card(self, section: Section) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        card.setMaximumWidth(720)
        layout = QVBoxLayout(card)
        layout.setContentsMargins(20, 16, 20, 18)
        layout.setSpacing(18)
        for setting in self._settings.shown(section):
            declared = setting.declaration
            widget = editor(self._look, setting, partial(self._settings.set, declared.name))
            widget.setMaximumWidth(_EDITOR_WIDTH)
            field = Field(self._look, declared.label_key, widget, help_key=declared.help_key)
            self.fields[declared.name] = field
            layout.addWidget(field)
        return card
