"""Beside the door of the demo: who one can be, and the authenticator of whoever is chosen."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.models.demo import Demo, DemoAccount
from cx_desktop.models.session import CODE_SECONDS, Session, Step
from cx_desktop.overrides import override
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Badge, Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.ring import CountdownRing
from cx_desktop.views.widgets.states import Picture


class _AccountCard(QPushButton):
    """One person one can be."""

    def __init__(self, look: Look, account: DemoAccount) -> None:
        super().__init__()
        self.account = account
        self._look = look
        self.setProperty("kind", "card")
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(12)
        layout.addWidget(Picture(look, "user", size=32))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(account.name, "strong"))
        words.addWidget(Label.of(look, f"demo.role.{account.role}", "muted"))
        layout.addLayout(words, 1)
        if account.totp_secret is None:
            badge = Badge(tone="info")
            look.language.bind(badge, badge.setText, "demo.enrols")
            layout.addWidget(badge)
        for each in self.findChildren(QWidget):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        look.language.follow(self, self._retext)

    @override
    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def _retext(self) -> None:
        role = self._look.language.text(f"demo.role.{self.account.role}")
        self.setAccessibleName(f"{self.account.name}, {role}")


class Authenticator(QFrame):
    """What the telephone of the chosen person would show."""

    def __init__(
        self,
        look: Look,
        demo: Demo,
        session: Session,
        clipboard: QClipboard,
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._demo = demo
        self._session = session
        self._account: DemoAccount | None = None
        self.setProperty("role", "card")
        self._ring = CountdownRing(look, lambda: demo.seconds_left / CODE_SECONDS, size=44)
        self._who = Label("", "muted", wraps=True)
        self.code = Label("", "code")
        self.copy = Button(look, "demo.copy-code", icon="copy")
        self.scan = Button(look, "demo.scan", kind="primary", icon="qr-code")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label.of(look, "demo.authenticator", "strong"))
        words.addWidget(self._who)
        words.addWidget(self.code)
        words.addWidget(self.scan, alignment=Qt.AlignmentFlag.AlignLeft)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(16)
        layout.addWidget(self._ring)
        layout.addLayout(words, 1)
        layout.addWidget(self.copy)
        self.copy.clicked.connect(lambda: clipboard.setText(self.digits))
        self.scan.clicked.connect(self._scan)
        demo.ticked.connect(self._show)
        session.step_changed.connect(self._show)
        look.language.follow(self, self._show)

    @property
    def digits(self) -> str:
        """The code on display."""
        return self._demo.code(self._account.username) if self._account else ""

    def show_account(self, account: DemoAccount | None) -> None:
        """Show this person's code."""
        self._account = account
        self._show()

    def _scan(self) -> None:
        challenge = self._session.challenge
        if self._account is not None and challenge is not None and challenge.enrolment is not None:
            self._demo.learn(self._account.username, challenge.enrolment.secret)
            self._show()

    def _show(self) -> None:
        language, account, digits = self._look.language, self._account, self.digits
        if account is None:
            self._who.setText(language.text("demo.choose-first"))
        elif digits:
            self._who.setText(language.text("demo.code-of", name=account.name))
        else:
            self._who.setText(language.text("demo.no-code", name=account.name))
        self.code.setText(f"{digits[:3]} {digits[3:]}")
        is_enrolling = self._session.step is Step.ENROLMENT
        self.scan.setVisible(account is not None and not digits and is_enrolling)
        for each in (self.code, self.copy, self._ring):
            each.setVisible(bool(digits))
        self._ring.update()


class DemoAside(QWidget):
    """The left half of the demo's door."""

    account_chosen = Signal(object)  # DemoAccount

    def __init__(
        self,
        look: Look,
        demo: Demo,
        session: Session,
        clipboard: QClipboard,
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._demo = demo
        self._cards: list[_AccountCard] = []
        self.setProperty("role", "navigation")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.authenticator = Authenticator(look, demo, session, clipboard)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self._waiting = Label.of(look, "demo.starting", "muted")
        inner = QWidget()
        inner.setProperty("role", "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(32, 28, 32, 24)
        column.setSpacing(12)
        column.addWidget(Label.of(look, "demo.accounts-title", "title"))
        column.addWidget(Label.of(look, "demo.accounts-text", "muted", wraps=True))
        column.addSpacing(4)
        column.addWidget(self._waiting)
        column.addLayout(self._list)
        column.addStretch(1)
        column.addWidget(self.authenticator)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        demo.ready.connect(self._list_accounts)
        demo.stopped.connect(self._on_stopped)
        if demo.is_running:
            self._list_accounts()

    @property
    def cards(self) -> tuple[QPushButton, ...]:
        """One button per account."""
        return tuple(self._cards)

    def _list_accounts(self) -> None:
        for card in self._cards:
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._waiting.hide()
        self._cards = [_AccountCard(self._look, account) for account in self._demo.accounts]
        for card in self._cards:
            self._list.addWidget(card)
            card.clicked.connect(lambda _=False, it=card: self._choose(it))
        self.authenticator.show_account(None)

    def _choose(self, chosen: _AccountCard) -> None:
        for card in self._cards:
            card.setChecked(card is chosen)
        self.authenticator.show_account(chosen.account)
        self.account_chosen.emit(chosen.account)

    def _on_stopped(self) -> None:
        self._waiting.setText(self._look.language.text("demo.stopped"))
        self._waiting.setVisible(not self._cards)
