"""What the rules say of what would go live, as a list that leads to the place."""

from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.models.objects.plan import Plan, Planned
from cx_desktop.views.objects import finding_words
from cx_desktop.views.objects.place_list import PlaceList
from cx_desktop.views.objects.summary_words import step_words

_ORDER = (Severity.BLOCKING, Severity.WARNING, Severity.INFORMATION)


class FindingList(PlaceList):
    """The findings of a plan, blocking ones first."""

    def show_plan(self, plan: Plan) -> None:
        """Show the findings of what would go live."""
        self.clear()
        self.setRootIsDecorated(False)
        found = [
            (finding, each)
            for each in plan.objects
            if each.id in plan.chosen
            for finding in each.findings
        ]
        is_one = len({each.id for _, each in found}) <= 1
        for finding, each in sorted(found, key=lambda pair: _ORDER.index(pair[0].severity)):
            text = self._words(finding, each)
            if not is_one or each not in plan.asked:
                text = self._look.language.text(
                    "flows.summary.line", name=each.facts.name, what=text
                )
            self.addTopLevelItem(
                self.line(
                    text,
                    finding_words.ICON_BY_SEVERITY[finding.severity],
                    finding_words.TONE_BY_SEVERITY[finding.severity],
                    finding.node if each in plan.asked else None,
                )
            )
        self.updateGeometry()

    def _words(self, finding: Finding, planned: Planned) -> str:
        text = finding_words.finding_words(self._look.language, finding)
        name = planned.names.get(finding.node or "")
        title = step_words(self._look.language, name) if name is not None else ""
        return f"{title} — {text}" if title else text
