"""Recordings of calls: how long they may be kept."""

from cx_desktop.domain.recordings.filters import Filters, Sort
from cx_desktop.domain.recordings.retention import LONGEST_MONTHS, delete_by

__all__ = ["LONGEST_MONTHS", "Filters", "Sort", "delete_by"]
