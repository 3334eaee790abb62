"""Text on a page."""

from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from cx_desktop.views.widgets.look import PLAIN_TEXT, Look, restyle, set_enum


class Label(QLabel):
    """Text in one of the style sheet's roles: title, section, strong, muted, small, error, mono."""

    def __init__(
        self,
        text: str = "",
        role: str = "",
        *,
        wraps: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        set_enum(self, "textFormat", PLAIN_TEXT)
        if role:
            self.setProperty("role", role)
        if wraps:
            self.setWordWrap(True)
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)

    @classmethod
    def of(
        cls, look: Look, key: str, role: str = "", *, wraps: bool = False, **params: str | int
    ) -> "Label":
        """A label that follows the language."""
        label = cls("", role, wraps=wraps)
        look.language.bind(label, label.setText, key, **params)
        return label


class Badge(QLabel):
    """A word or a count in a pill; its tone is ok, warn, block, info, accent or nothing."""

    def __init__(self, text: str = "", tone: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        set_enum(self, "textFormat", PLAIN_TEXT)
        self.setProperty("role", "badge")
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str, tone: str = "") -> None:
        """Say something else, in another tone; nothing hides the badge."""
        self.setText(text)
        self.setVisible(bool(text))
        restyle(self, "tone", tone)


class Line(QFrame):
    """A thin line between two things."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "line")
