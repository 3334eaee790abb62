"""What publishing a flow would do: findings, differences, and who will hear it."""

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from cx_desktop.models.publishing import Plan
from cx_desktop.views.flows.summary_list import FindingList, SummaryList
from cx_desktop.views.objects.plan_panel import Plan as AnyPlan
from cx_desktop.views.objects.plan_panel import PlanPanel
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look


class FlowPlanPanel(PlanPanel):
    """What changes in a flow, what refuses it, and the numbers and flows that lead into it."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(look, area="flows", parent=parent)
        self._findings_title = Label("", "section")
        self.findings = FindingList(look)
        self.findings.setMaximumHeight(150)
        self._changes_title = Label.of(look, "flows.publish.changes", "section")
        self.changes = SummaryList(look)
        for each in (self._findings_title, self.findings, self._changes_title):
            self.details.addWidget(each)
        self.details.addWidget(self.changes, 1)
        self.findings.step_chosen.connect(self.step_chosen)
        self.changes.step_chosen.connect(self.step_chosen)

    @override
    def show_plan(self, plan: AnyPlan) -> None:
        if isinstance(plan, Plan):
            self.findings.show_findings(plan.findings, plan.names)
            self.changes.show_summary(plan.summary)
            self._findings_title.setVisible(bool(plan.findings))
            self.findings.setVisible(bool(plan.findings))
            self.changes.setVisible(not plan.summary.is_empty)
            self._changes_title.setVisible(not plan.summary.is_empty)
        super().show_plan(plan)

    @override
    def heard_words(self) -> str:
        plan, language = self._plan, self._look.language
        if not isinstance(plan, Plan):
            return ""
        self._findings_title.setText(
            language.plural("flows.publish.refused", len(plan.blocking))
            if plan.blocking
            else language.text("flows.publish.findings")
        )
        parts = []
        if plan.numbers:
            parts.append(
                language.plural(
                    "flows.publish.numbers", len(plan.numbers), names=", ".join(plan.numbers)
                )
            )
        if plan.callers:
            names = ", ".join(use.name for use in plan.callers)
            parts.append(language.plural("flows.publish.callers", len(plan.callers), names=names))
        return " ".join(parts) or language.text("flows.publish.nobody")
