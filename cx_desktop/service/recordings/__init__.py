"""Recordings: their sound, how long they are kept, and who had to do with them."""
