"""What differs between two flows, as callers would tell it and as the canvas draws it."""

from cx_desktop.domain.flow.diff.comparison import Comparison, Field, Spot, compare
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
from cx_desktop.domain.flow.diff.words import field_in_words, in_words

__all__ = [
    "Calls",
    "Changelog",
    "Comparison",
    "Differs",
    "Ends",
    "Field",
    "Leads",
    "Mark",
    "Marks",
    "Met",
    "Missed",
    "Place",
    "Says",
    "Spot",
    "Statement",
    "Way",
    "calls_of",
    "changelog",
    "compare",
    "field_in_words",
    "in_words",
    "marks",
]
