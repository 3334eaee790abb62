"""A sound that was brought in: what it is, what is wrong with it, how callers will hear it."""

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.models.prompts.sounds import Brought, Sounds
from cx_desktop.models.prompts.verdicts import verdicts
from cx_desktop.views.objects.finding_words import ICON_BY_SEVERITY, TONE_BY_SEVERITY, finding_words
from cx_desktop.views.objects.place_list import PlaceList
from cx_desktop.views.prompts.words import loudness_words, seconds_words
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

_PHONE, _SOURCE = "brought", "source"
_KILO = 1_000


class BroughtCard(QFrame):
    """Checked and converted already; taken only when somebody says so."""

    taken = Signal(object)  # Brought

    def __init__(self, look: Look, sounds: Sounds, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._sounds = sounds
        self.shown: Brought | None = None
        self.setProperty("role", "card")
        self.name = Label("", "strong", wraps=True)
        self.facts = Label("", wraps=True)
        self.findings = PlaceList(look, "prompts.findings")
        self.findings.setRootIsDecorated(False)
        self.level = QCheckBox()
        self.trim = QCheckBox()
        look.language.bind(self.level, self.level.setText, "prompts.wish.level")
        look.language.bind(self.trim, self.trim.setText, "prompts.wish.trim")
        self.as_phone = Button(look, "prompts.hear.phone", icon="phone")
        self.as_source = Button(look, "prompts.hear.source", icon="play")
        self.take = Button(look, "prompts.take", kind="primary", icon="check")
        self.leave = Button(look, "prompts.leave", kind="quiet")
        self._lay_out()
        self._connect()
        self.hide()

    def show_brought(self, brought: Brought) -> None:
        """Show a sound that may be taken."""
        self.shown = brought
        self.level.setChecked(brought.wishes.is_levelled)
        self.trim.setChecked(brought.wishes.is_trimmed)
        self._retext()
        self._show_heard()
        self.setVisible(True)
        self.as_phone.setFocus()

    def forget(self) -> None:
        """Nothing is brought in any more."""
        self.shown = None
        self.hide()

    def _lay_out(self) -> None:
        hearing = QHBoxLayout()
        hearing.setSpacing(8)
        hearing.addWidget(self.as_phone)
        hearing.addWidget(self.as_source)
        hearing.addStretch(1)
        ways = QHBoxLayout()
        ways.setSpacing(8)
        ways.addWidget(self.take)
        ways.addWidget(self.leave)
        ways.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(self.name)
        layout.addWidget(self.facts)
        layout.addWidget(self.findings)
        layout.addWidget(self.level)
        layout.addWidget(self.trim)
        layout.addLayout(hearing)
        layout.addLayout(ways)

    def _connect(self) -> None:
        self.level.clicked.connect(self._remake)
        self.trim.clicked.connect(self._remake)
        self.as_phone.clicked.connect(lambda: self._hear(_PHONE))
        self.as_source.clicked.connect(lambda: self._hear(_SOURCE))
        self.take.clicked.connect(self._take)
        self.leave.clicked.connect(self._leave)
        self._sounds.changed.connect(self._show_heard)
        self._look.language.changed.connect(self._retext)

    def _retext(self) -> None:
        if self.shown is None:
            return
        language = self._look.language
        self.name.setText(self.shown.name or language.text("prompts.recording"))
        self.facts.setText("\n".join(self._facts(self.shown)))
        self.findings.clear()
        found = verdicts(self.shown)
        for each in found:
            self.findings.addTopLevelItem(
                self.findings.line(
                    finding_words(language, each),
                    ICON_BY_SEVERITY[each.severity],
                    TONE_BY_SEVERITY[each.severity],
                    None,
                )
            )
        self.findings.setVisible(bool(found))
        self.findings.updateGeometry()

    def _facts(self, brought: Brought) -> Iterator[str]:
        language, source, made = self._look.language, brought.came_as, brought.measures
        yield language.text(
            "prompts.brought.source",
            rate=language.number(source.rate / _KILO),
            time=seconds_words(language, source.seconds),
            loudness=loudness_words(language, source.loudness),
            peak=language.number(round(source.peak, 1)),
        )
        yield language.text(
            "prompts.brought.made",
            time=seconds_words(language, made.seconds),
            loudness=loudness_words(language, made.loudness),
            peak=language.number(round(made.peak, 1)),
        )

    def _show_heard(self) -> None:
        why = self._sounds.why_not_play() if self.shown is not None else ""
        for button, name, key, icon in (
            (self.as_phone, _PHONE, "prompts.hear.phone", "phone"),
            (self.as_source, _SOURCE, "prompts.hear.source", "play"),
        ):
            is_heard = self._sounds.heard == name
            button.say("prompts.hear.stop" if is_heard else key)
            button.setIcon(self._look.icons.icon("stop" if is_heard else icon, "text"))
            button.setEnabled(not why)
            button.setToolTip(self._look.language.text(why) if why else "")

    def _hear(self, name: str) -> None:
        if self._sounds.heard == name:
            self._sounds.stop()
        elif self.shown is not None:
            self._sounds.hear_brought(name, self.shown, as_it_came=name == _SOURCE)

    def _remake(self) -> None:
        if self.shown is not None:
            self._sounds.remake(
                self.shown,
                is_trimmed=self.trim.isChecked(),
                is_levelled=self.level.isChecked(),
            )

    def _take(self) -> None:
        if self.shown is not None:
            self.taken.emit(self.shown)

    def _leave(self) -> None:
        self._sounds.stop()
        self.forget()
