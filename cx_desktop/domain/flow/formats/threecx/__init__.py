"""3CX Call Flow Designer: call flows, dialers and user components, each a file of XML.

The components of a file are a tree. Every component becomes a node, a user component a sub-flow,
and code stays as it is; passwords that a file holds are kept with the component, and told.
"""

from cx_desktop.domain.flow.formats.threecx.reader import FORMAT, read_file

__all__ = ["FORMAT", "read_file"]
