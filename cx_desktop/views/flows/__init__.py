"""The flow page: list, new, import, editor with versions, publishing."""
