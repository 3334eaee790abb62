"""Devices as an administrator sees them, what they are ordered to do, and what they hand over."""
