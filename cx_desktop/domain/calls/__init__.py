"""Calls into a project: its own objects make the world that they meet."""
