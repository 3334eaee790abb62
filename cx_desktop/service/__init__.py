"""The reference service: the whole of API version 1 on one SQLite file, started only by ``cli``."""
