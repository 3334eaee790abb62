"""The studio order of one language: what was ordered, how far it is, what comes next."""

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cx_desktop.domain.prompts import NEXT, OrderState, Spoken, StudioOrder, is_outdated, words_in
from cx_desktop.views.prompts.words import count_words
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.field import Field
from cx_desktop.views.widgets.label import Badge, Label
from cx_desktop.views.widgets.look import Look

_TONE = {
    OrderState.ORDERED: "info",
    OrderState.DELIVERED: "warn",
    OrderState.REFUSED: "block",
    OrderState.ACCEPTED: "ok",
}
_ICON = {
    OrderState.ORDERED: "paper-plane-tilt",
    OrderState.DELIVERED: "package",
    OrderState.REFUSED: "arrow-u-up-left",
    OrderState.ACCEPTED: "check",
}
_FIELDS = ("voice", "reference", "note")


class OrderPanel(QWidget):
    """A studio is outside of the program: people say here what became of an order."""

    moved = Signal(object)  # OrderState: so far it is now
    written = Signal(str, str)  # a field and what it holds now
    withdrawn = Signal()

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._spoken = Spoken()
        self._is_read_only = False
        self.badge = Badge()
        self.words = Label("", wraps=True)
        self.outdated = Label.of(look, "prompts.order.outdated", "error", wraps=True)
        self.buttons = {
            state: Button(look, f"prompts.order.to.{state}", icon=_ICON[state])
            for state in OrderState
        }
        self.withdraw = Button(look, "prompts.order.withdraw", kind="quiet", icon="trash")
        self.fields = {name: QLineEdit() for name in _FIELDS}
        self._lay_out()
        for state, button in self.buttons.items():
            button.clicked.connect(lambda _on=False, state=state: self.moved.emit(state))
        self.withdraw.clicked.connect(self.withdrawn)
        for name, line in self.fields.items():
            line.setMaxLength(100 if name != "note" else 2_000)
            line.editingFinished.connect(lambda name=name: self._settle(name))
        look.language.follow(self, self._show)

    def show_spoken(self, spoken: Spoken, *, is_read_only: bool) -> None:
        """Show the order of a language."""
        self._spoken, self._is_read_only = spoken, is_read_only
        self._show()

    def settle(self) -> None:
        """Hand out what was typed last."""
        for name in self.fields:
            self._settle(name)

    def _lay_out(self) -> None:
        look = self._look
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label.of(look, "prompts.order", "section"))
        head.addWidget(self.badge)
        head.addStretch(1)
        verbs = QHBoxLayout()
        verbs.setSpacing(8)
        for button in self.buttons.values():
            verbs.addWidget(button)
        verbs.addWidget(self.withdraw)
        verbs.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.words)
        layout.addWidget(self.outdated)
        self._details = [Field(look, f"prompts.order.{n}", line) for n, line in self.fields.items()]
        for each in self._details:
            layout.addWidget(each)
        layout.addLayout(verbs)

    def _show(self) -> None:
        spoken, order = self._spoken, self._spoken.order
        self.badge.show_text(
            self._look.language.text(f"prompts.order.{order.state}") if order else "",
            _TONE[order.state] if order else "",
        )
        self.words.setText(self._words(order))
        self.outdated.setVisible(is_outdated(spoken))
        following = NEXT[order.state if order else None]
        if order is not None and is_outdated(spoken):
            following = (OrderState.ORDERED, *(s for s in following if s is not OrderState.ORDERED))
        can_order = bool(words_in(spoken.text))
        for state, button in self.buttons.items():
            button.setVisible(not self._is_read_only and state in following)
            button.setEnabled(state is not OrderState.ORDERED or can_order)
        why = "" if can_order else self._look.language.text("prompts.order.no-words")
        self.buttons[OrderState.ORDERED].setToolTip(why)
        self.withdraw.setVisible(order is not None and not self._is_read_only)
        for name, (line, field) in zip(
            _FIELDS, zip(self.fields.values(), self._details, strict=True), strict=True
        ):
            field.setVisible(order is not None)
            line.setReadOnly(self._is_read_only)
            if not (line.hasFocus() and line.isModified()):
                line.setText(getattr(order, name) if order is not None else "")

    def _words(self, order: StudioOrder | None) -> str:
        language = self._look.language
        if order is None:
            return language.text(
                "prompts.order.none", count=count_words(language, self._spoken.text)
            )
        return language.text(
            "prompts.order.since",
            count=count_words(language, order.text),
            when=language.day_and_time(_local(order.at)),
        )

    def _settle(self, name: str) -> None:
        line, order = self.fields[name], self._spoken.order
        line.setModified(False)
        if order is not None and not self._is_read_only and line.text() != getattr(order, name):
            self.written.emit(name, line.text())


def _local(moment: datetime) -> datetime:
    return moment.astimezone()
