"""The flow editor, its peer and its floor: each draws the same graph in a process of its own."""
