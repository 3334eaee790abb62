"""What the spine has to say on Home: sync, the account, the flows."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from cx_desktop.models.flow_rows import FlowRow
from cx_desktop.models.flows import Flows
from cx_desktop.models.home import Card
from cx_desktop.models.language import Language
from cx_desktop.models.lease_watch import LeaseWatch
from cx_desktop.models.objects.facts import ObjectState
from cx_desktop.models.workspace import Workspace

#: Below this many recovery codes it is time to ask for new ones.
_FEW_CODES = 4
_LEASE_SOON = timedelta(days=4)
_MOST_FLOWS = 6


class SyncCards:
    """Unsent edits, conflicts, no network."""

    def __init__(
        self,
        language: Language,
        workspace: Workspace,
        sign_in_again: Callable[[], object],
        show_edits: Callable[[], object],
    ) -> None:
        self._language = language
        self._workspace = workspace
        self._sign_in_again = sign_in_again
        self._show_edits = show_edits

    def __call__(self) -> Iterable[Card]:
        """The cards now."""
        text, plural = self._language.text, self._language.plural
        freshness = self._workspace.sync_status.freshness
        sync_now = self._workspace.sync_now
        if freshness.conflicts:
            yield Card(
                id="sync.conflicts",
                tone="block",
                icon="git-merge",
                title=plural("home.conflicts", freshness.conflicts),
                text=text("home.conflicts-text"),
                action=text("outbox.show"),
                run=self._show_edits,
            )
        if freshness.is_session_over and freshness.problem is not None:
            title, hint = self._language.explain(freshness.problem)
            yield Card(
                id="sync.session",
                tone="block",
                icon="key",
                title=title,
                text=hint,
                action=text("home.sign-in-again"),
                run=self._sign_in_again,
            )
        elif not freshness.is_online and freshness.checked_at is not None:
            yield Card(
                id="sync.offline",
                tone="warn",
                icon="cloud-slash",
                title=text("home.offline"),
                text=text("home.offline-text"),
                action=text("home.sync-now"),
                run=sync_now,
            )
        elif freshness.unsent:
            yield Card(
                id="sync.unsent",
                tone="info",
                icon="cloud-arrow-up",
                title=plural("home.unsent", freshness.unsent),
                text=text("home.unsent-text"),
                action=text("outbox.show"),
                run=self._show_edits,
            )


class AccountCards:
    """Recovery codes that run out, and the end of the offline lease."""

    def __init__(self, language: Language, workspace: Workspace, lease: LeaseWatch) -> None:
        self._language = language
        self._workspace = workspace
        self._lease = lease

    def __call__(self) -> Iterable[Card]:
        """The cards now."""
        language, workspace = self._language, self._workspace
        left = workspace.user.recovery_codes_left
        if workspace.opened.is_online:
            yield Card(
                id="account.recovery",
                tone="warn" if left < _FEW_CODES else "",
                icon="key",
                title=language.plural("home.recovery", left),
                text=language.text("home.recovery-text"),
            )
        if not workspace.opened.is_lasting:
            yield Card(
                id="account.once",
                tone="warn",
                icon="timer",
                title=language.text("home.once"),
                text=language.text("home.once-text"),
            )
            return
        end = self._lease.lease.not_after
        yield Card(
            id="account.lease",
            tone="warn" if end - workspace.clock.now() < _LEASE_SOON else "",
            icon="timer",
            title=language.text("home.lease", day=language.day(end)),
            text=language.text("home.lease-text"),
        )


class FlowCards:
    """Blocking findings, and drafts that callers do not hear yet."""

    def __init__(
        self, language: Language, flows: Flows, open_flow: Callable[[str], object]
    ) -> None:
        self._language = language
        self._flows = flows
        self._open_flow = open_flow

    def __call__(self) -> Iterable[Card]:
        """The cards now."""
        rows = [row for row in self._flows.rows if not row.is_archived]
        blocked = [row for row in rows if row.blocking]
        ahead = [row for row in rows if row.state is not ObjectState.LIVE and not row.blocking]
        for row in blocked[:_MOST_FLOWS]:
            yield self._card(
                row,
                tone="block",
                icon="warning-circle",
                title=self._language.plural("home.findings", row.blocking, name=row.name),
                text=self._language.text("home.findings-text"),
            )
        for row in ahead[:_MOST_FLOWS]:
            yield self._card(
                row,
                tone="info",
                icon="pencil-simple",
                title=self._language.text("home.draft", name=row.name),
                text=self._draft_text(row),
            )

    def _draft_text(self, row: FlowRow) -> str:
        if row.live_revision is None:
            return self._language.text("home.draft-new-text")
        return self._language.text("home.draft-text", number=row.live_revision)

    def _card(self, row: FlowRow, *, tone: str, icon: str, title: str, text: str) -> Card:
        return Card(
            id=f"flow.{row.id}",
            tone=tone,
            icon=icon,
            title=title,
            text=text,
            action=self._language.text("home.open-flow"),
            run=lambda: self._open_flow(row.id),
        )
