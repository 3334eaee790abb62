"""Harness A of sync.md 3, run: some lives in the normal run, many at night (``life.py``)."""

from contextlib import closing

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.fakes.service import RunningService
from tests.sync.life import Life
from tests.sync.world import Session

EXAMPLES, STEPS = 20, 14
NIGHTLY_BATCHES, NIGHTLY_EXAMPLES = 40, 40


def _run(sessions: tuple[Session, Session], examples: int, *, batch: int = 0) -> None:
    world = {"service": sessions[0].service, "sessions": sessions}
    kind = type(f"Lives{batch}", (Life,), world)  # examples that failed are kept by this name
    run_state_machine_as_test(
        kind,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_invariants_03_05_07_09_hold_in_any_life_of_two_desks(
    sessions: tuple[Session, Session],
) -> None:
    _run(sessions, EXAMPLES)


@pytest.mark.nightly
@pytest.mark.parametrize("batch", range(NIGHTLY_BATCHES))
def test_invariants_03_05_07_09_hold_in_many_lives(batch: int) -> None:
    """Each batch on a service of its own: what earlier lives left there would slow the next."""
    with (
        RunningService() as service,
        closing(Session(service)) as claire,
        closing(Session(service, "flow_designer")) as leo,
    ):
        _run((claire, leo), NIGHTLY_EXAMPLES, batch=batch)
