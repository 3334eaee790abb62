"""The page « Rechercher »: words in all flows, and where something is used."""
