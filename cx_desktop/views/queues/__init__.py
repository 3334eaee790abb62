"""The page « Files d’attente »."""
