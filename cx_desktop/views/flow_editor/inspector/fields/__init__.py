"""One field for each type of property."""
