"""Invariant 30 on the view model: *everything is synced* is said only when every part of it is."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from cx_desktop.domain.errors import CXError
from cx_desktop.models.sync_status import Freshness, SyncStatusModel
from cx_desktop.sync import Phase, SyncStatus

FEW = st.integers(0, 2)
STATUSES = st.builds(
    SyncStatus,
    phase=st.sampled_from(Phase),
    unsent=FEW,
    last_complete_pull=st.sampled_from([None, datetime(2026, 11, 16, tzinfo=UTC)]),
    conflicts=FEW,
    quarantined=FEW,
    is_complete=st.booleans(),
    problem=st.sampled_from([None, CXError("problem.disk-full"), CXError("problem.signed-out")]),
    first_sync_progress=st.sampled_from([None, 0.0, 0.5, 1.0]),
)


@given(statuses=st.lists(STATUSES, min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_invariant_30_the_model_says_all_is_synced_only_when_all_is(
    statuses: list[SyncStatus],
) -> None:
    model = SyncStatusModel()
    told: list[Freshness] = []
    model.changed.connect(told.append)
    for status in statuses:
        model._on_heard(status)
    assert len(told) == len(statuses)
    for status, freshness in zip(statuses, told, strict=True):
        if freshness.is_all_synced or freshness.tone == "ok":
            assert status.phase is Phase.IDLE
            assert status.is_complete
            assert (status.unsent, status.conflicts, status.quarantined) == (0, 0, 0)
    assert model.freshness == told[-1], "an older word never outlives a newer one"


def test_what_the_engine_says_on_its_thread_is_told_in_its_order(qtbot: QtBot) -> None:
    model = SyncStatusModel()
    told: list[Freshness] = []
    model.changed.connect(told.append)
    for unsent in (2, 1, 0):
        model.hear(SyncStatus(Phase.SYNCING, unsent=unsent))
    model.hear(SyncStatus(Phase.IDLE, is_complete=True))
    qtbot.waitUntil(lambda: len(told) == 4)
    assert [each.unsent for each in told] == [2, 1, 0, 0]
    assert [each.is_all_synced for each in told] == [False, False, False, True]
