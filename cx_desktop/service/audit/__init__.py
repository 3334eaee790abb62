"""Who did what, when: rows chained by hashes, their heads signed every day."""
