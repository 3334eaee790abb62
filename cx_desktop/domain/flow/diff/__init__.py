"""What differs between two flows, as callers would tell it and as the canvas draws it."""

from cx_desktop.domain.flow.diff.costs import Calls, calls_of
from cx_desktop.domain.flow.diff.marks import Mark, Marks, marks
from cx_desktop.domain.flow.diff.statements import (
    Changelog,
    Differs,
    Ends,
    Leads,
    Met,
    Missed,
    Place,
    Says,
    Statement,
    Way,
    changelog,
)
from cx_desktop.domain.flow.diff.words import in_words

__all__ = [
    "Calls",
    "Changelog",
    "Differs",
    "Ends",
    "Leads",
    "Mark",
    "Marks",
    "Met",
    "Missed",
    "Place",
    "Says",
    "Statement",
    "Way",
    "calls_of",
    "changelog",
    "in_words",
    "marks",
]
