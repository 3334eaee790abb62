"""What will change for callers, and what the rules say about it, as lists that lead to the step."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.flow.kinds import KINDS
from cx_desktop.domain.flow.summary import LinkChange, NodeChange, NodeName, Summary
from cx_desktop.models.language import Language
from cx_desktop.views.objects import finding_words
from cx_desktop.views.objects.place_list import PlaceList
from cx_desktop.views.widgets.look import Look

_ORDER = (Severity.BLOCKING, Severity.WARNING, Severity.INFORMATION)


class FindingList(PlaceList):
    """The findings of a draft, blocking ones first."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(look, "flows.findings.list", parent=parent)
        self.setRootIsDecorated(False)

    def show_findings(self, findings: Sequence[Finding], names: dict[str, NodeName]) -> None:
        """Show these findings; ``names`` are those of the steps by id."""
        self.clear()
        for finding in sorted(findings, key=lambda each: _ORDER.index(each.severity)):
            text = finding_words.finding_words(self._look.language, finding)
            name = names.get(finding.node or "")
            title = step_words(self._look.language, name) if name is not None else ""
            self.addTopLevelItem(
                self.line(
                    f"{title} — {text}" if title else text,
                    finding_words.ICON_BY_SEVERITY[finding.severity],
                    finding_words.TONE_BY_SEVERITY[finding.severity],
                    finding.node,
                )
            )


class SummaryList(PlaceList):
    """What differs from what callers hear now, grouped."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(look, "flows.publish.changes", parent=parent)

    def show_summary(self, summary: Summary) -> None:
        """Show these differences."""
        self.clear()
        language = self._look.language
        self._group(
            "flows.summary.added",
            "plus-circle",
            "ok",
            [(node_words(language, each), each.node) for each in summary.added],
        )
        self._group(
            "flows.summary.removed",
            "minus-circle",
            "block",
            [(node_words(language, each), None) for each in summary.removed],
        )
        self._group(
            "flows.summary.changed",
            "pencil-simple",
            "warn",
            [(change_words(language, each), each.node) for each in summary.changed],
        )
        self._group(
            "flows.summary.links",
            "arrow-bend-up-right",
            "info",
            [(link_words(language, each), each.slot.node) for each in summary.links],
        )
        self._group(
            "flows.summary.settings",
            "sliders-horizontal",
            "info",
            [(field_words(language, each), None) for each in summary.settings],
        )
        self._tail("flows.summary.moved", "arrows-out-cardinal", summary.moved)
        self._tail("flows.summary.notes", "note", summary.notes)
        self.expandAll()
        self.updateGeometry()

    def _group(
        self, key: str, icon: str, tone: str, lines: Sequence[tuple[str, str | None]]
    ) -> None:
        if not lines:
            return
        title = self._look.language.plural(key, len(lines))
        top = self.line(title, icon, tone, None)
        top.addChildren([self.line(text, "", "", node) for text, node in lines])
        self.addTopLevelItem(top)

    def _tail(self, key: str, icon: str, count: int) -> None:
        if count:
            text = self._look.language.plural(key, count)
            self.addTopLevelItem(self.line(text, icon, "muted", None))


def node_words(language: Language, node: NodeName | NodeChange) -> str:
    """« Menu principal (Menu) »."""
    kind = language.text(f"kind.{node.kind if node.kind in KINDS else 'foreign'}")
    return f"{node.title} ({kind})" if node.title else kind


def step_words(language: Language, node: NodeName) -> str:
    """« Menu principal », or « Menu » where the step has no title."""
    return node.title or node_words(language, node)


def change_words(language: Language, change: NodeChange) -> str:
    """« Menu principal (Menu) : message, touches »."""
    fields = ", ".join(field_words(language, field) for field in change.fields)
    return language.text("flows.summary.line", name=node_words(language, change), what=fields)


def link_words(language: Language, link: LinkChange) -> str:
    """« Menu, sortie 1 : File ventes → Messagerie »."""
    nowhere = language.text("flows.summary.nowhere")
    return language.text(
        "flows.summary.link",
        name=link.title or link.slot.node,
        exit=finding_words.exit_words(language, link.slot.exit),
        old=link.old or nowhere,
        new=link.new or nowhere,
    )


def field_words(language: Language, name: str) -> str:
    """The name of a field of a step, or of a setting of the flow."""
    if name in {"title", "kind", "origin"}:
        return language.text(f"flows.field.{name}")
    key = f"prop.{name}"
    return language.text(key).lower() if language.catalogue.has(key) else name
