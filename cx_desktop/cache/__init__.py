"""The encrypted copy of the service on this computer, and the edits not yet sent."""
