"""The line above an open object: where one is, how it stands, and its verbs."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cx_desktop.models.objects.facts import ObjectFacts, ObjectState
from cx_desktop.models.permissions import Permissions
from cx_desktop.views.objects.name_label import NameLabel
from cx_desktop.views.objects.versions_panel import OF_CONFIG, Verbs
from cx_desktop.views.objects.words import TONE_BY_STATE
from cx_desktop.views.widgets.button import Button, IconButton
from cx_desktop.views.widgets.elided_label import ElidedLabel
from cx_desktop.views.widgets.label import Badge, Label
from cx_desktop.views.widgets.look import Look


class Head(QWidget):
    """« SVI › Accueil principal · brouillon · version 12 en service »."""

    left = Signal()
    renamed = Signal(str)
    versions_wanted = Signal()
    publish_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(
        self,
        look: Look,
        *,
        area: str,
        general: str = "objects",
        verbs: Verbs = OF_CONFIG,
        parent: QWidget | None = None,
    ) -> None:
        """Its words are below ``area``, those that objects share below ``general``."""
        super().__init__(parent)
        self._look = look
        self._general = general
        self._verbs = verbs
        self._facts: ObjectFacts | None = None
        self._state = ObjectState.NEVER
        self._read_number: int | None = None
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._back = Button(look, f"{area}.page.title", kind="link")
        self.name = NameLabel(look, f"{area}.rename")
        self._badge = Badge()
        self.saving = ElidedLabel("", "small")
        self.versions = Button(look, "flows.versions", icon="clock-counter-clockwise")
        self.versions.setCheckable(True)
        self.publish = Button(look, "flows.publish.open", kind="primary", icon="broadcast")
        self.more = IconButton(look, "dots-three", "flows.more")
        self._row = QHBoxLayout(self)
        self._lay_out()
        self._connect()

    def show_facts(self, facts: ObjectFacts, state: ObjectState) -> None:
        """Show which object it is and how it stands."""
        self._facts, self._state = facts, state
        self.name.show_name(facts.name)
        self._retext()

    def show_reading(self, number: int | None) -> None:
        """Mark that an old version is looked at, or the draft again."""
        self._read_number = number
        self._retext()

    @property
    def is_reading(self) -> bool:
        """Whether an old version is looked at."""
        return self._read_number is not None

    @property
    def state_words(self) -> str:
        """How what is shown stands."""
        return self._badge.text()

    def show_permissions(self, permissions: Permissions) -> None:
        """What the user may do to the object, and why not."""
        why = permissions.why_not(self._verbs.publish)
        self.publish.setEnabled(not why)
        self.publish.setToolTip(self._look.language.text(why) if why else "")
        self.name.setEnabled(permissions.allows(self._verbs.edit))

    def add_verb(self, widget: QWidget) -> None:
        """Put a verb before the versions."""
        self._row.insertWidget(self._row.indexOf(self.versions), widget)

    def _lay_out(self) -> None:
        row = self._row
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        row.addWidget(self._back)
        row.addWidget(Label("›", "muted"))
        row.addWidget(self.name)
        row.addWidget(self._badge)
        row.addWidget(self.saving)
        row.addStretch(1)
        for each in (self.versions, self.publish, self.more):
            row.addWidget(each)

    def _connect(self) -> None:
        self._back.clicked.connect(self.left)
        self.name.renamed.connect(self.renamed)
        self.versions.clicked.connect(self.versions_wanted)
        self.publish.clicked.connect(self.publish_wanted)
        self.more.clicked.connect(
            lambda: self.menu_wanted.emit(self.more.mapToGlobal(self.more.rect().bottomLeft()))
        )
        self._look.language.follow(self, self._retext)

    def _retext(self) -> None:
        facts, language = self._facts, self._look.language
        if facts is None:
            return
        self.saving.setVisible(not self.is_reading)
        if self._read_number is not None:
            words = language.text("flows.header.reading", number=self._read_number)
            self._badge.show_text(words, "info")
            return
        live = facts.live_revision
        state = ObjectState.NEVER if live is None else self._state
        self._badge.show_text(
            language.text(f"{self._general}.header.{state}", number=live or 0),
            TONE_BY_STATE[self._state],
        )
