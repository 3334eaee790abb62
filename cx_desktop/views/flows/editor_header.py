"""The line above the editor: where one is, how the flow stands, and its verbs."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from cx_desktop.domain.access import Verb
from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.models.objects.facts import ObjectFacts, ObjectState
from cx_desktop.models.permissions import Permissions
from cx_desktop.views.flows import words
from cx_desktop.views.widgets.button import Button, IconButton
from cx_desktop.views.widgets.elided_label import ElidedLabel
from cx_desktop.views.widgets.label import Badge, Label
from cx_desktop.views.widgets.look import Look

#: How wide a name may grow before it is cut short; the verbs of the line must stay in view.
_NAME_ROOM = 320


class EditorHeader(QWidget):
    """« SVI › Accueil principal · brouillon · version 12 en service »."""

    left = Signal()
    renamed = Signal(str)
    findings_wanted = Signal(object)  # Severity
    versions_wanted = Signal()
    publish_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._facts: ObjectFacts | None = None
        self._state = ObjectState.NEVER
        self._read_number: int | None = None
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._back = Button(look, "flows.page.title", kind="link")
        self.name = NameLabel(look)
        self._badge = Badge()
        self.saving = ElidedLabel("", "small")
        self.blocking = FindingChip(look, Severity.BLOCKING)
        self.warnings = FindingChip(look, Severity.WARNING)
        self.versions = Button(look, "flows.versions", icon="clock-counter-clockwise")
        self.versions.setCheckable(True)
        self.publish = Button(look, "flows.publish.open", kind="primary", icon="broadcast")
        self.more = IconButton(look, "dots-three", "flows.more")
        self._lay_out()
        self._connect()

    def show_facts(self, facts: ObjectFacts, state: ObjectState) -> None:
        """Show which flow it is and how it stands."""
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
        """What the user may do to the flow, and why not."""
        why = permissions.why_not(Verb.FLOW_PUBLISH)
        self.publish.setEnabled(not why)
        self.publish.setToolTip(self._look.language.text(why) if why else "")
        self.name.setEnabled(permissions.allows(Verb.FLOW_EDIT))

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """Count what the rules have to say."""
        for chip in (self.blocking, self.warnings):
            chip.show_count(sum(each.severity is chip.severity for each in findings))

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setSpacing(8)
        layout.addWidget(self._back)
        layout.addWidget(Label("›", "muted"))
        layout.addWidget(self.name)
        layout.addWidget(self._badge)
        layout.addWidget(self.saving)
        layout.addStretch(1)
        for each in (self.blocking, self.warnings, self.versions, self.publish, self.more):
            layout.addWidget(each)

    def _connect(self) -> None:
        self._back.clicked.connect(self.left)
        self.name.renamed.connect(self.renamed)
        self.versions.clicked.connect(self.versions_wanted)
        self.publish.clicked.connect(self.publish_wanted)
        self.more.clicked.connect(
            lambda: self.menu_wanted.emit(self.more.mapToGlobal(self.more.rect().bottomLeft()))
        )
        for chip in (self.blocking, self.warnings):
            chip.clicked.connect(lambda _on, chip=chip: self.findings_wanted.emit(chip.severity))
        self._look.language.follow(self, self._retext)

    def _retext(self) -> None:
        facts, language = self._facts, self._look.language
        if facts is None:
            return
        self.saving.setVisible(not self.is_reading)
        if self._read_number is not None:
            words_of_it = language.text("flows.header.reading", number=self._read_number)
            self._badge.show_text(words_of_it, "info")
            return
        live = facts.live_revision
        key = "flows.header.never" if live is None else f"flows.header.{self._state}"
        self._badge.show_text(
            language.text(key, number=live or 0), words.TONE_BY_STATE[self._state]
        )


class FindingChip(Button):
    """How many findings of one severity there are; a click lists them."""

    def __init__(self, look: Look, severity: Severity, *, parent: QWidget | None = None) -> None:
        super().__init__(
            look, "flows.page.title", kind="quiet", icon=words.ICON_BY_SEVERITY[severity]
        )
        self._chip_look = look
        self.severity = severity
        self._count = 0
        if parent is not None:
            self.setParent(parent)
        tone = words.TONE_BY_SEVERITY[severity]
        self.setIcon(look.icons.icon(words.ICON_BY_SEVERITY[severity], tone))
        look.language.follow(self, self._recount)

    def show_count(self, count: int) -> None:
        """Say how many there are; nothing is shown for none."""
        self._count = count
        self._recount()

    def _recount(self) -> None:
        key = "blocking" if self.severity is Severity.BLOCKING else "warnings"
        spoken = self._chip_look.language.plural(f"flows.findings.{key}", self._count)
        self.setText(str(self._count))
        self.setToolTip(spoken)
        self.setAccessibleName(spoken)
        self.setVisible(self._count > 0)


class NameLabel(QWidget):
    """A name that becomes a field when it is clicked; Esc leaves it as it was."""

    renamed = Signal(str)

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._name = ""
        self._shown = Button(look, "flows.rename", kind="name")
        self._field = QLineEdit()
        self._field.setMinimumWidth(260)
        self._field.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._shown)
        layout.addWidget(self._field)
        look.language.bind(self, self._field.setAccessibleName, "flows.rename")
        look.language.follow(self, self._retext)
        self._shown.clicked.connect(self.edit)
        self._field.editingFinished.connect(self._settle)
        escape = QAction(self)
        escape.setShortcut(Qt.Key.Key_Escape)
        escape.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        escape.triggered.connect(self._leave)
        self._field.addAction(escape)

    def show_name(self, name: str) -> None:
        """Show this name, also when another is being typed."""
        self._name = name
        self._retext()

    def edit(self) -> None:
        """Let another name be typed."""
        self._field.setText(self._name)
        self._shown.hide()
        self._field.show()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def _leave(self) -> None:
        self._field.setText(self._name)
        self._settle()

    def _settle(self) -> None:
        name = self._field.text().strip()
        self._field.hide()
        self._shown.show()
        if name and name != self._name:
            self.renamed.emit(name)

    def _retext(self) -> None:
        words = self._look.language.text("flows.rename")
        metrics = self._shown.fontMetrics()
        shown = metrics.elidedText(self._name, Qt.TextElideMode.ElideMiddle, _NAME_ROOM)
        self._shown.setText(shown)
        self._shown.setToolTip(words if shown == self._name else f"{self._name}\n{words}")
        self._shown.setAccessibleName(self._name)
        self._shown.setAccessibleDescription(words)
