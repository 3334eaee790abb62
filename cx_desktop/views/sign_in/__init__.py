"""The door: who are you, and the six digits, please."""
