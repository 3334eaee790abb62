"""What a new flow can begin as: blank, or one of the templates."""

from pathlib import Path

from msgspec import Struct

from cx_desktop.domain.flow import templates
from cx_desktop.domain.flow.formats.naming import free_name
from cx_desktop.domain.flow.graph import Flow, Link, document_of
from cx_desktop.domain.flow.layout import Polyline, route
from cx_desktop.domain.patch import Document
from cx_desktop.models.language import Language

__all__ = ["Pattern", "free_name", "patterns"]


class Pattern(Struct, frozen=True):
    """A beginning, in words of the user's language."""

    name: str
    about: str
    flow: Flow
    routes: dict[Link, Polyline]

    @property
    def document(self) -> Document:
        """The flow as a draft."""
        return document_of(self.flow)


def patterns(folder: Path, language: Language) -> tuple[Pattern, ...]:
    """A blank flow, then the templates as they read in a language. Not for the GUI thread."""
    flows = {"blank": templates.blank()}
    for template in templates.TEMPLATES:
        data = (folder / template.path(language.current.value)).read_bytes()
        flows[template.id] = templates.filled(data)
    return tuple(
        Pattern(
            name=language.text(f"template.{name}"),
            about=language.text(f"template.{name}.about"),
            flow=flow,
            routes=route(flow),
        )
        for name, flow in flows.items()
    )
