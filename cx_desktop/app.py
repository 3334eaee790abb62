"""Where the window's objects meet, and nowhere else."""
