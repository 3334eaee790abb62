"""The visual editor of flows; ``FlowEditor`` is all that others need."""

from cx_desktop.views.flow_editor.editor import FlowEditor

__all__ = ["FlowEditor"]
