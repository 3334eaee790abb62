"""Cases of the list of recordings, each in a process of its own."""
