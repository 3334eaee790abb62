"""A project as a folder of text files, and what would change on a service to say the same."""

from cx_desktop.domain.project.judging import Judged, judge
from cx_desktop.domain.project.kinds import KINDS, Kind
from cx_desktop.domain.project.planning import (
    Act,
    Held,
    HeldNumber,
    Plan,
    Present,
    Step,
    Unheard,
    Wishes,
    fingerprint,
    plan,
    without,
)
from cx_desktop.domain.project.project import (
    FORMAT,
    Key,
    Line,
    Project,
    Stated,
    blobs_of,
    project_of,
)
from cx_desktop.domain.project.reading import Found, Measure, Measured, is_object_file, project_in
from cx_desktop.domain.project.wording import details, headline
from cx_desktop.domain.project.writing import files_of

__all__ = [
    "FORMAT",
    "KINDS",
    "Act",
    "Found",
    "Held",
    "HeldNumber",
    "Judged",
    "Key",
    "Kind",
    "Line",
    "Measure",
    "Measured",
    "Plan",
    "Present",
    "Project",
    "Stated",
    "Step",
    "Unheard",
    "Wishes",
    "blobs_of",
    "details",
    "files_of",
    "fingerprint",
    "headline",
    "is_object_file",
    "judge",
    "plan",
    "project_in",
    "project_of",
    "without",
]
