"""Sync: streams in the order of commits, snapshots, and edits pushed exactly once."""
