"""What publishing schedules, prompts or queues would do, and the flows that will be heard so."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from cx_desktop.models.objects.plan import ObjectPlan, Planned, Touched
from cx_desktop.views.objects.finding_words import (
    ICON_BY_SEVERITY,
    TONE_BY_SEVERITY,
    finding_words,
)
from cx_desktop.views.objects.place_list import PlaceList
from cx_desktop.views.objects.plan_panel import Plan, PlanPanel
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

#: What changes in one object, a line each.
ChangeWords = Callable[[Planned], Sequence[str]]


class ObjectPlanPanel(PlanPanel):
    """What changes, what is to be known about it, and which flows it touches."""

    def __init__(
        self, look: Look, change_words: ChangeWords, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, area="objects", parent=parent)
        self._change_words = change_words
        self._findings_title = Label.of(look, "objects.publish.findings", "section")
        self.findings = PlaceList(look, "objects.publish.findings")
        self._changes_title = Label.of(look, "flows.publish.changes", "section")
        self.changes = PlaceList(look, "flows.publish.changes")
        self._touched_title = Label("", "section")
        self.touched = PlaceList(look, "objects.publish.touched-list")
        for title, places in self._lists:
            places.setRootIsDecorated(False)
            self.details.addWidget(title)
            self.details.addWidget(places)
        self.touched.step_chosen.connect(self.step_chosen)

    @property
    def _lists(self) -> tuple[tuple[Label, PlaceList], ...]:
        return (
            (self._changes_title, self.changes),
            (self._findings_title, self.findings),
            (self._touched_title, self.touched),
        )

    @override
    def show_plan(self, plan: Plan) -> None:
        if isinstance(plan, ObjectPlan):
            self._show_objects(plan)
            self._show_touched(plan.touched)
            for title, places in self._lists:
                has_rows = places.topLevelItemCount() > 0
                title.setVisible(has_rows)
                places.setVisible(has_rows)
                places.updateGeometry()
        super().show_plan(plan)

    @property
    @override
    def verb_key(self) -> str:
        return "objects.publish.confirm-several" if self._count > 1 else super().verb_key

    @property
    @override
    def verb_params(self) -> dict[str, str | int]:
        return {"count": self._count} if self._count > 1 else super().verb_params

    @property
    def _count(self) -> int:
        return len(self._plan.objects) if isinstance(self._plan, ObjectPlan) else 0

    @override
    def about_words(self, plan: Plan) -> str:
        if self._count > 1 and not plan.changes_nothing:
            return self._look.language.text("objects.publish.about-several")
        return super().about_words(plan)

    @override
    def heard_words(self) -> str:
        plan, language = self._plan, self._look.language
        if not isinstance(plan, ObjectPlan):
            return ""
        count = len(plan.touched)
        self._touched_title.setText(language.plural("objects.publish.touched", count))
        return "" if count else language.text("objects.publish.nobody")

    def _show_objects(self, plan: ObjectPlan) -> None:
        self.changes.clear()
        self.findings.clear()
        language = self._look.language
        for each in plan.objects:
            lines = self._change_words(each)
            for line in lines:
                text = line
                if len(plan.objects) > 1:
                    text = language.text("flows.summary.line", name=each.facts.name, what=line)
                self.changes.addTopLevelItem(self.changes.line(text, "pencil-simple", "warn", None))
            for finding in each.findings:
                self.findings.addTopLevelItem(
                    self.findings.line(
                        finding_words(language, finding),
                        ICON_BY_SEVERITY[finding.severity],
                        TONE_BY_SEVERITY[finding.severity],
                        None,
                    )
                )

    def _show_touched(self, touched: Sequence[Touched]) -> None:
        self.touched.clear()
        language = self._look.language
        for each in touched:
            key = "through" if each.through else "live" if each.flow.is_live else "draft"
            text = language.text(
                f"objects.publish.touches.{key}", name=each.flow.name, queue=each.through
            )
            top = self.touched.line(text, "tree-structure", "muted", each.flow.id)
            for finding in each.findings:
                top.addChild(
                    self.touched.line(
                        finding_words(language, finding),
                        ICON_BY_SEVERITY[finding.severity],
                        TONE_BY_SEVERITY[finding.severity],
                        each.flow.id,
                    )
                )
            self.touched.addTopLevelItem(top)
        self.touched.expandAll()
