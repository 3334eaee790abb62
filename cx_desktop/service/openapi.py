"""Writes ``resources/openapi.json``: ``python -m cx_desktop.service.openapi``."""

import msgspec

from cx_desktop.service.app import openapi
from cx_desktop.settings import resources

PATH = resources() / "openapi.json"


def text() -> bytes:
    """The document as it is checked in."""
    return msgspec.json.format(msgspec.json.encode(openapi(), order="sorted"), indent=2) + b"\n"


if __name__ == "__main__":
    PATH.write_bytes(text())
