"""The simulator and the tests, below the canvas."""
