"""Pictures and documents of flows for who has no window: drawn on a screen that is not there."""

from collections.abc import Callable, Mapping

from PySide6.QtGui import QGuiApplication

from cx_desktop.domain.flow.findings import findings
from cx_desktop.domain.flow.formats import Imported
from cx_desktop.models.language import Language
from cx_desktop.models.theme import Theme
from cx_desktop.settings import AppSettings, Scheme, resources
from cx_desktop.text import Language as Tongue
from cx_desktop.views.flows.sheets import Sheet, Sheets
from cx_desktop.views.widgets.icons import Icons
from cx_desktop.views.widgets.look import Look

_DRAWN: Mapping[str, Callable[[Sheets, Sheet], bytes]] = {
    "svg": Sheets.svg,
    "png": Sheets.png,
    "pdf": Sheets.pdf,
}


def drawn(imported: Imported, kind: str, tongue: Tongue) -> bytes:
    """A flow as ``svg``, ``png`` or ``pdf``, in a language."""
    running = QGuiApplication.instance()
    application = running or QGuiApplication(["cx-desktop", "-platform", "offscreen"])
    theme = Theme(
        QGuiApplication.styleHints(), resources() / "theme.qss", AppSettings(theme=Scheme.LIGHT)
    )
    look = Look(Language(resources() / "text", tongue), theme, Icons(theme))
    found = findings(imported.flow) if kind == "pdf" else ()
    sheet = Sheet(imported.flow, imported.name, imported.description, found)
    made = _DRAWN[kind](Sheets(look), sheet)
    del application
    return made
