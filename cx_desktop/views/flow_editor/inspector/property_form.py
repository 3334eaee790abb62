"""The properties of one or several nodes, in their groups; only what is unfolded is made."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cx_desktop.domain.flow.kind import FieldType, Property
from cx_desktop.domain.patch import Document, Json
from cx_desktop.views.flow_editor.inspector.fields.editor import Surroundings
from cx_desktop.views.flow_editor.inspector.property_row import PropertyRow
from cx_desktop.views.flow_editor.inspector.section import Section


class PropertyForm(QWidget):
    """Rows for declared properties; ``show_all`` fills them."""

    edited = Signal(str, object)  # the property's name, its value
    settled = Signal()

    def __init__(
        self, declared: Sequence[Property], around: Surroundings, open_groups: set[str]
    ) -> None:
        super().__init__()
        self._around = around
        self._open_groups = open_groups
        self._declared = tuple(each for each in declared if not _is_part_of_keys(each, declared))
        self._rows: dict[str, PropertyRow] = {}
        self._sections: dict[str, Section] = {}
        self._values: Mapping[str, Sequence[Json]] = {}
        self._faults: Mapping[str, Sequence[str]] = {}
        self._shown: frozenset[str] = frozenset()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(14)
        self._build()

    def show_all(
        self,
        values: Mapping[str, Sequence[Json]],
        faults: Mapping[str, Sequence[str]],
        shown: frozenset[str],
    ) -> None:
        """Show values (of each selected node), faults, and which properties matter now."""
        self._values, self._faults, self._shown = values, faults, shown
        for row in self._rows.values():
            self._fill(row)
        for group, section in self._sections.items():
            inside = [each.name for each in self._declared if each.group == group]
            section.setVisible(any(name in shown for name in inside))
            if any(faults.get(name) for name in inside) and not section.is_open:
                section.unfold()

    def show_faults(self, faults: Mapping[str, Sequence[str]]) -> None:
        """Show other faults with the same values."""
        self.show_all(self._values, faults, self._shown)

    def go_to(self, name: str) -> QWidget | None:
        """Unfold and focus a property."""
        declared = next((each for each in self._declared if each.name == name), None)
        if declared is None:
            return None
        if declared.group in self._sections:
            self._sections[declared.group].unfold()
        row = self._rows[name]
        row.take_focus()
        return row

    def _build(self) -> None:
        for each in self._declared:
            if each.group and each.group not in self._sections:
                self._sections[each.group] = self._section(each.group)
            elif not each.group:
                self._layout.addWidget(self._row(each))
        for section in self._sections.values():
            self._layout.addWidget(section)

    def _section(self, group: str) -> Section:
        section = Section(self._around.look, self._around.text(f"group.{group}"), is_open=False)

        def fill() -> None:
            for each in self._declared:
                if each.group == group:
                    row = self._row(each)
                    section.content.addWidget(row)
                    self._fill(row)

        def remember(is_open: bool) -> None:  # noqa: FBT001  (the signature of Qt's signal)
            (self._open_groups.add if is_open else self._open_groups.discard)(group)

        section.opened.connect(fill)
        section.head.toggled.connect(remember)
        if group in self._open_groups:
            section.unfold()
        return section

    def _row(self, declared: Property) -> PropertyRow:
        row = PropertyRow(declared, self._around)
        row.edited.connect(self.edited)
        row.settled.connect(self.settled)
        self._rows[declared.name] = row
        return row

    def _fill(self, row: PropertyRow) -> None:
        name = row.declared.name
        values = self._values.get(name)
        row.setVisible(name in self._shown)
        if values:
            row.show_values(values)
        row.show_faults(self._faults.get(name, ()))


def filled(declared: Sequence[Property], props: Document) -> Document:
    """The values to show: those that are there, and the defaults of the others."""
    return {each.name: props.get(each.name, each.default) for each in declared}


def _is_part_of_keys(declared: Property, among: Sequence[Property]) -> bool:
    """Labels of keys are edited beside the keys themselves."""
    has_keys = any(each.type is FieldType.KEYS for each in among)
    return has_keys and declared.type is FieldType.MAPPING and declared.columns[:1] == ("key",)
