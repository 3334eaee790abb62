"""The page « Grilles d’évaluation »: the list, and one form."""

from functools import partial

from PySide6.QtWidgets import QWidget

from cx_desktop.domain.patch import Document
from cx_desktop.domain.recordings.form_rules import findings
from cx_desktop.domain.recordings.forms import EMPTY, Form
from cx_desktop.models.commands import Commands
from cx_desktop.models.language import Language
from cx_desktop.models.objects.desk import ObjectDesk
from cx_desktop.models.objects.kinds import Shelved
from cx_desktop.models.settings import Settings
from cx_desktop.models.table import Column
from cx_desktop.overrides import override
from cx_desktop.views.forms import words
from cx_desktop.views.forms.form import FormForm
from cx_desktop.views.objects import words as object_words
from cx_desktop.views.objects.finding_words import findings_words
from cx_desktop.views.objects.list_view import Dress
from cx_desktop.views.objects.object_page import ObjectPage, Own
from cx_desktop.views.widgets.look import Look

Row = Shelved[Form]
_NAME, _STATE, _QUESTIONS, _MARK, _FINDINGS, _CHANGED, _SENT = range(7)


class FormsPage(ObjectPage[Form]):
    """Everything about evaluation forms."""

    id = "forms"
    title_key = "forms.page.title"
    icon = "clipboard-text"
    order = 62
    help_key = "forms.help"

    def __init__(
        self,
        look: Look,
        desk: ObjectDesk[Form],
        *,
        commands: Commands,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        form = FormForm(look)
        own = Own(
            dress=_dress(look.language, desk),
            form=form,
            change_words=partial(words.changed, look.language),
            placed=partial(words.placed, look.language),
        )
        super().__init__(look, desk, own, commands=commands, settings=settings, parent=parent)
        self.form = form

    @override
    def new_draft(self) -> Document:
        """One section to begin with."""
        text = self._look.language.text
        first = {"title": text("forms.first-section"), "weight": 1, "rank": 1.0}
        return EMPTY | {"sections": {"section_1": first}}


def _dress(language: Language, desk: ObjectDesk[Form]) -> Dress[Row]:
    common = object_words.Columns(language, desk.clock.now, desk.workspace.user.id)
    questions = Column[Row](
        "forms.column.questions",
        text=lambda row: str(len(row.draft.questions)),
        sort_key=lambda row: len(row.draft.questions),
        is_number=True,
    )
    mark = Column[Row](
        "forms.column.mark",
        text=lambda row: language.text("review.percent", number=str(row.draft.pass_mark)),
        sort_key=lambda row: row.draft.pass_mark,
        is_number=True,
    )
    found = Column[Row](
        "forms.column.findings",
        text=lambda row: _findings(language, row),
        sort_key=lambda row: len(findings(row.draft)),
    )
    return Dress(
        area="forms",
        icon="clipboard-text",
        columns=(
            common.name(),
            common.state(),
            questions,
            mark,
            found,
            common.changed(),
            common.sent(),
        ),
        least=(160, 110, 80, 80, 100, 120, 60),
        hidden=(_SENT,),
        pills={_STATE: object_words.state_pills, _SENT: object_words.sent_pills},
        found_by=lambda row: f"{row.name} {row.description} {row.draft.purpose}",
    )


def _findings(language: Language, row: Row) -> str:
    weights = [each.severity.value for each in findings(row.draft)]
    return findings_words(language, weights.count("blocking"), weights.count("warning"))
