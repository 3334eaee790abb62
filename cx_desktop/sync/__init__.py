"""Keeps the cache and the service equal: pulls pages, pushes edits, listens for hints."""
