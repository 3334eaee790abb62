"""VoiceXML 2.0 and 2.1: one document is one flow, one form item is a step.

What the Form Interpretation Algorithm does between the items of a form becomes links; ECMAScript is
read as far as our own language of expressions goes, and the rest stays as it is.
"""

from cx_desktop.domain.flow.formats.voicexml.reader import FORMAT, read_file

__all__ = ["FORMAT", "read_file"]
