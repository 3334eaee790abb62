"""The page « Écoutes »: the list of recordings, and what is done with one of them."""
