"""The flows that use what goes live, with what the rules say of them then."""

from cx_desktop.domain.finding import Finding
from cx_desktop.models.objects.plan import Plan, Touched
from cx_desktop.views.objects.finding_words import (
    ICON_BY_SEVERITY,
    TONE_BY_SEVERITY,
    finding_words,
)
from cx_desktop.views.objects.place_list import PlaceList
from cx_desktop.views.objects.summary_words import step_words


class TouchedList(PlaceList):
    """Each flow leads to itself."""

    def show_plan(self, plan: Plan) -> None:
        """Show the flows that are touched."""
        self.clear()
        language = self._look.language
        for each in plan.touched:
            text = language.text(
                f"objects.publish.touches.{_way(each)}", name=each.flow.name, queue=each.through
            )
            top = self.line(text, "tree-structure", "muted", each.flow.id)
            for finding in each.findings:
                top.addChild(
                    self.line(
                        self._words(each, finding),
                        ICON_BY_SEVERITY[finding.severity],
                        TONE_BY_SEVERITY[finding.severity],
                        each.flow.id,
                    )
                )
            self.addTopLevelItem(top)
        self.setRootIsDecorated(any(each.childCount() for each in self.tops()))
        self.expandAll()
        self.updateGeometry()

    def _words(self, touched: Touched, finding: Finding) -> str:
        text = finding_words(self._look.language, finding)
        name = touched.names.get(finding.node or "")
        return f"{step_words(self._look.language, name)} — {text}" if name is not None else text


def _way(touched: Touched) -> str:
    if touched.is_pinned:
        return "pinned"
    if touched.through:
        return "through"
    return "live" if touched.flow.is_live else "draft"
