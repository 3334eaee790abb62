"""Until when the recording in hand is kept, what protects it, and who had to do with it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.models.recordings.trail import Line, RecordingTrail
from cx_desktop.models.table import Column, TableModel
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Badge, Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip
from cx_desktop.views.widgets.table_view import TableView

_LONGEST = 500
_HEIGHT = 150


class TrailPanel(QWidget):
    """One line with the verbs; below it, when wanted, the trail."""

    def __init__(self, look: Look, trail: RecordingTrail, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._trail = trail
        self.badge = Badge()
        self.until = Label("", "muted")
        self.protect = Button(look, "trail.protect", kind="quiet", icon="shield-check")
        self.seen = Button(look, "trail.show", kind="quiet", icon="clock-counter-clockwise")
        self.seen.setCheckable(True)
        self.reason = QLineEdit()
        self.reason.setMaxLength(_LONGEST)
        look.language.bind(self.reason, self.reason.setAccessibleName, "trail.reason")
        look.language.bind(self.reason, self.reason.setPlaceholderText, "trail.reason")
        self.do = Button(look, "trail.do", kind="primary")
        self.strip = Strip(look)
        self.lines = TableModel(
            _columns(look), key=lambda line: line.n, language=look.language, parent=self
        )
        self.table: TableView[Line] = TableView(look, self.lines, least=(140, 140, 140, 160))
        look.language.bind(self.table, self.table.setAccessibleName, "trail.show")
        self.nothing = Label.of(look, "trail.none", "muted", wraps=True)
        self._lay_out()
        self._connect()
        look.language.follow(self, self._show)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for each in (self.badge, self.until):
            row.addWidget(each)
        row.addWidget(self.reason, 1)
        row.addWidget(self.do)
        row.addStretch(0)
        row.addWidget(self.protect)
        row.addWidget(self.seen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.strip)
        layout.addLayout(row)
        layout.addWidget(self.nothing)
        layout.addWidget(self.table, 1)
        self.table.setMinimumHeight(_HEIGHT)
        self._ask_reason(is_asked=False)
        self._show_lines()

    def _connect(self) -> None:
        trail = self._trail
        self.protect.clicked.connect(lambda: self._ask_reason(is_asked=True))
        self.seen.toggled.connect(self._on_seen)
        self.reason.textChanged.connect(lambda text: self.do.setEnabled(bool(text.strip())))
        self.reason.returnPressed.connect(self._do)
        self.do.clicked.connect(self._do)
        escape = QAction(self.reason)
        escape.setShortcut("Esc")
        escape.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        escape.triggered.connect(lambda: self._ask_reason(is_asked=False))
        self.reason.addAction(escape)
        trail.changed.connect(self._show)
        trail.failed.connect(self._on_failed)
        trail.protected.connect(lambda _is_held: self._ask_reason(is_asked=False))

    def _show(self) -> None:
        trail, language = self._trail, self._look.language
        subject = trail.subject
        if subject is None:
            return
        held = language.text("trail.held") if trail.is_held else ""
        self.badge.show_text(held, "info" if held else "")
        self.until.setText(language.text("trail.until", day=language.day(subject.delete_by)))
        self.protect.setText(language.text("trail.release" if trail.is_held else "trail.protect"))
        for button, reason in ((self.protect, trail.why_not), (self.seen, trail.why_not_seen)):
            button.setEnabled(not reason)
            button.setToolTip(language.text(reason) if reason else "")
        self._show_lines()

    def _show_lines(self) -> None:
        lines, is_seen = self._trail.lines, self.seen.isChecked()
        self.lines.set_rows(lines)
        self.table.setVisible(is_seen and bool(lines))
        self.nothing.setVisible(is_seen and not lines)
        vertical = QSizePolicy.Policy.Preferred if is_seen else QSizePolicy.Policy.Maximum
        self.setSizePolicy(QSizePolicy.Policy.Preferred, vertical)

    def _on_seen(self, is_seen: bool) -> None:  # noqa: FBT001  (Qt's signal)
        self._trail.want(is_wanted=is_seen)
        self._show_lines()

    def _ask_reason(self, *, is_asked: bool) -> None:
        self.reason.clear()
        self.do.setEnabled(False)
        for each in (self.reason, self.do):
            each.setVisible(is_asked)
        self.until.setVisible(not is_asked)
        if is_asked:
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _do(self) -> None:
        trail, reason = self._trail, self.reason.text()
        act = trail.release if trail.is_held else trail.protect
        act(reason)

    def _on_failed(self, error: CXError) -> None:
        self.strip.say("block", lambda: "\n".join(self._look.language.explain(error)))


def _columns(look: Look) -> tuple[Column[Line], ...]:
    language = look.language
    return (
        Column[Line](
            "trail.at",
            text=lambda line: language.day_and_time(line.at),
            sort_key=lambda line: line.at.isoformat(),
        ),
        Column[Line]("trail.who", text=lambda line: line.who),
        Column[Line](
            "trail.what", text=lambda line: language.text(f"trail.done.{line.done.value}")
        ),
        Column[Line]("trail.why", text=lambda line: line.reason),
    )
