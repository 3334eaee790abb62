"""What publishing a flow would do: findings, differences, and who will hear it."""

from PySide6.QtWidgets import QCheckBox, QWidget
from typing_extensions import override

from cx_desktop.models.publishing import TESTS_FAILED, Plan
from cx_desktop.views.flows.summary_list import FindingList, SummaryList
from cx_desktop.views.objects.plan_panel import Plan as AnyPlan
from cx_desktop.views.objects.plan_panel import PlanPanel
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

#: How many tests that have not passed are named.
MOST_NAMED = 5


class FlowPlanPanel(PlanPanel):
    """What changes in a flow, what refuses it, and the numbers and flows that lead into it."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(look, area="flows", parent=parent)
        self._findings_title = Label("", "section")
        self.findings = FindingList(look)
        self.findings.setMaximumHeight(150)
        self._changes_title = Label.of(look, "flows.publish.changes", "section")
        self.changes = SummaryList(look)
        self.tests = Label("", "error", wraps=True)
        self.override = QCheckBox()
        for each in (self.tests, self.override, self._findings_title, self.findings):
            self.details.addWidget(each)
        for each in (self._changes_title,):
            self.details.addWidget(each)
        self.details.addWidget(self.changes, 1)
        self.findings.step_chosen.connect(self.step_chosen)
        self.changes.step_chosen.connect(self.step_chosen)
        self.override.toggled.connect(self._on_override)
        look.language.follow(self, self._show_tests)

    @override
    def show_plan(self, plan: AnyPlan) -> None:
        if isinstance(plan, Plan):
            self.findings.show_findings(plan.findings, plan.names)
            self.changes.show_summary(plan.summary)
            self._findings_title.setVisible(bool(plan.findings))
            self.findings.setVisible(bool(plan.findings))
            self.override.setChecked(False)
            self.changes.setVisible(not plan.summary.is_empty)
            self._changes_title.setVisible(not plan.summary.is_empty)
        super().show_plan(plan)
        self._show_tests()

    @property
    def _failed(self) -> tuple[str, ...]:
        return self._plan.failed if isinstance(self._plan, Plan) else ()

    @override
    def why_held_back(self) -> str:
        if not self._failed or self.override.isChecked():
            return ""
        return self._look.language.plural("simulator.publish.red", len(self._failed))

    @override
    def said(self) -> str:
        if not self._failed:
            return super().said()
        count = len(self._failed)
        despite = self._look.language.plural("simulator.publish.despite", count)
        return f"{super().said()}\n{despite}"

    def _on_override(self, is_on: bool) -> None:  # noqa: FBT001  (a slot)
        self.overridden.emit((TESTS_FAILED,) if is_on else ())
        self._show_readiness()

    def _show_tests(self) -> None:
        failed, language = self._failed, self._look.language
        self.tests.setVisible(bool(failed))
        self.override.setVisible(bool(failed))
        if failed:
            told = language.plural("simulator.publish.red", len(failed))
            self.tests.setText(f"{told} {', '.join(failed[:MOST_NAMED])}")
            self.override.setText(language.text("simulator.publish.override"))

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
