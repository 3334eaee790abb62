"""What callers hear: parts in order, each a text, a recording, markup, or a value read out."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from cx_desktop.domain.flow.checks import SAY_AS
from cx_desktop.domain.flow.kinds.shapes import LANGUAGES
from cx_desktop.domain.flow.kinds.shapes import rows as rows_of
from cx_desktop.domain.patch import Document, Json
from cx_desktop.overrides import override
from cx_desktop.views.flow_editor.inspector.fields.choice import ComboBox
from cx_desktop.views.flow_editor.inspector.fields.editor import Request, ValueEditor
from cx_desktop.views.flow_editor.inspector.fields.fault_mark import TextMark
from cx_desktop.views.flow_editor.inspector.fields.text import TextBox
from cx_desktop.views.widgets.button import Button, IconButton
from cx_desktop.views.widgets.label import Label

TYPES = ("text", "audio", "ssml", "say_as")


class PromptEditor(ValueEditor):
    """The parts of one prompt."""

    is_composite = True

    def __init__(self, request: Request) -> None:
        super().__init__()
        self._request = request
        self._parts: list[Document] = []
        self._cards: list[_PartCard] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        look = request.around.look
        self._add_text = Button(look, "editor.prompt.add-text", kind="quiet", icon="plus")
        self._add_audio = Button(look, "editor.prompt.add-audio", kind="quiet", icon="plus")
        self._add_text.clicked.connect(lambda: self._append({"type": "text", "text": ""}))
        self._add_audio.clicked.connect(lambda: self._append({"type": "audio", "ref": ""}))
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self._add_text)
        buttons.addWidget(self._add_audio)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(self._list)
        layout.addLayout(buttons)

    @override
    def show_value(self, value: Json) -> None:
        self._become([dict(part) for part in rows_of(value)])

    @property
    @override
    def focus_target(self) -> QWidget:
        return self._cards[0].focus_target if self._cards else self._add_text

    def _become(self, parts: list[Document]) -> None:
        """Show these parts; cards are kept where the part has the same type, and so the cursor."""
        types = [part.get("type") for part in parts]
        if types != [card.part_type for card in self._cards]:
            self._build(parts)
        self._parts = parts
        for card, part in zip(self._cards, parts, strict=True):
            card.show_part(part)

    def _build(self, parts: list[Document]) -> None:
        for card in self._cards:
            self._list.removeWidget(card)
            card.deleteLater()
        self._cards = []
        for at, part in enumerate(parts):
            card = _PartCard(self._request, str(part.get("type")), at, is_last=at == len(parts) - 1)
            card.edited.connect(lambda fields, at=at: self._set(at, fields))
            card.retyped.connect(lambda name, at=at: self._retype(at, name))
            card.settled.connect(self.settled)
            card.moved.connect(lambda by, at=at: self._move(at, by))
            card.removed.connect(lambda at=at: self._remove(at))
            card.shared.connect(lambda at=at: self._share(at))
            self._list.addWidget(card)
            self._cards.append(card)

    def _set(self, at: int, fields: Document) -> None:
        parts = list(self._parts)
        parts[at] = {k: v for k, v in (parts[at] | fields).items() if v is not None}
        self._tell(parts)

    def _retype(self, at: int, name: str) -> None:
        parts = list(self._parts)
        kept = {key: value for key, value in parts[at].items() if key in {"text", "language"}}
        parts[at] = {"type": name, **kept} | ({"as": SAY_AS[0]} if name == "say_as" else {})
        self._tell(parts, is_settled=True)
        self._cards[at].focus_target.setFocus()

    def _move(self, at: int, by: int) -> None:
        parts = list(self._parts)
        parts.insert(at + by, parts.pop(at))
        self._tell(parts, is_settled=True)

    def _remove(self, at: int) -> None:
        self._tell([*self._parts[:at], *self._parts[at + 1 :]], is_settled=True)

    def _share(self, at: int) -> None:
        """Make a prompt of a text; once it is there, it is played instead of the text."""
        share, part = self._request.around.share, self._parts[at]
        text, language = part.get("text"), part.get("language") or self._request.around.language
        if share is not None and isinstance(text, str) and text.strip():
            share(text, str(language), lambda prompt: self._play_instead(at, part, prompt))

    def _play_instead(self, at: int, part: Document, prompt: str) -> None:
        if isValid(self) and at < len(self._parts) and self._parts[at] == part:
            parts = list(self._parts)
            parts[at] = {"type": "audio", "ref": prompt}
            self._tell(parts, is_settled=True)

    def _append(self, part: Document) -> None:
        self._tell([*self._parts, part], is_settled=True)
        self._cards[-1].focus_target.setFocus()

    def _tell(self, parts: list[Document], *, is_settled: bool = False) -> None:
        self._become(parts)
        self.edited.emit([dict(part) for part in parts])
        if is_settled:
            self.settled.emit()


class _PartCard(QFrame):
    """One part: what it is, in which language, and its words, recording or value."""

    edited = Signal(object)  # Document: the fields that are different
    retyped = Signal(str)
    settled = Signal()
    moved = Signal(int)
    removed = Signal()
    shared = Signal()

    def __init__(self, request: Request, part_type: str, at: int, *, is_last: bool) -> None:
        super().__init__()
        self._request = request
        self.part_type = part_type
        self.setProperty("role", "note")
        self._type = self._combo("editor.prompt.type", TYPES, "prompt_type")
        self._type.activated.connect(lambda row: self.retyped.emit(self._type.itemData(row)))
        self._language = self._combo("editor.prompt.language", ("", *LANGUAGES), "language")
        self._language.setItemText(0, request.around.text("editor.prompt.same-language"))
        self._language.activated.connect(self._tell_language)
        self._box = TextBox()
        is_filled_in = part_type in {"text", "say_as"}
        self.mark = TextMark(self._box, request.around.look) if is_filled_in else None
        self._box.setAccessibleName(request.around.text("editor.prompt.text"))
        self._box.typed.connect(lambda text: self.edited.emit({"text": text}))
        self._box.left.connect(self.settled)
        self._audio = self._recordings()
        self._say_as = self._combo("editor.prompt.say-as", SAY_AS, "say_as")
        self._say_as.activated.connect(lambda row: self._tell("as", self._say_as.itemData(row)))
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 6, 4, 8)
        grid.setSpacing(6)
        grid.addWidget(self._type, 0, 0)
        grid.addLayout(self._tools(at, is_last=is_last), 0, 1)
        grid.addWidget(self._box, 1, 0, 1, 2)
        grid.addWidget(self._audio, 2, 0, 1, 2)
        grid.addWidget(self._say_as, 3, 0, 1, 2)
        grid.addWidget(self._language, 4, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        is_spoken = part_type != "audio"
        self._box.setVisible(is_spoken)
        self._language.setVisible(is_spoken)
        self._audio.setVisible(not is_spoken)
        self._say_as.setVisible(part_type == "say_as")

    @property
    def focus_target(self) -> QWidget:
        """Where one types or chooses."""
        return self._audio if self.part_type == "audio" else self._box

    def show_part(self, part: Document) -> None:
        """Show a part."""
        _choose(self._type, part.get("type"))
        _choose(self._language, part.get("language", ""))
        _choose(self._audio, part.get("ref", ""))
        _choose(self._say_as, part.get("as", SAY_AS[0]))
        text = part.get("text", "")
        self._box.show_text(text if isinstance(text, str) else "")

    def _combo(self, key: str, values: tuple[str, ...], choices: str) -> ComboBox:
        box = ComboBox()
        box.setAccessibleName(self._request.around.text(key))
        catalogue = self._request.around.look.language.catalogue
        for each in values:
            name = f"choice.{choices}.{each}"
            box.addItem(catalogue.text(name) if each and catalogue.has(name) else each, each)
        return box

    def _recordings(self) -> ComboBox:
        box = ComboBox()
        box.setAccessibleName(self._request.around.text("editor.prompt.audio"))
        box.addItem(self._request.around.text("editor.field.nothing"), "")
        for each in self._request.around.objects("prompt") or ():
            box.addItem(each.text, each.value)
        box.activated.connect(lambda row: self._tell("ref", box.itemData(row)))
        return box

    def _tell(self, name: str, value: Json) -> None:
        self.edited.emit({name: value})
        self.settled.emit()

    def _tell_language(self, row: int) -> None:
        self._tell("language", self._language.itemData(row) or None)

    def _tools(self, at: int, *, is_last: bool) -> QHBoxLayout:
        look = self._request.around.look
        tools = QHBoxLayout()
        tools.setSpacing(0)
        if self._request.around.share is not None and self.part_type == "text":
            share = IconButton(look, "speaker-high", "prompts.share")
            share.clicked.connect(self.shared)
            tools.addWidget(share)
        if at > 0:
            up = IconButton(look, "caret-up", "editor.field.row-up")
            up.clicked.connect(lambda: self.moved.emit(-1))
            tools.addWidget(up)
        if not is_last:
            down = IconButton(look, "caret-down", "editor.field.row-down")
            down.clicked.connect(lambda: self.moved.emit(1))
            tools.addWidget(down)
        away = IconButton(look, "trash", "editor.field.row-remove")
        away.clicked.connect(self.removed)
        tools.addWidget(away)
        return tools


class PromptsEditor(ValueEditor):
    """Prompts in order, one per attempt."""

    is_composite = True

    def __init__(self, request: Request) -> None:
        super().__init__()
        self._request = request
        self._prompts: list[Json] = []
        self._editors: list[PromptEditor] = []
        self._heads: list[QWidget] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self._add = Button(
            request.around.look, "editor.prompt.add-attempt", kind="quiet", icon="plus"
        )
        self._add.clicked.connect(lambda: self._tell([*self._prompts, []], is_settled=True))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(self._list)
        layout.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)

    @override
    def show_value(self, value: Json) -> None:
        self._become(list(value) if isinstance(value, list) else [])

    @property
    @override
    def focus_target(self) -> QWidget:
        return self._editors[0].focus_target if self._editors else self._add

    def _become(self, prompts: list[Json]) -> None:
        if len(prompts) != len(self._editors):
            self._build(len(prompts))
        self._prompts = prompts
        for editor, prompt in zip(self._editors, prompts, strict=True):
            editor.show_value(prompt)

    def _build(self, count: int) -> None:
        for each in (*self._editors, *self._heads):
            self._list.removeWidget(each)
            each.deleteLater()
        self._editors, self._heads = [], []
        for at in range(count):
            head = QWidget()
            row = QHBoxLayout(head)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(Label(self._request.around.text("editor.prompt.attempt", number=at + 2)))
            row.addStretch(1)
            away = IconButton(self._request.around.look, "trash", "editor.field.row-remove")
            away.clicked.connect(lambda _on=False, at=at: self._remove(at))
            row.addWidget(away)
            editor = PromptEditor(self._request)
            editor.edited.connect(lambda value, at=at: self._set(at, value))
            editor.settled.connect(self.settled)
            self._list.addWidget(head)
            self._list.addWidget(editor)
            self._heads.append(head)
            self._editors.append(editor)

    def _set(self, at: int, value: Json) -> None:
        prompts = list(self._prompts)
        prompts[at] = value
        self._prompts = prompts
        self.edited.emit(prompts)

    def _remove(self, at: int) -> None:
        self._tell([*self._prompts[:at], *self._prompts[at + 1 :]], is_settled=True)

    def _tell(self, prompts: list[Json], *, is_settled: bool) -> None:
        self._become(prompts)
        self.edited.emit(prompts)
        if is_settled:
            self.settled.emit()


def _choose(box: ComboBox, value: Json) -> None:
    at = box.findData(value)
    if at < 0 and isinstance(value, str) and value:
        box.addItem(value, value)
        at = box.count() - 1
    box.setCurrentIndex(max(at, 0))
