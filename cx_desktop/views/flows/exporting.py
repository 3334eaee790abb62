"""Asks where a flow is to be written, and in which format."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.models.export_flow import Exported, ExportFormat
from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.flow_rows import FlowRow
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip


class Exporting(QObject):
    """From the verb to the file."""

    def __init__(self, look: Look, desk: FlowDesk, strip: Strip, owner: QWidget) -> None:
        super().__init__(owner)
        self._look = look
        self._desk = desk
        self._strip = strip
        self._owner = owner
        desk.exporting.exported.connect(self._on_exported)
        desk.exporting.failed.connect(self._on_failed)

    def choose(self, row: FlowRow) -> None:
        """Ask for a name; the format follows from the filter that is chosen."""
        language = self._look.language
        kinds = {
            f"{language.text(f'flows.format.{kind}')} (*{kind.suffix})": kind
            for kind in ExportFormat
        }
        name, chosen = QFileDialog.getSaveFileName(
            self._owner,
            language.text("flows.export.title", name=row.name),
            f"{_file_name(row.name)}{ExportFormat.OURS.suffix}",
            ";;".join(kinds),
        )
        if name:
            self.write(row, kinds.get(chosen, ExportFormat.OURS), Path(name))

    def write(self, row: FlowRow, kind: ExportFormat, path: Path) -> None:
        """Write it; a name without an ending gets the format's."""
        if path.suffix != kind.suffix:
            path = path.with_name(
                f"{path.stem if path.suffix in _ENDINGS else path.name}{kind.suffix}"
            )
        self._desk.exporting.write(row.id, kind, path)

    def _on_exported(self, exported: Exported) -> None:
        language = self._look.language
        params: dict[str, str | int] = {"name": exported.name, "file": exported.path.name}
        self._strip.say("ok", lambda: language.text("flows.exported", **params))

    def _on_failed(self, error: CXError) -> None:
        self._strip.say("block", lambda: " ".join(self._look.language.explain(error)))


_ENDINGS = frozenset({".yaml", ".yml", ".json"})


def _file_name(name: str) -> str:
    """A name of a flow as the name of a file: nothing in it can become a path."""
    safe = "".join(each if each.isalnum() or each in " -_" else "-" for each in name)
    return safe.strip(" .-")[:80] or "flow"
