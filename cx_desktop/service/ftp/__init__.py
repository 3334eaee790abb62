"""Recordings on their way to a server of the client's own."""
