"""Settings: made from their declarations."""
