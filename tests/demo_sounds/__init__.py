"""How the sounds of the demonstration's recordings are made; only their makers run it."""
