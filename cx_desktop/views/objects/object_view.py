"""One object at work: head, strips, its form, and its versions beside it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.objects import Target
from cx_desktop.models.objects.desk import ObjectDesk
from cx_desktop.models.objects.facts import ObjectState
from cx_desktop.models.objects.plan import Plan
from cx_desktop.models.objects.revisions import RevisionRow
from cx_desktop.models.objects.work import ObjectWork
from cx_desktop.models.undo import Refused
from cx_desktop.views.objects.changed_panel import ChangedPanel
from cx_desktop.views.objects.changes import Changes
from cx_desktop.views.objects.form import Edited, ObjectForm, Showing
from cx_desktop.views.objects.head import Head
from cx_desktop.views.objects.object_notices import ObjectNotices
from cx_desktop.views.objects.publish_dialog import PublishDialog
from cx_desktop.views.objects.saving import SavingState
from cx_desktop.views.objects.settle_words import named
from cx_desktop.views.objects.settling import ObjectSettling
from cx_desktop.views.objects.versions_panel import Verbs, VersionsPanel
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import ErrorPanel, Skeleton
from cx_desktop.views.widgets.strip import Way

if TYPE_CHECKING:
    from cx_desktop.domain.patch import Document

Draft = TypeVar("Draft")


class ObjectView(QWidget, Generic[Draft]):
    """Opens objects one at a time; leaving saves what was typed last."""

    left = Signal()
    use_wanted = Signal(object)  # Use: somebody wants to see who uses it
    flow_wanted = Signal(str)  # the id of a flow that a publication touches
    published = Signal(object)  # Plan that was carried out

    def __init__(
        self,
        look: Look,
        desk: ObjectDesk[Draft],
        form: ObjectForm[Draft],
        *,
        area: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._desk = desk
        self.changes = Changes()
        self._wanted = ""
        self._read: tuple[RevisionRow, Draft, Document] | None = None
        self.work: ObjectWork[Draft] | None = None
        self.versions: VersionsPanel | None = None
        self.dialog: PublishDialog | None = None
        self.form = form
        self._verbs = Verbs(desk.kind.verbs.edit, desk.kind.verbs.publish)
        self.head = Head(look, area=area, verbs=self._verbs)
        self.notices = ObjectNotices(look, now=desk.clock.now)
        self._saving = SavingState(look, self.head.saving, now=desk.clock.now)
        self._skeleton = Skeleton(look)
        self._error = ErrorPanel(look)
        self._scroll = QScrollArea()
        self._stack = QStackedWidget()
        self._body = QHBoxLayout()
        self.settling = ObjectSettling(
            look, self._body, self.notices, desk=desk, now=desk.clock.now, parent=self
        )
        self._lay_out()
        self.undo = self._step("flows.undo", QKeySequence.StandardKey.Undo, self._undo)
        self.redo = self._step("objects.redo", QKeySequence.StandardKey.Redo, self._redo)
        self._connect()

    def open(self, object_id: str) -> None:
        """Show an object."""
        if self.work is not None and self.work.id == object_id:
            return
        self.close_work()
        self._wanted = object_id
        self._stack.setCurrentWidget(self._skeleton)
        self._desk.open(object_id, done=self._on_opened, failed=self._on_failed)

    def close_work(self) -> None:
        """Let go of the object; what was typed last is saved."""
        self._wanted = ""
        self._read = None
        if self.work is not None:
            self.form.settle()
        if self.versions is not None:
            self._body.removeWidget(self.versions)
            self.versions.revisions.close()
            self.versions.deleteLater()
            self.versions = None
        self.settling.drop()
        if self.work is not None:
            self.work.close()
            self.work.deleteLater()
            self.work = None
        self.notices.clear()
        self.head.show_reading(None)

    def publish(self, *, returns_to: int | None = None) -> None:
        """Ask to put the draft, or an old version, before callers."""
        if self.work is None:
            return
        self.form.settle()
        self.ask(Target(self._desk.kind.name, self.work.id), returns_to=returns_to)

    def ask(self, *targets: Target, returns_to: int | None = None) -> None:
        """Ask to put drafts, or an old version of one, before callers; together or not at all."""
        self.dialog = PublishDialog(
            self._look,
            self._desk.publishing(*targets),
            self._desk.step_ups,
            self.changes,
            returns_to=returns_to,
            parent=self.window(),
        )
        self.dialog.step_chosen.connect(self.flow_wanted)
        self.dialog.published.connect(self._on_published)
        self.dialog.finished.connect(self._on_dialog_finished)
        self.dialog.begin()

    def toggle_versions(self) -> None:
        """Show or hide the versions."""
        if self.versions is not None:
            self._show_versions(is_shown=self.versions.isHidden())

    def show_draft(self) -> None:
        """Back from an old version to the draft."""
        self._read = None
        self.notices.reading.clear()
        self.head.show_reading(None)
        self._show_form()

    @property
    def can_discard(self) -> bool:
        """Whether the draft differs from something that is live."""
        is_ahead = self.work is not None and self.work.state is ObjectState.AHEAD
        return is_ahead and self._desk.permissions.allows(self._desk.kind.verbs.edit)

    def discard_draft(self) -> None:
        """Make the draft what callers hear; undo takes it back."""
        live = self.versions.revisions.live if self.versions is not None else None
        if live is not None:
            self._take_over(live, "flows.step.discard")

    def _lay_out(self) -> None:
        self._scroll.setWidget(self.form)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        for each in (self._skeleton, self._error, self._scroll):
            self._stack.addWidget(each)
        self._body.setSpacing(0)
        self._body.addWidget(self._stack, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.notices)
        layout.addLayout(self._body, 1)

    def _step(
        self, key: str, shortcut: QKeySequence.StandardKey, run: Callable[[], None]
    ) -> QAction:
        action = QAction(self)
        action.setShortcut(shortcut)
        action.triggered.connect(run)
        self._look.language.bind(self, action.setText, key)
        self.addAction(action)
        return action

    def _connect(self) -> None:
        self.head.left.connect(self.left)
        self.head.renamed.connect(self._on_renamed)
        self.head.versions_wanted.connect(self.toggle_versions)
        self.head.publish_wanted.connect(self.publish)
        self.form.edited.connect(self._on_edited)
        self.form.use_wanted.connect(self.use_wanted)
        self.notices.retry_wanted.connect(self._retry_save)
        self.settling.failed.connect(self.notices.explain)
        self._error.retry_requested.connect(self._retry_open)
        self._desk.permissions.changed.connect(self._show_permissions)
        self._desk.shelf.changed.connect(self._show_form)  # who uses it may be others
        self._look.language.follow(self, self._show_permissions)
        self._look.language.changed.connect(self._show_form)

    def _on_opened(self, work: ObjectWork[Draft]) -> None:
        if work.id != self._wanted:
            work.close()
            return
        self.work = work
        work.setParent(self)
        self.notices.planned.show_object(work.id)
        work.changed.connect(self._show_form)
        work.facts_changed.connect(self._show_facts)
        work.others_changed.connect(self.notices.show_others)
        work.undo_refused.connect(self._on_undo_refused)
        work.gone.connect(self.left)
        work.opened.arriving.connect(self.form.settle)
        work.opened.save_failed.connect(self.notices.show_save_failed)
        self._saving.follow(work.opened)
        self.settling.follow(work)
        self._make_versions(work)
        self._show_facts()
        self._show_form()
        self._stack.setCurrentWidget(self._scroll)
        self.form.setFocus()
        why = self._desk.why_not_edit(work.facts)
        if why:
            text = self._look.language.text
            self.notices.told.say("info", lambda: f"{text('objects.looking')} {text(why)}")

    def _make_versions(self, work: ObjectWork[Draft]) -> None:
        revisions = self._desk.revisions(work.id)
        panel = VersionsPanel(
            self._look,
            revisions,
            permissions=self._desk.permissions,
            verbs=self._verbs,
            now=self._desk.clock.now,
        )
        kind = self._desk.kind.name
        panel.tell(ChangedPanel(self._look, revisions, kind, lambda: self.changes))
        panel.hide()
        panel.open_requested.connect(self._read_revision)
        panel.draft_requested.connect(lambda row: self._take_over(row, "flows.step.revert"))
        panel.return_requested.connect(lambda row: self.publish(returns_to=row.number))
        panel.discard_requested.connect(self.discard_draft)
        panel.close_requested.connect(lambda: self._show_versions(is_shown=False))
        self._body.addWidget(panel)
        self.versions = panel
        self.head.versions.setChecked(False)
        revisions.changed.connect(self._compare_with_live)
        revisions.load()

    def _compare_with_live(self) -> None:
        """Let the draft be compared with what callers hear, as soon as that is here."""
        work, panel = self.work, self.versions
        live = panel.revisions.live if panel is not None else None
        if work is None or panel is None or live is None or work.live is not None:
            return

        def know(document: "Document") -> None:
            if work is self.work:
                work.know_live(live.number, document)

        panel.revisions.document(live.number, done=know, failed=lambda _error: None)

    def _show_versions(self, *, is_shown: bool) -> None:
        if self.versions is not None:
            self.versions.setVisible(is_shown)
            self.head.versions.setChecked(is_shown)
            if is_shown:
                self.versions.list.setFocus()

    def _show_facts(self) -> None:
        if self.work is not None:
            state = self.work.state
            self.head.show_facts(self.work.facts, state)
            if self.versions is not None:
                self.versions.show_draft(is_ahead=state is ObjectState.AHEAD)

    def _show_form(self, _change: object = None) -> None:
        work = self.work
        if work is None:
            return
        row = self._desk.shelf.row(work.id)
        read = self._read
        self.form.show_object(
            Showing(
                facts=work.facts,
                draft=work.draft if read is None else read[1],
                document=work.document if read is None else read[2],
                is_read_only=work.is_read_only or read is not None,
                uses=row.uses if row is not None else (),
            )
        )

    def _show_permissions(self) -> None:
        self.head.show_permissions(self._desk.permissions)

    def _on_failed(self, error: CXError) -> None:
        self._error.explain(error)
        self._stack.setCurrentWidget(self._error)

    def _retry_open(self) -> None:
        wanted, self._wanted = self._wanted, ""
        self.open(wanted)

    def _retry_save(self) -> None:
        if self.work is not None:
            self.work.opened.retry()

    def _on_renamed(self, name: str) -> None:
        if self.work is not None:
            self.work.set_field("name", name, seen=self.head.name.began)

    def _on_edited(self, edited: Edited) -> None:
        if self.work is not None and self._read is None:
            self.work.do(edited.key, edited.places, merge=edited.merge)

    def _undo(self) -> None:
        if self.work is not None and self._read is None:
            self.form.settle()
            self.work.undo_stack.undo()

    def _redo(self) -> None:
        if self.work is not None and self._read is None:
            self.work.undo_stack.redo()

    def _on_undo_refused(self, refused: Refused) -> None:
        language = self._look.language
        self.notices.told.say(
            "warn", lambda: language.text("objects.undo-refused", who=named(language, refused.who))
        )

    def _read_revision(self, row: RevisionRow) -> None:
        if self.versions is None:
            return
        self.form.settle()

        def show(document: "Document") -> None:
            try:
                draft = self._desk.kind.read(document)
            except msgspec.ValidationError as error:
                self.notices.explain(CXError("problem.object-unreadable", reason=str(error)))
                return
            self._read = (row, draft, document)
            self._show_form()
            self._say_reading(row)
            self.head.show_reading(row.number)

        self.versions.revisions.document(row.number, done=show, failed=self.notices.explain)

    def _say_reading(self, row: RevisionRow) -> None:
        language, permissions = self._look.language, self._desk.permissions
        ways = []
        if permissions.allows(self._desk.kind.verbs.edit):
            take = partial(self._take_over, row, "flows.step.revert")
            ways.append(Way(key="flows.version.draft", run=take))
        if permissions.allows(self._desk.kind.verbs.publish) and not row.is_live:
            back = partial(self.publish, returns_to=row.number)
            params: dict[str, str | int] = {"number": row.number}
            ways.append(Way(key="flows.version.return-to", run=back, params=params))
        ways.append(Way(key="flows.reading.leave", run=self.show_draft))
        self.notices.reading.say(
            "info", lambda: language.text("flows.reading", number=row.number), ways
        )

    def _take_over(self, row: RevisionRow, key: str) -> None:
        """Make the draft equal to a revision, as one step that undo takes back."""
        work = self.work
        if work is None or self.versions is None:
            return

        def take(document: "Document") -> None:
            if work is not self.work:
                return
            self.show_draft()
            if work.take_over(document, key):
                language = self._look.language
                self.notices.told.say(
                    "ok",
                    lambda: language.text("flows.draft-equals", number=row.number),
                    [Way(key="flows.undo", run=work.undo_stack.undo)],
                )

        self.versions.revisions.document(row.number, done=take, failed=self.notices.explain)

    def _on_published(self, plan: Plan) -> None:
        language = self._look.language
        key = "flows.published" if plan.returns_to is None else "flows.returned"
        params: dict[str, str | int] = {"number": plan.number}
        if plan.returns_to is not None:
            params["old"] = plan.returns_to
        self.show_draft()
        self.notices.told.say("ok", lambda: language.text(key, **params))
        self.published.emit(plan)

    def _on_dialog_finished(self, _result: int) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
