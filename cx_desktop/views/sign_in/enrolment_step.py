"""First sign-in: the authenticator learns the secret and proves it with a code."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QClipboard, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.models.fault import Fault
from cx_desktop.models.session import Session, Step
from cx_desktop.overrides import override
from cx_desktop.views.sign_in.fault_note import FaultNote, Way
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.code_field import DIGITS, CodeField
from cx_desktop.views.widgets.field import Field
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

_QUIET_ZONE = 4  # modules, ISO/IEC 18004


class QrCode(QWidget):
    """A QR code, black on white with its quiet zone in every theme: cameras need that."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._modules: tuple[tuple[bool, ...], ...] = ()
        self.setFixedSize(QSize(184, 184))
        look.language.bind(self, self.setAccessibleName, "sign-in.qr")

    def show_modules(self, modules: tuple[tuple[bool, ...], ...]) -> None:
        """Draw these squares."""
        self._modules = modules
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.white)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setBrush(Qt.GlobalColor.black)
        side = len(self._modules) + 2 * _QUIET_ZONE
        size = self.width() * self.devicePixelRatioF() // side / self.devicePixelRatioF()
        offset = (self.width() - size * side) / 2 + _QUIET_ZONE * size
        for y, row in enumerate(self._modules):
            for x, is_dark in enumerate(row):
                if is_dark:
                    painter.drawRect(QRectF(offset + x * size, offset + y * size, size, size))
        painter.end()


class EnrolmentStep(QWidget):
    """Shows the secret as a QR code and as text, and asks for the first code."""

    def __init__(
        self,
        look: Look,
        session: Session,
        *,
        clipboard: QClipboard,
        qr: Callable[[str], tuple[tuple[bool, ...], ...]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._clipboard = clipboard
        self._qr = qr
        self._picture = QrCode(look)
        self._secret = Label("", "mono", wraps=True)
        self._secret.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._copy = Button(look, "sign-in.copy-secret", icon="copy")
        self.code = CodeField(look)
        self._field = Field(look, "sign-in.first-code", self.code)
        self.note = FaultNote(look, session, Way.RETRY)
        self._back = Button(look, "sign-in.back", kind="quiet", icon="arrow-left")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(Label.of(look, "sign-in.enrol-title", "title"))
        layout.addWidget(Label.of(look, "sign-in.enrol-scan", wraps=True))
        layout.addLayout(self._secret_row(look))
        layout.addWidget(self._field)
        layout.addWidget(self.note)
        layout.addWidget(self._back, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        self.code.completed.connect(self._submit)
        self._copy.clicked.connect(lambda: clipboard.setText(self._plain_secret()))
        self._back.clicked.connect(session.back)
        self.note.chosen.connect(self._submit)
        session.busy_changed.connect(self.code.setReadOnly)
        session.step_changed.connect(self._on_step_changed)
        self._on_step_changed(session.step)

    @property
    def secret_text(self) -> str:
        """The secret as it is shown, in groups of four."""
        return self._secret.text()

    def take_focus(self) -> None:
        """Put the caret where the code goes."""
        self.code.setFocus()

    def explain(self, fault: Fault | None) -> None:
        """Say what went wrong where it went wrong."""
        is_here = fault is not None and fault.place == "code"
        self._field.set_error(fault.error if fault and is_here else None)
        self.note.explain(None if is_here else fault)
        if is_here:
            self.code.clear()
        if fault is not None:
            self.code.setFocus()

    def _submit(self) -> None:
        if len(self.code.text()) == DIGITS and not self._session.is_busy:
            self.explain(None)
            self._session.enter_code(self.code.text())

    def _secret_row(self, look: Look) -> QHBoxLayout:
        by_hand = QVBoxLayout()
        by_hand.setSpacing(6)
        by_hand.addWidget(Label.of(look, "sign-in.enrol-by-hand", "small", wraps=True))
        by_hand.addWidget(self._secret)
        by_hand.addWidget(self._copy, alignment=Qt.AlignmentFlag.AlignLeft)
        by_hand.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._picture)
        row.addLayout(by_hand, 1)
        return row

    def _plain_secret(self) -> str:
        enrolment = self._session.challenge.enrolment if self._session.challenge else None
        return enrolment.secret if enrolment else ""

    def _on_step_changed(self, step: Step) -> None:
        challenge = self._session.challenge
        if step is Step.ENROLMENT and challenge is not None and challenge.enrolment is not None:
            secret = challenge.enrolment.secret
            self._secret.setText(" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)))
            self._picture.show_modules(self._qr(challenge.enrolment.uri))
        else:
            self._secret.clear()
            self._picture.show_modules(())
        self.code.clear()
        self.explain(None)
