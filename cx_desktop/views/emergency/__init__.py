"""Closing at once and reopening, on screen."""
