"""What is recorded, for how long, and where copies go."""
