"""Every pair of colours that stands on one another can be read (WCAG 2.2, AA)."""

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from cx_desktop.models.theme import DARK, LIGHT, Theme, Tokens
from cx_desktop.settings import AppSettings, Motion, Scheme, resources

TEXT, SHAPE = 4.5, 3.0

ON_PAGES = ("window", "surface", "raised", "sunken")
TONES = ("ok", "warn", "block", "info")
FAMILIES = ("entry", "speech", "input", "decision", "data", "transfer", "end")

PAIRS = (
    *((ink, page, TEXT) for ink in ("text", "muted", "accent", *TONES) for page in ON_PAGES),
    ("text", "hover", TEXT),
    ("muted", "hover", TEXT),
    *((tone, f"{tone}_soft", TEXT) for tone in TONES),
    *(("text", f"{tone}_soft", TEXT) for tone in (*TONES, "accent")),
    ("muted", "accent_soft", TEXT),
    ("accent_strong", "accent_soft", TEXT),
    ("on_accent", "accent", TEXT),
    ("on_accent", "accent_strong", TEXT),
    ("on_demo", "demo", TEXT),
    ("on_banner", "banner_from", TEXT),
    ("on_banner", "banner_to", TEXT),
    *(("control", page, SHAPE) for page in ("window", "surface", "raised")),
    *((family, page, SHAPE) for family in FAMILIES for page in ("surface", "window")),
)


def luminance(color: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(QColor(one)), luminance(QColor(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "paper", "least"), PAIRS)
def test_what_stands_on_it_can_be_read(tokens: Tokens, ink: str, paper: str, least: float) -> None:
    found = contrast(getattr(tokens, ink), getattr(tokens, paper))
    assert found >= least, f"{ink} on {paper}: {found:.2f}"


@pytest.mark.parametrize("scheme", list(Scheme))
def test_the_style_sheet_knows_every_name_it_uses(qapp: QApplication, scheme: Scheme) -> None:
    theme = Theme(
        qapp.styleHints(), resources() / "theme.qss", AppSettings(theme=scheme, text_size=150)
    )
    sheet = theme.style_sheet()
    assert "$" not in sheet
    assert theme.tokens.accent in sheet
    assert theme.palette().color(QPalette.ColorRole.Window) == QColor(theme.tokens.window)


def test_the_text_grows_with_its_setting(qapp: QApplication) -> None:
    def body(size: int) -> int:
        settings = AppSettings(text_size=size)
        theme = Theme(qapp.styleHints(), resources() / "theme.qss", settings)
        return theme.font(qapp.font()).pixelSize()

    assert body(100) == 13
    assert body(200) == 26


def test_motion_follows_the_setting_before_the_system(qapp: QApplication) -> None:
    def is_reduced(motion: Motion, *, system: bool) -> bool:
        return Theme(
            qapp.styleHints(),
            resources() / "theme.qss",
            AppSettings(motion=motion),
            system_reduces_motion=lambda: system,
        ).is_motion_reduced

    assert is_reduced(Motion.SYSTEM, system=True)
    assert not is_reduced(Motion.SYSTEM, system=False)
    assert not is_reduced(Motion.FULL, system=True)
    assert is_reduced(Motion.REDUCED, system=False)
