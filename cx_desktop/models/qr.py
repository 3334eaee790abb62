"""QR codes as squares, light or dark."""

import segno

Modules = tuple[tuple[bool, ...], ...]


def modules(text: str) -> Modules:
    """The squares of a QR code (ISO/IEC 18004, error correction M), without its quiet zone."""
    code = segno.make(text, error="m", micro=False, boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)
