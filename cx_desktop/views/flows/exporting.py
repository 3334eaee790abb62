"""Asks where a flow is to be written, and in which format."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.findings import findings
from cx_desktop.domain.flow.mermaid import mermaid
from cx_desktop.models.export_flow import Draft, Exported, ExportFormat, Maker
from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.flow_rows import FlowRow
from cx_desktop.views.flows.file_dialogs import ask_where_to_save
from cx_desktop.views.flows.sheets import Sheet, Sheets, paper
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip


class Exporting(QObject):
    """From the verb to the file."""

    def __init__(
        self, look: Look, desk: FlowDesk, strip: Callable[[], Strip], owner: QWidget
    ) -> None:
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
        kind_by_name = {language.text(f"flows.format.{kind}"): kind for kind in ExportFormat}
        ask_where_to_save(
            self._owner,
            language.text("flows.export.title", name=row.name),
            _file_name(row.name),
            {name: kind.suffix for name, kind in kind_by_name.items()},
            done=lambda path, name: self.write(row, kind_by_name[name], path),
        )

    def write(self, row: FlowRow, kind: ExportFormat, path: Path) -> None:
        """Write it; a name without an ending gets the format's."""
        if path.suffix != kind.suffix:
            path = path.with_name(
                f"{path.stem if path.suffix in _ENDINGS else path.name}{kind.suffix}"
            )
        self._desk.exporting.write(row.id, kind, path, self._maker(kind))

    def _maker(self, kind: ExportFormat) -> Maker | None:
        """How a file is made that is for people: in their language, on white."""
        if kind is ExportFormat.MERMAID:
            catalogue = self._look.language.catalogue
            return lambda draft: mermaid(draft.flow, catalogue.text).encode()
        if kind not in _SHEETS:
            return None
        sheets, draw = Sheets(paper(self._look)), _SHEETS[kind]

        def made(draft: Draft) -> bytes:
            found = findings(draft.flow, draft.context) if kind is ExportFormat.PDF else ()
            facts = draft.facts
            return draw(
                sheets,
                Sheet(draft.flow, facts.name, facts.description, found, draft.context),
            )

        return made

    def _on_exported(self, exported: Exported) -> None:
        language = self._look.language
        params: dict[str, str | int] = {"name": exported.name, "file": exported.path.name}

        def words() -> str:
            said = language.text("flows.exported", **params)
            if not exported.notes:
                return said
            lost = language.plural("flows.exported.lost", len(exported.notes))
            first = exported.notes[0]
            return f"{said} {lost} {language.text(first.key, **first.params)}"

        self._strip().say("warn" if exported.notes else "ok", words)

    def _on_failed(self, error: CXError) -> None:
        self._strip().say("block", lambda: " ".join(self._look.language.explain(error)))


_SHEETS: Mapping[ExportFormat, Callable[[Sheets, Sheet], bytes]] = {
    ExportFormat.SVG: Sheets.svg,
    ExportFormat.PNG: Sheets.png,
    ExportFormat.PDF: Sheets.pdf,
}
_ENDINGS = frozenset({".yml", *(kind.suffix for kind in ExportFormat)})


def _file_name(name: str) -> str:
    """A name of a flow as the name of a file: nothing in it can become a path."""
    safe = "".join(each if each.isalnum() or each in " -_" else "-" for each in name)
    return safe.strip(" .-")[:80] or "flow"
