"""Where the program's files lie, and its settings, each declared once."""

from pathlib import Path


def resources() -> Path:
    """The folder of the program's own data: texts, theme, OpenAPI document, demo flows."""
    installed = Path(__file__).parent / "_resources"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "resources"
