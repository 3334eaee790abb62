"""How the canvas is painted, layer by layer."""
