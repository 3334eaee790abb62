"""Colours and sizes by name, in one place: two palettes and the style sheet made from them."""

from collections.abc import Callable
from pathlib import Path
from string import Template
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette, QStyleHints

from cx_desktop.settings import AppSettings, Motion, Scheme


class Tokens(NamedTuple):
    """The named colours of one palette.

    Text stands on ``window`` (the page), ``surface`` (cards, fields), ``sunken`` (navigation, bars)
    and on the ``…_soft`` of its own tone. ``outline`` divides, ``control`` bounds what can be used.
    """

    window: str
    surface: str
    raised: str
    sunken: str
    hover: str
    outline: str
    control: str
    text: str
    muted: str
    accent: str
    accent_strong: str
    accent_soft: str
    on_accent: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    block: str
    block_soft: str
    info: str
    info_soft: str
    demo: str
    on_demo: str
    banner_from: str
    banner_to: str
    on_banner: str
    entry: str
    speech: str
    input: str
    decision: str
    data: str
    transfer: str
    end: str


LIGHT = Tokens(
    window="#F6F7F9",
    surface="#FFFFFF",
    raised="#FFFFFF",
    sunken="#ECEEF2",
    hover="#E1E5EC",
    outline="#D9DDE4",
    control="#868E9C",
    text="#1B1F27",
    muted="#565E6C",
    accent="#2B59C3",
    accent_strong="#20479F",
    accent_soft="#E4ECFC",
    on_accent="#FFFFFF",
    ok="#1A7543",
    ok_soft="#E2F3E8",
    warn="#875300",
    warn_soft="#FBF0D9",
    block="#BC2A2A",
    block_soft="#FCE9E7",
    info="#0D6784",
    info_soft="#E0F1F6",
    demo="#6A3FC0",
    on_demo="#FFFFFF",
    banner_from="#20449B",
    banner_to="#152E6B",
    on_banner="#FFFFFF",
    entry="#1A7543",
    speech="#2B59C3",
    input="#7A46B8",
    decision="#9A5B00",
    data="#0D6784",
    transfer="#B03A6F",
    end="#5A6270",
)

DARK = Tokens(
    window="#15171C",
    surface="#1D2027",
    raised="#262A33",
    sunken="#111318",
    hover="#2A2F39",
    outline="#343A46",
    control="#7C8494",
    text="#E7E9EE",
    muted="#A4ABB9",
    accent="#8AADFF",
    accent_strong="#AFC7FF",
    accent_soft="#233255",
    on_accent="#0D1B3E",
    ok="#73CF95",
    ok_soft="#173324",
    warn="#EBB85C",
    warn_soft="#3A2D12",
    block="#FF918B",
    block_soft="#43201F",
    info="#73C9E3",
    info_soft="#12323D",
    demo="#5A3EA6",
    on_demo="#FFFFFF",
    banner_from="#1A2440",
    banner_to="#10141F",
    on_banner="#FFFFFF",
    entry="#73CF95",
    speech="#8AADFF",
    input="#C4A1F5",
    decision="#EBB85C",
    data="#73C9E3",
    transfer="#F29BBF",
    end="#A4ABB9",
)

_MIDDLE = 128


def _never() -> bool:
    return False


#: Sizes in pixels at text size 100 %.
SIZES = {"body": 13, "small": 11, "section": 15, "title": 20, "display": 28}


class Theme(QObject):
    """The palette in use, following the settings and, if they say so, the system."""

    changed = Signal(object)  # the Tokens from now on

    def __init__(
        self,
        hints: QStyleHints,
        template: Path,
        settings: AppSettings,
        *,
        system_reduces_motion: Callable[[], bool] = _never,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._hints = hints
        self._system_reduces_motion = system_reduces_motion
        self._file = template
        self._template = Template(template.read_text("utf-8"))
        self._pictures = template.parent / "theme"
        self._settings = settings
        self._first_window: QColor | None = QGuiApplication.palette().color(
            QPalette.ColorRole.Window
        )
        self._tokens = self._chosen()
        hints.colorSchemeChanged.connect(self._on_system_changed)

    @property
    def tokens(self) -> Tokens:
        """The named colours in use."""
        return self._tokens

    @property
    def is_dark(self) -> bool:
        """Whether the dark palette is in use."""
        return self._tokens is DARK

    @property
    def is_motion_reduced(self) -> bool:
        """Whether nothing may move."""
        motion = self._settings.motion
        if motion is Motion.SYSTEM:
            return self._system_reduces_motion()
        return motion is Motion.REDUCED

    def color(self, name: str) -> QColor:
        """A named colour."""
        return QColor(getattr(self._tokens, name))

    def pixels(self, size: str) -> int:
        """A named text size, as large as the settings ask."""
        return round(SIZES[size] * self._settings.text_size / 100)

    def on_paper(self) -> "Theme":
        """The same in light colours, whatever the window wears."""
        return Theme(self._hints, self._file, self._settings._replace(theme=Scheme.LIGHT))

    def differs(self, settings: AppSettings) -> bool:
        """Whether these settings look different from the present ones."""
        old = self._settings
        return (old.theme, old.text_size, old.motion) != (
            settings.theme,
            settings.text_size,
            settings.motion,
        )

    def apply(self, settings: AppSettings) -> None:
        """Follow other settings from now on."""
        self._settings = settings
        self._tokens = self._chosen()
        self.changed.emit(self._tokens)

    def font(self, system: QFont) -> QFont:
        """The system's font in our body size."""
        font = QFont(system)
        font.setPixelSize(self.pixels("body"))
        return font

    def palette(self) -> QPalette:
        """The named colours as Qt wants them."""
        role, group = QPalette.ColorRole, QPalette.ColorGroup
        tokens, palette = self._tokens, QPalette()
        for each, name in {
            role.Window: tokens.window,
            role.WindowText: tokens.text,
            role.Base: tokens.surface,
            role.AlternateBase: tokens.window,
            role.Text: tokens.text,
            role.PlaceholderText: tokens.muted,
            role.Button: tokens.surface,
            role.ButtonText: tokens.text,
            role.BrightText: tokens.block,
            role.Highlight: tokens.accent,
            role.HighlightedText: tokens.on_accent,
            role.Accent: tokens.accent,
            role.ToolTipBase: tokens.raised,
            role.ToolTipText: tokens.text,
            role.Link: tokens.accent,
            role.LinkVisited: tokens.accent_strong,
            role.Light: tokens.raised,
            role.Midlight: tokens.outline,
            role.Mid: tokens.outline,
            role.Dark: tokens.control,
            role.Shadow: tokens.sunken,
        }.items():
            palette.setColor(each, QColor(name))
        for each in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(group.Disabled, each, QColor(tokens.control))
        palette.setColor(group.Disabled, role.Highlight, QColor(tokens.outline))
        return palette

    def style_sheet(self) -> str:
        """``resources/theme.qss`` with its ``$names`` filled."""
        sizes = {f"size_{name}": f"{self.pixels(name)}px" for name in SIZES}
        pictures = (self._pictures / ("dark" if self.is_dark else "light")).as_posix()
        return self._template.substitute(self._tokens._asdict(), pictures=pictures, **sizes)

    def _chosen(self) -> Tokens:
        match self._settings.theme:
            case Scheme.DARK:
                return DARK
            case Scheme.LIGHT:
                return LIGHT
        return DARK if self._is_system_dark() else LIGHT

    def _is_system_dark(self) -> bool:
        """What the system shows: told by its own palette, before ours is put on.

        Qt would say it too, but naming its answer takes 12 ms, see ``views.widgets.look``.
        """
        if self._first_window is not None:
            first, self._first_window = self._first_window, None
            return first.lightness() < _MIDDLE
        return self._hints.colorScheme().name == "Dark"

    def _on_system_changed(self) -> None:
        if self._settings.theme is Scheme.SYSTEM:
            self.apply(self._settings)
