"""The page « Grilles d’évaluation »."""
