"""How drafts of every type are judged before they are published."""

from collections.abc import Mapping
from datetime import date

from cx_desktop.domain.finding import Finding
from cx_desktop.domain.patch import Document
from cx_desktop.domain.recordings.form_rules import findings
from cx_desktop.domain.recordings.forms import form_of
from cx_desktop.models.objects.plan import Judge
from cx_desktop.models.prompts.around import judge_of
from cx_desktop.models.queues import judge_of as judge_of_queues
from cx_desktop.models.schedule_cards import judge_schedule
from cx_desktop.models.workspace import Workspace


def _judge_form(document: Document, _today: date) -> tuple[Finding, ...]:
    return findings(form_of(document))


def judges_of(workspace: Workspace) -> Mapping[str, Judge]:
    """A judge for each type that has rules of its own; flows are judged where plans are read."""
    return {
        "prompt": judge_of(workspace),
        "schedule": judge_schedule,
        "queue": judge_of_queues(workspace),
        "form": _judge_form,
    }
