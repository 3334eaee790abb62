"""The worked examples of the rules on recordings, where they lie beside the repository."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import msgspec
import pytest
from msgspec import Struct

from cx_desktop.domain.recordings import delete_by
from cx_desktop.domain.recordings.packs import Packs
from cx_desktop.domain.recordings.policy import Notice, Policy, findings, missing_items
from cx_desktop.domain.recordings.retention import Retention

EXAMPLES = Path(__file__).parents[4] / "shared" / "rules" / "rule_examples.json"


class Example(Struct, frozen=True):
    """One case: what goes in, and what the rule says."""

    id: str
    rule: str
    input: dict[str, object]
    expected: object


def examples() -> list[Example]:
    if not EXAMPLES.exists():
        return []
    found = msgspec.json.decode(EXAMPLES.read_bytes(), type=list[Example])
    return [each for each in found if each.rule in CHECKS]


def _retention(given: Mapping[str, object]) -> object:
    months = int(str(given["months"]))
    if "recorded" in given:
        return delete_by(date.fromisoformat(str(given["recorded"])), months).isoformat()
    return _verdict(Policy(retention=Retention(months=months)), "REC-01")


def _notice(given: Mapping[str, object]) -> object:
    items = msgspec.convert(given["items"], tuple[str, ...])
    missing = missing_items(items)
    verdict = _verdict(Policy(notice=Notice(items=items)), "REC-03")
    assert (verdict == "ok") is (not missing)
    return verdict


def _verdict(policy: Policy, rule: str) -> str:
    said = [each.rule for each in findings(policy, date(2026, 11, 22))]
    return "block" if rule in said else "ok"


def _packs(given: Mapping[str, object]) -> object:
    first = int(str(given["packs_on_day_1"]))
    packs = Packs(first, first)
    for _day, wanted in msgspec.convert(given["requests_in_month"], list[tuple[str, int]]):
        packs = packs.ask(wanted)
    return {"active_now": packs.active, "due_this_month": packs.active, "next_month": packs.coming}


CHECKS: Mapping[str, Callable[[Mapping[str, object]], object]] = {
    "REC-01": _retention,
    "REC-03": _notice,
    "BIL-04": _packs,
}


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the examples lie beside the repository only")
@pytest.mark.parametrize("example", examples(), ids=lambda each: each.id)
def test_the_rules_say_what_the_examples_say(example: Example) -> None:
    assert CHECKS[example.rule](example.input) == example.expected
