"""The page « Messages »."""
