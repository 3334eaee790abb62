"""Everything a person looks at before callers hear it, one list after another."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.models.objects.plan import TESTS_FAILED, Plan, Planned
from cx_desktop.models.objects.telling import ToldPlan
from cx_desktop.overrides import override
from cx_desktop.views.objects.change_list import ChangeList
from cx_desktop.views.objects.changes import Changes
from cx_desktop.views.objects.finding_list import FindingList
from cx_desktop.views.objects.offer_list import OfferList
from cx_desktop.views.objects.place_list import PlaceList
from cx_desktop.views.objects.told_words import plan_costs
from cx_desktop.views.objects.touched_list import TouchedList
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

#: How many tests that have not passed are named.
_MOST_NAMED = 5


class PlanDetails(QScrollArea):
    """Tests that fail, findings, what may go along, what changes, which flows are touched.

    As tall as what it shows, and no taller than there is room.
    """

    overridden = Signal(object)  # tuple[str, ...]: the refusals that are not to hold
    chosen = Signal(object)  # frozenset[str]: what goes live, too, by id
    step_chosen = Signal(str)  # the id of a node of a flow, or of a flow
    canvas_wanted = Signal(str)  # the id of a flow whose changes are to be seen on the canvas
    resized = Signal()  # there is more, or less, to be seen

    def __init__(self, look: Look, changes: Changes, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._plan: Plan | None = None
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self.tests = Label("", "error", wraps=True)
        self.override_tests = QCheckBox()
        self._findings_title = Label("", "section")
        self.findings = FindingList(look, "flows.findings.list")
        self._offers_title = Label.of(look, "objects.publish.offers", "section")
        self.offers = OfferList(look, changes)
        self._changes_title = Label.of(look, "flows.publish.changes", "section")
        self.changes = ChangeList(look, changes)
        self._told: ToldPlan | None = None
        self.costs = Label("", "muted", wraps=True)
        self.copy = Button(look, "change.copy", kind="link")
        self.canvas = Button(look, "change.on-canvas", kind="link")
        self._touched_title = Label("", "section")
        self.touched = TouchedList(look, "objects.publish.touched-list")
        self._lay_out()
        self.override_tests.toggled.connect(self._on_override)
        self.offers.chosen.connect(self.chosen)
        self.copy.clicked.connect(self._copy)
        self.canvas.clicked.connect(self._show_on_canvas)
        for each in (self.findings, self.changes, self.touched):
            each.step_chosen.connect(self.step_chosen)
            each.resized.connect(self._on_resized)
        self.offers.resized.connect(self._on_resized)

    @property
    def findings_words(self) -> str:
        """What is said above the findings."""
        return self._findings_title.text()

    @property
    def is_overridden(self) -> bool:
        """Whether tests that have not passed are not to hold it back."""
        return self.override_tests.isChecked()

    def show_plan(self, plan: Plan) -> None:
        """Show what would go live."""
        self._plan, self._told = plan, None
        self.findings.show_plan(plan)
        self.offers.show_plan(plan)
        self.changes.show_plan(plan)
        self.touched.show_plan(plan)
        for title, places in self._lists:
            has_rows = places.topLevelItemCount() > 0
            title.setVisible(has_rows)
            places.setVisible(has_rows)
        self._place_findings(comes_first=bool(plan.blocking))
        self.canvas.setVisible(bool(plan.going) and self._flow_to_compare is not None)
        self.copy.setVisible(bool(plan.going))
        if not plan.failed:
            self.override_tests.setChecked(False)
        self.retext()
        self.updateGeometry()

    def show_told(self, told: ToldPlan) -> None:
        """Show what callers will hear, and what it costs."""
        self._told = told
        self.changes.show_told(told)
        self.retext()
        self.updateGeometry()

    def give_up_telling(self) -> None:
        """What callers will hear could not be worked out."""
        if self._plan is not None:
            self.changes.give_up(self._plan)
            self._on_resized()

    def retext(self) -> None:
        """Say it in the language spoken now."""
        plan, language = self._plan, self._look.language
        if plan is None:
            return
        self._findings_title.setText(
            language.plural("flows.publish.refused", len(plan.blocking))
            if plan.blocking
            else language.text("flows.publish.findings")
        )
        touched = language.plural("objects.publish.touched", len(plan.touched))
        self._touched_title.setText(touched)
        costs = plan_costs(language, self._told) if self._told is not None else ""
        self.costs.setText(costs)
        self.costs.setVisible(bool(costs))
        failed = plan.failed
        self.tests.setVisible(bool(failed))
        self.override_tests.setVisible(bool(failed))
        if failed:
            told = language.plural("simulator.publish.red", len(failed))
            self.tests.setText(f"{told} {', '.join(failed[:_MOST_NAMED])}")
            self.override_tests.setText(language.text("simulator.publish.override"))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Rows are laid out after they are shown: only then is it known how high they are."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._on_resized()
        return super().eventFilter(watched, event)

    @override
    def sizeHint(self) -> QSize:
        inside = self._inside
        width = self.viewport().width()
        height = inside.heightForWidth(width) if inside.hasHeightForWidth() else -1
        least = max(inside.sizeHint().height(), inside.minimumSizeHint().height())
        return QSize(width, max(height, least))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), min(self.sizeHint().height(), 96))

    @property
    def _lists(self) -> tuple[tuple[Label, PlaceList], ...]:
        return (
            (self._findings_title, self.findings),
            (self._offers_title, self.offers),
            (self._changes_title, self.changes),
            (self._touched_title, self.touched),
        )

    def _lay_out(self) -> None:
        column = self._column
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.tests)
        column.addWidget(self.override_tests)
        for title, places in self._lists:
            if places is self.changes:
                column.addLayout(self._head(title))
                column.addWidget(self.costs)
            else:
                column.addWidget(title)
            column.addWidget(places)
        column.addStretch(1)
        self.setWidget(self._inside)
        self._inside.installEventFilter(self)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _place_findings(self, *, comes_first: bool) -> None:
        """What refuses it is read before anything else; what is only to be known, after it."""
        column = self._column
        for each in (self._findings_title, self.findings):
            column.removeWidget(each)
        place = column.indexOf(self.override_tests if comes_first else self.changes) + 1
        column.insertWidget(place, self._findings_title)
        column.insertWidget(place + 1, self.findings)

    def _head(self, title: Label) -> QHBoxLayout:
        """The title of the changes, and what can be done with them."""
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.copy)
        head.addWidget(self.canvas)
        return head

    @property
    def _flow_to_compare(self) -> Planned | None:
        """The first flow of which something was live."""
        going = self._plan.going if self._plan is not None else ()
        return next((each for each in going if each.type == "flow" and not each.is_first), None)

    def _show_on_canvas(self) -> None:
        flow = self._flow_to_compare
        if flow is not None:
            self.canvas_wanted.emit(flow.id)

    def _copy(self) -> None:
        text = "\n".join(filter(None, (self.costs.text(), *self.changes.as_text)))
        QGuiApplication.clipboard().setText(text)

    def _on_resized(self) -> None:
        self.updateGeometry()
        self.resized.emit()

    def _on_override(self, is_on: bool) -> None:  # noqa: FBT001  (a slot)
        self.overridden.emit((TESTS_FAILED,) if is_on else ())
