"""Which field edits which type of property."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cx_desktop.domain.flow.kind import FieldType
from cx_desktop.views.flow_editor.inspector.fields.choice import (
    ChoiceEditor,
    ChoicesEditor,
    ReferenceEditor,
    ToggleEditor,
)
from cx_desktop.views.flow_editor.inspector.fields.data import DataEditor
from cx_desktop.views.flow_editor.inspector.fields.editor import Request, ValueEditor
from cx_desktop.views.flow_editor.inspector.fields.keys import KeysEditor
from cx_desktop.views.flow_editor.inspector.fields.numbers import SecondsEditor, WholeEditor
from cx_desktop.views.flow_editor.inspector.fields.prompt import PromptEditor, PromptsEditor
from cx_desktop.views.flow_editor.inspector.fields.rows import RowsEditor
from cx_desktop.views.flow_editor.inspector.fields.text import LineEditor, LinesEditor

#: The field for every type; a test looks that none is missing.
EDITORS: Mapping[FieldType, Callable[[Request], ValueEditor]] = MappingProxyType(
    {
        FieldType.TEXT: LineEditor,
        FieldType.LINES: LinesEditor,
        FieldType.PROMPT: PromptEditor,
        FieldType.PROMPTS: PromptsEditor,
        FieldType.INTEGER: WholeEditor,
        FieldType.SECONDS: SecondsEditor,
        FieldType.TOGGLE: ToggleEditor,
        FieldType.CHOICE: ChoiceEditor,
        FieldType.CHOICES: ChoicesEditor,
        FieldType.KEYS: KeysEditor,
        FieldType.CASES: RowsEditor,
        FieldType.WEIGHTS: RowsEditor,
        FieldType.OUTCOMES: RowsEditor,
        FieldType.ASSIGNMENTS: RowsEditor,
        FieldType.MAPPING: RowsEditor,
        FieldType.VARIABLE: LineEditor,
        FieldType.EXPRESSION: LineEditor,
        FieldType.REFERENCE: ReferenceEditor,
        FieldType.NUMBER: LineEditor,
        FieldType.URL: LineEditor,
        FieldType.DATA: DataEditor,
    }
)


def editor_for(request: Request) -> ValueEditor:
    """A field for a property."""
    editor = EDITORS[request.declared.type](request)
    if request.around.is_read_only:
        editor.lock()
    return editor
