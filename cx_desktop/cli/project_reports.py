"""What the verbs of ``cx-desktop project`` print with ``--json``, one shape each."""

from msgspec import Struct

from cx_desktop.domain.finding import Severity
from cx_desktop.domain.project import Act


class FindingReport(Struct, frozen=True):
    """One finding; ``node`` is a node of a flow, a language of a prompt or a field of a queue."""

    type: str
    name: str
    file: str
    rule: str
    severity: Severity
    node: str | None
    exit: str | None
    message: str


class FailedTest(Struct, frozen=True):
    """One test that has not passed."""

    flow: str
    file: str
    id: str
    name: str


class CheckReport(Struct, frozen=True):
    """``project check``: ``passed`` of ``tests`` tests passed."""

    folder: str
    project: str
    objects: dict[str, int]
    findings: tuple[FindingReport, ...]
    tests: int
    passed: int
    failed: tuple[FailedTest, ...]
    notes: tuple[str, ...]


class ExportReport(Struct, frozen=True):
    """``project export``: how many files were written and removed, and what there is to tell."""

    folder: str
    project: str
    objects: dict[str, int]
    written: int
    removed: int
    notes: tuple[str, ...]


class StepReport(Struct, frozen=True):
    """One act of a plan; ``changes`` say in words what differs."""

    act: Act
    type: str
    name: str
    file: str
    changes: tuple[str, ...]


class Named(Struct, frozen=True):
    """One object."""

    type: str
    name: str


class PlanReport(Struct, frozen=True):
    """``project plan``: what would be done, and what stays as it is though the folder differs."""

    server: str
    project: str
    folder: str
    publishes: bool
    archives_missing: bool
    steps: tuple[StepReport, ...]
    unheard: tuple[Named, ...]
    missing: tuple[Named, ...]
    unknown_numbers: tuple[str, ...]


class ApplyReport(Struct, frozen=True):
    """``project apply`` and ``project import``: what was done."""

    server: str
    project: str
    folder: str
    done: tuple[StepReport, ...]
    unheard: tuple[Named, ...]


class SavedStep(Struct, frozen=True):
    """One act as a plan in a file names it."""

    act: Act
    type: str
    name: str
    digest: str


class SavedPlan(Struct, frozen=True):
    """``project plan --out``: enough to do exactly this later, and nothing secret."""

    format: int
    server: str
    project_id: str
    project: str
    folder: str
    fingerprint: str
    message: str
    """What is published, in words; "" publishes nothing."""
    archives_missing: bool
    steps: tuple[SavedStep, ...]
