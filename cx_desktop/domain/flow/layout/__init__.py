"""Where nodes stand and how links run: in columns, few crossings, nothing over anything."""

from cx_desktop.domain.flow.layout.routing import Polyline, route
from cx_desktop.domain.flow.layout.tidying import has_overlaps, tidy

__all__ = ["Polyline", "has_overlaps", "route", "tidy"]
