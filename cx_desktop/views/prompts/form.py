"""One prompt as a form: its languages with text, sound and order, then what holds for all."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import msgspec
from msgspec import UNSET
from msgspec.structs import replace
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from cx_desktop.domain.prompts import (
    Around,
    Audio,
    Music,
    OrderState,
    Prompt,
    Spoken,
    findings,
    moved,
    ordered,
)
from cx_desktop.models.prompts.sounds import Sounds
from cx_desktop.overrides import override
from cx_desktop.views.flows.drops import dropped_file
from cx_desktop.views.objects.finding_words import ICON_BY_SEVERITY, TONE_BY_SEVERITY, finding_words
from cx_desktop.views.objects.form import Edited, ObjectForm, Showing
from cx_desktop.views.objects.place_list import PlaceList
from cx_desktop.views.objects.uses_list import UsesList
from cx_desktop.views.prompts.language_bar import LanguageBar
from cx_desktop.views.prompts.music_panel import MusicPanel
from cx_desktop.views.prompts.order_panel import OrderPanel
from cx_desktop.views.prompts.sound_panel import SoundPanel
from cx_desktop.views.prompts.text_panel import TextPanel
from cx_desktop.views.prompts.words import language_title
from cx_desktop.views.widgets.label import Label, Line
from cx_desktop.views.widgets.look import Look

#: Below this width the two columns stand one below the other.
_TWO_COLUMNS = 860

AskAround = Callable[[str, Callable[[Around], None]], object]
"""Finds out what is known around a prompt, and tells it in its time."""


class World(NamedTuple):
    """What the form asks beyond its prompt."""

    sounds: Sounds
    now: Callable[[], datetime]
    ask_around: AskAround


class PromptForm(ObjectForm[Prompt]):
    """One prompt. Every gesture is one step of undo."""

    def __init__(self, look: Look, world: World, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._world = world
        self._prompt = Prompt()
        self._around = Around()
        self._object_id = ""
        self._shown = ("", "")
        self._is_read_only = False
        self.setProperty("role", "page")
        self.findings = PlaceList(look, "prompts.findings")
        self.findings.setRootIsDecorated(False)
        self.languages = LanguageBar(look)
        self.text = TextPanel(look)
        self.sound = SoundPanel(look, world.sounds)
        self.order = OrderPanel(look)
        self.music = MusicPanel(look)
        self.uses = UsesList(look)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._spoken = QWidget()
        self._lay_out()
        self._connect()

    @override
    def show_object(self, showing: Showing[Prompt]) -> None:
        is_other = showing.facts.id != self._object_id
        self._object_id, self._is_read_only = showing.facts.id, showing.is_read_only
        self._prompt = showing.draft
        if is_other:
            self._around = Around()
        self.languages.show_prompt(showing.draft, is_read_only=showing.is_read_only)
        self.music.show_music(showing.draft.music, is_read_only=showing.is_read_only)
        self.uses.show_uses(showing.uses)
        self._show_language()
        self._show_findings()
        self._ask_around()

    @override
    def settle(self) -> None:
        self.text.settle()
        self.order.settle()
        self.music.settle()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= _TWO_COLUMNS * self._look.theme.pixels("body") / 13
        side = QBoxLayout.Direction.LeftToRight
        self._columns.setDirection(side if is_wide else QBoxLayout.Direction.TopToBottom)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        can_take = not self._is_read_only and bool(self.languages.current)
        if can_take and dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.sound.import_file(path)

    def _lay_out(self) -> None:
        look = self._look
        self.setAcceptDrops(True)
        self._none = Label.of(look, "prompts.languages.none", "muted", wraps=True)
        spoken = QVBoxLayout(self._spoken)
        spoken.setContentsMargins(0, 0, 0, 0)
        spoken.setSpacing(16)
        parts: tuple[QWidget, ...] = (self.text, Line(), self.sound, Line(), self.order)
        for each in parts:
            spoken.addWidget(each)
        left, right = QVBoxLayout(), QVBoxLayout()
        for each in (self.languages, self._none, self._spoken):
            left.addWidget(each)
        left.addStretch(1)
        self._findings_title = Label.of(look, "prompts.findings", "section")
        for each in (self._findings_title, self.findings, self.music, Line()):
            right.addWidget(each)
        right.addWidget(Label.of(look, "prompts.uses", "section"))
        right.addWidget(self.uses)
        right.addStretch(1)
        for column in (left, right):
            column.setSpacing(12)
        self._columns.setSpacing(32)
        self._columns.addLayout(left, 3)
        self._columns.addLayout(right, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 24)
        layout.addLayout(self._columns)
        layout.addStretch(1)

    def _connect(self) -> None:
        self.languages.chosen.connect(lambda _code: self._on_chosen())
        self.languages.added.connect(self._add)
        self.languages.removed.connect(self._remove)
        self.text.edited.connect(self._write)
        self.sound.taken.connect(self._take)
        self.sound.removed.connect(lambda: self._put("sound-removed", ("audio", UNSET)))
        self.order.moved.connect(self._move_order)
        self.order.written.connect(self._write_order)
        self.order.withdrawn.connect(lambda: self._put("order", ("order", UNSET)))
        self.music.edited.connect(self._set_music)
        self.uses.use_wanted.connect(self.use_wanted)
        self.findings.step_chosen.connect(self.languages.choose)

    @property
    def _current(self) -> Spoken:
        return self._prompt.languages.get(self._shown[1], Spoken())

    def _on_chosen(self) -> None:
        self.text.settle()
        self.order.settle()
        self._show_language()

    def _show_language(self) -> None:
        shown = (self._object_id, self.languages.current)
        is_other, self._shown = shown != self._shown, shown
        has_one = bool(shown[1])
        self._none.setVisible(not has_one)
        self._spoken.setVisible(has_one)
        spoken, is_read_only = self._current, self._is_read_only
        self.text.show_spoken(spoken, is_read_only=is_read_only, is_other=is_other)
        self.sound.show_spoken(spoken, is_read_only=is_read_only, is_other=is_other)
        self.order.show_spoken(spoken, is_read_only=is_read_only)

    def _ask_around(self) -> None:
        asked = self._object_id

        def know(around: Around) -> None:
            if asked == self._object_id and around != self._around:
                self._around = around
                self._show_findings()

        self._world.ask_around(asked, know)

    def _show_findings(self) -> None:
        language = self._look.language
        self.findings.clear()
        found = findings(self._prompt, self._around)
        for each in found:
            words = finding_words(language, each)
            if each.node is not None:
                where = language_title(language, each.node)
                words = language.text("flows.summary.line", name=where, what=words)
            item = self.findings.line(
                words, ICON_BY_SEVERITY[each.severity], TONE_BY_SEVERITY[each.severity], each.node
            )
            item.setToolTip(0, f"{words}\n{language.text(f'finding.{each.rule}.hint')}")
            self.findings.addTopLevelItem(item)
        for part in (self._findings_title, self.findings):
            part.setVisible(bool(found))
        self.findings.updateGeometry()

    def _add(self, code: str) -> None:
        self.languages.choose(code)
        if code not in self._prompt.languages:
            self._tell("language", ((("languages", code), {"text": ""}),))

    def _remove(self, code: str) -> None:
        self._tell("language-removed", ((("languages", code), UNSET),))

    def _write(self, text: str) -> None:
        place = ("languages", self._shown[1], "text")
        self._tell("text", ((place, text),), merge=place)

    def _take(self, audio: Audio) -> None:
        """A sound that was brought in; a delivered order is what it came from."""
        places: list[tuple[str, object]] = [("audio", msgspec.to_builtins(audio))]
        order = self._current.order
        if order is not None and order.state in (OrderState.ORDERED, OrderState.REFUSED):
            come = moved(order, OrderState.DELIVERED, self._world.now())
            places.append(("order", msgspec.to_builtins(come)))
        self._put("sound", *places)

    def _move_order(self, state: OrderState) -> None:
        spoken, now = self._current, self._world.now()
        order = spoken.order
        if state is OrderState.ORDERED:
            fresh = ordered(
                spoken, now, voice=order.voice if order else "", note=order.note if order else ""
            )
            self._put("order", ("order", msgspec.to_builtins(fresh)))
        elif order is not None:
            self._put("order", ("order", msgspec.to_builtins(moved(order, state, now))))

    def _write_order(self, name: str, text: str) -> None:
        order = self._current.order
        if order is not None:
            written = replace(order, **{name: text})
            self._put("order", ("order", msgspec.to_builtins(written)))

    def _set_music(self, music: Music | None) -> None:
        value = UNSET if music is None else msgspec.to_builtins(music)
        self._tell("music", ((("music",), value),))

    def _put(self, key: str, *places: tuple[str, object]) -> None:
        code = self._shown[1]
        self._tell(key, tuple((("languages", code, name), value) for name, value in places))

    def _tell(
        self,
        key: str,
        places: tuple[tuple[tuple[str, ...], object], ...],
        merge: tuple[str, ...] | None = None,
    ) -> None:
        self.edited.emit(Edited(f"prompts.step.{key}", places, merge))
