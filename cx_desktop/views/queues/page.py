"""The page « Files d’attente »: the list, and one queue."""

from functools import partial

from PySide6.QtWidgets import QWidget

from cx_desktop.domain.finding import Finding
from cx_desktop.domain.patch import Document
from cx_desktop.domain.queues import NOTHING_DECIDED, Queue
from cx_desktop.models.commands import Commands
from cx_desktop.models.language import Language
from cx_desktop.models.objects.desk import ObjectDesk
from cx_desktop.models.objects.kinds import Shelved
from cx_desktop.models.queues import QueueAround
from cx_desktop.models.settings import Settings
from cx_desktop.models.table import Column
from cx_desktop.overrides import override
from cx_desktop.views.objects import words as object_words
from cx_desktop.views.objects.finding_words import (
    ICON_BY_SEVERITY,
    TONE_BY_SEVERITY,
    finding_words,
    findings_words,
)
from cx_desktop.views.objects.list_view import Dress
from cx_desktop.views.objects.object_page import ObjectPage, Own
from cx_desktop.views.queues import words
from cx_desktop.views.queues.form import QueueForm
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.pill import Pill

Row = Shelved[Queue]
_NAME, _STATE, _SCHEDULE, _WAITING, _TARGET, _FINDINGS, _USES, _CHANGED, _LABEL, _SENT = range(10)


class QueuesPage(ObjectPage[Queue]):
    """Everything about queues."""

    id = "queues"
    title_key = "queues.page.title"
    icon = "headset"
    order = 50
    help_key = "queues.help"

    def __init__(
        self,
        look: Look,
        desk: ObjectDesk[Queue],
        around: QueueAround,
        *,
        commands: Commands,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        form = QueueForm(look, around)
        own = Own(
            dress=_dress(look.language, desk, around),
            form=form,
            change_words=partial(words.changed, look.language, name_of=around.name),
            placed=partial(words.placed, look.language, name_of=around.name),
        )
        super().__init__(look, desk, own, commands=commands, settings=settings, parent=parent)
        self.form = form
        around.changed.connect(self.list.table.viewport().update)

    @override
    def new_draft(self) -> Document:
        """Every part of a queue, as nobody has decided it yet; callers hear how long it takes."""
        return NOTHING_DECIDED | {"announce_wait": True, "wrap_up": 30, "answer_within": 20}


def _dress(language: Language, desk: ObjectDesk[Queue], around: QueueAround) -> Dress[Row]:
    common = object_words.Columns(language, desk.clock.now, desk.workspace.user.id)

    def found(row: Row) -> tuple[Finding, ...]:
        return around.findings(row.id, row.draft)

    schedule = Column[Row](
        "queues.column.schedule",
        text=lambda row: words.referred_words(
            language, "schedule", row.draft.schedule, around.name
        ),
    )
    waiting = Column[Row](
        "queues.column.waiting",
        text=lambda row: words.waiting_words(language, row.draft),
        sort_key=lambda row: row.draft.longest_wait or float("inf"),
        tooltip=lambda row: (
            f"{words.waiting_words(language, row.draft)}, "
            f"{words.then_words(language, row.draft, around.name)}"
        ),
    )
    target = Column[Row](
        "queues.column.target",
        text=lambda row: words.target_words(language, row.draft),
        sort_key=lambda row: row.draft.answer_within,
    )
    findings = Column[Row](
        "queues.column.findings",
        text=lambda row: _findings_text(language, found(row)),
        sort_key=lambda row: len(found(row)),
        tooltip=lambda row: "\n".join(finding_words(language, each) for each in found(row)),
    )
    label = Column[Row]("queues.column.label", text=lambda row: row.draft.label)
    return Dress(
        area="queues",
        icon="headset",
        columns=(
            common.name(),
            common.state(),
            schedule,
            waiting,
            target,
            findings,
            common.uses(),
            common.changed(),
            label,
            common.sent(),
        ),
        least=(130, 110, 110, 130, 100, 100, 120, 120, 60, 60),
        hidden=(_LABEL, _SENT),
        pills={
            _STATE: object_words.state_pills,
            _FINDINGS: lambda language, row: _findings_pills(language, found(row)),
            _SENT: object_words.sent_pills,
        },
        found_by=lambda row: f"{row.name} {row.description} {row.draft.label} {row.draft.purpose}",
    )


def _findings_text(language: Language, found: tuple[Finding, ...]) -> str:
    weights = [each.severity.value for each in found]
    return findings_words(language, weights.count("blocking"), weights.count("warning"))


def _findings_pills(language: Language, found: tuple[Finding, ...]) -> tuple[Pill, ...]:
    """A pill for what weighs most; else the cell's own words."""
    weighty = [each for each in found if each.severity != "information"]
    if not weighty:
        return ()
    worst = weighty[0]
    tone, icon = TONE_BY_SEVERITY[worst.severity], ICON_BY_SEVERITY[worst.severity]
    return (Pill(language.text(f"queues.short.{worst.rule}"), tone, icon),)
