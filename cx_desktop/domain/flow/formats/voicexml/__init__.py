"""VoiceXML 2.0 and 2.1: one document is one flow, one form item is a step.

What the Form Interpretation Algorithm does between the items of a form becomes links; ECMAScript is
read as far as our own language of expressions goes, and the rest stays as it is. Written, a flow
is a document of one form for each step; what VoiceXML has no words for is a dialog that the
platform brings (``component.py``).
"""

from cx_desktop.domain.flow.formats.voicexml.reader import FORMAT, read_file
from cx_desktop.domain.flow.formats.voicexml.writer import written

__all__ = ["FORMAT", "read_file", "written"]
