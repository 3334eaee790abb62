"""Recordings: their list, what plays them, what is said about them."""
