"""Three people, a service and a bad line, all real processes with TLS between them, and killed.

Invariants 1 to 5 between processes: nothing that was called saved or acknowledged is lost, each
effect comes once, and on a calm line all agree within a few rounds.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom

import pytest

from tests.chaos.judging import faults, history_of, log_of
from tests.chaos.town import Town

NORMAL_SECONDS, NORMAL_SEED = 60, 4
NIGHTLY_SECONDS = 20 * 60

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills as here are of POSIX")


@contextmanager
def a_folder(seed: int) -> Iterator[Path]:
    """A folder that stays when something was lost, with the seed by which it came about."""
    folder = Path(tempfile.mkdtemp(prefix=f"cx-chaos-{seed}-"))
    try:
        yield folder
    except BaseException:
        print(f"\nchaos: seed {seed}; everything is kept in {folder}", flush=True)
        raise
    shutil.rmtree(folder)


def live(seconds: float, seed: int) -> None:
    with a_folder(seed) as folder:
        town = Town(folder, seed)
        with town.awake():
            town.disturb(seconds)
            reports = town.settle()
            histories = [history_of(client.lives) for client in town.clients]
        found = list(faults(histories, reports, log_of(town.service.database)))
        saved = sum(each.saved for each in histories)
        acked = sum(len(each.acked) for each in histories)
        print(
            f"\nchaos: seed {seed}, {seconds:.0f} s: {saved} edits saved, {acked} ops acknowledged,"
            f" {sum(len(each.flows) for each in reports[:1])} flows; {town.counts};"
            f" {sum(each.damaged for each in town.proxies)} pieces damaged,"
            f" {sum(each.cuts for each in town.proxies)} cut"
        )
        assert found == []
        assert saved > seconds, "the run has tried something"
        assert acked > seconds / 4
        assert sum(each.damaged + each.cuts for each in town.proxies)


@pytest.mark.chaos
def test_invariants_01_02_03_04_a_minute_of_chaos_loses_nothing() -> None:
    live(NORMAL_SECONDS, NORMAL_SEED)


@pytest.mark.nightly
def test_invariants_01_02_03_04_twenty_minutes_of_chaos_lose_nothing() -> None:
    live(NIGHTLY_SECONDS, SystemRandom().randrange(1 << 31))
