"""The page « Messages »: the list, and one prompt."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from cx_desktop.domain.patch import Document
from cx_desktop.domain.prompts import Around, Prompt, findings
from cx_desktop.models.commands import Commands
from cx_desktop.models.language import Language
from cx_desktop.models.objects.desk import ObjectDesk
from cx_desktop.models.objects.kinds import Shelved
from cx_desktop.models.prompts.around import read_around
from cx_desktop.models.prompts.sounds import Sounds
from cx_desktop.models.settings import Settings
from cx_desktop.models.table import Column
from cx_desktop.overrides import override
from cx_desktop.text import Language as Tongue
from cx_desktop.views.objects import words as object_words
from cx_desktop.views.objects.finding_words import (
    ICON_BY_SEVERITY,
    TONE_BY_SEVERITY,
    finding_words,
    findings_words,
)
from cx_desktop.views.objects.list_view import Dress
from cx_desktop.views.objects.object_page import ObjectPage, Own
from cx_desktop.views.prompts import words
from cx_desktop.views.prompts.form import PromptForm, World
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.pill import Pill

Row = Shelved[Prompt]
_NAME, _STATE, _LANGUAGES, _WORDS, _LENGTH, _FINDINGS, _USES, _CHANGED, _SENT = range(9)
_SPOKEN = {Tongue.FRENCH: "fr-FR", Tongue.ENGLISH: "en-GB"}


class PromptsPage(ObjectPage[Prompt]):
    """Everything about prompts."""

    id = "prompts"
    title_key = "prompts.page.title"
    icon = "speaker-high"
    order = 30
    help_key = "prompts.help"

    def __init__(
        self,
        look: Look,
        desk: ObjectDesk[Prompt],
        sounds: Sounds,
        *,
        commands: Commands,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        world = World(sounds=sounds, now=desk.clock.now, ask_around=self._ask_around)
        form = PromptForm(look, world)
        own = Own(
            dress=_dress(look.language, desk),
            form=form,
            change_words=partial(words.changed, look.language),
            placed=partial(words.placed, look.language),
        )
        super().__init__(look, desk, own, commands=commands, settings=settings, parent=parent)
        self.form = form
        self.sounds = sounds
        self.view.left.connect(sounds.stop)

    @override
    def new_draft(self) -> Document:
        """An empty text in the language of whoever makes it."""
        return {"languages": {_SPOKEN[self._look.language.current]: {"text": ""}}}

    @override
    def close_page(self) -> None:
        self.sounds.stop()
        super().close_page()

    def _ask_around(self, prompt_id: str, know: Callable[[Around], None]) -> None:
        workspace = self._desk.workspace
        workspace.tasks.run(
            lambda: read_around(workspace, prompt_id), done=know, failed=lambda _error: None
        )


def _dress(language: Language, desk: ObjectDesk[Prompt]) -> Dress[Row]:
    common = object_words.Columns(language, desk.clock.now, desk.workspace.user.id)
    languages = Column[Row](
        "prompts.column.languages",
        text=lambda row: words.languages_words(language, row.draft),
        tooltip=lambda row: words.text_of(row.draft),
    )
    count = Column[Row](
        "prompts.column.words",
        text=lambda row: language.number(words.words_of(row.draft)),
        sort_key=lambda row: words.words_of(row.draft),
        is_number=True,
        tooltip=lambda row: words.count_words(language, words.text_of(row.draft)),
    )
    length = Column[Row](
        "prompts.column.length",
        text=lambda row: _length(language, row),
        sort_key=lambda row: words.length_of(row.draft),
        is_number=True,
    )
    found = Column[Row](
        "prompts.column.findings",
        text=lambda row: _findings_text(language, row),
        sort_key=lambda row: len(findings(row.draft)),
        tooltip=lambda row: "\n".join(
            finding_words(language, each) for each in findings(row.draft)
        ),
    )
    return Dress(
        area="prompts",
        icon="speaker-high",
        columns=(
            common.name(),
            common.state(),
            languages,
            count,
            length,
            found,
            common.uses(),
            common.changed(),
            common.sent(),
        ),
        least=(180, 110, 150, 60, 70, 110, 120, 120, 60),
        hidden=(_SENT,),
        pills={
            _STATE: object_words.state_pills,
            _FINDINGS: _findings_pills,
            _SENT: object_words.sent_pills,
        },
        found_by=lambda row: f"{row.name} {row.description} {words.text_of(row.draft)}",
    )


def _length(language: Language, row: Row) -> str:
    seconds = words.length_of(row.draft)
    return words.seconds_words(language, seconds) if seconds else ""


def _findings_text(language: Language, row: Row) -> str:
    weights = [each.severity.value for each in findings(row.draft)]
    blocking, warnings = weights.count("blocking"), weights.count("warning")
    return findings_words(language, blocking, warnings)


def _findings_pills(language: Language, row: Row) -> tuple[Pill, ...]:
    found = [each for each in findings(row.draft) if each.severity != "information"]
    if not found:
        return ()
    worst = found[0].severity
    text = _findings_text(language, row)
    return (Pill(text, TONE_BY_SEVERITY[worst], ICON_BY_SEVERITY[worst]),)
