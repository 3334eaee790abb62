"""The recording policy: what article 4.2 forbids, and what it only advises against."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.finding import Severity
from cx_desktop.domain.recordings.policy import (
    ITEMS,
    RULES,
    Notice,
    Pause,
    Policy,
    Scope,
    findings,
    missing_items,
    policy_id,
    policy_of,
    refusals,
)
from cx_desktop.domain.recordings.retention import Retention

TODAY = date(2026, 11, 23)
GOOD = Policy(
    is_on=True,
    rate=10,
    end_date=date(2026, 12, 24),
    scope=(Scope.IVR_TRANSFER, Scope.AGENT_IN),
    notice=Notice(items=ITEMS, staff_told_on=date(2026, 11, 2)),
    pause=Pause.AGENT,
)


def rules(policy: Policy, was: Policy | None = None) -> list[str]:
    return [each.rule for each in findings(policy, TODAY, was=was)]


def but(policy: Policy = GOOD, **changes: object) -> Policy:
    return msgspec.structs.replace(policy, **changes)


def test_an_occasional_random_announced_recording_is_in_order() -> None:
    assert rules(GOOD) == []


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (0, []),
        (1, []),
        (50, []),
        (51, ["REC-02-MANY"]),
        (60, ["REC-02-MANY"]),
        (99, ["REC-02-MANY"]),
        (100, ["REC-02"]),
        (250, ["REC-02"]),
        (-1, ["REC-02"]),
    ],
)
def test_not_everybody_is_recorded_and_more_than_half_is_much(rate: int, said: list[str]) -> None:
    assert rules(but(rate=rate)) == said


def test_it_ends_some_day() -> None:
    assert rules(but(end_date=None)) == ["REC-02-END"]
    assert rules(but(end_date=TODAY)) == []
    assert rules(but(end_date=TODAY - timedelta(days=1))) == ["REC-02-OVER"]


def test_all_calls_without_an_end_are_refused_twice_over() -> None:
    assert rules(but(rate=100, end_date=None)) == ["REC-02", "REC-02-END"]


def test_eight_items_are_told_before() -> None:
    assert missing_items(("existence", "purpose")) == (
        "controller",
        "retention",
        "recipients",
        "right_access",
        "right_rectification",
        "right_objection",
    )
    (found,) = findings(but(notice=Notice(items=ITEMS[:2], staff_told_on=TODAY)), TODAY)
    assert (found.rule, found.params["count"]) == ("REC-03", 6)


@given(st.sets(st.sampled_from(ITEMS)), st.permutations(ITEMS))
def test_the_notice_is_whole_only_with_every_item(told: set[str], order: list[str]) -> None:
    items = tuple(each for each in order if each in told)
    assert ("REC-03" in rules(but(notice=Notice(items=items)))) is (told != set(ITEMS))


def test_those_whom_agents_call_are_told_as_well() -> None:
    out = but(scope=(Scope.AGENT_OUT,))
    assert rules(out) == ["REC-03-OUT"]
    told = msgspec.structs.replace(GOOD.notice, is_said_by_agents=True)
    assert rules(but(out, notice=told)) == []


def test_the_staff_ought_to_know() -> None:
    assert rules(but(notice=Notice(items=ITEMS))) == ["REC-03-STAFF"]


def test_only_what_the_contract_names_is_recorded() -> None:
    assert rules(but(scope=("ivr",))) == ["REC-04"]
    assert rules(but(scope=())) == ["REC-04-NONE"]


def test_a_way_to_pause_is_advised() -> None:
    assert rules(but(pause=Pause.NONE)) == ["REC-09"]


def test_what_is_off_may_be_unfinished_but_not_kept_too_long() -> None:
    assert refusals(Policy(), TODAY) == ()
    assert refusals(but(Policy(), is_on=True), TODAY) != ()
    seven = Policy(retention=Retention(months=7))
    assert [each.rule for each in refusals(seven, TODAY)] == ["REC-01"]


@pytest.mark.parametrize("months", [-1, 0, 7, 12])
def test_months_are_one_to_six(months: int) -> None:
    assert rules(but(retention=Retention(months=months))) == ["REC-01"]
    assert rules(but(retention=Retention(queues={"q": months}))) == ["REC-01"]


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        (Retention(), Retention(months=3), []),
        (Retention(months=3), Retention(months=4), ["REC-01-RAISED"]),
        (Retention(), Retention(queues={"q": 2}), []),
        (Retention(queues={"q": 2}), Retention(), ["REC-01-RAISED"]),
        (Retention(queues={"q": 2}), Retention(queues={"q": 3}), ["REC-01-RAISED"]),
        (Retention(queues={"q": 2}), Retention(months=2), []),
        (Retention(months=3, queues={"q": 3}), Retention(months=3), []),
        (Retention(months=3, queues={"q": 2}), Retention(months=3, queues={"q": 1}), []),
        (
            Retention(months=3, queues={"q": 2}),
            Retention(months=4),
            ["REC-01-RAISED", "REC-01-RAISED"],
        ),
    ],
)
def test_months_are_lowered_and_never_raised(
    was: Retention, now: Retention, said: list[str]
) -> None:
    assert rules(but(retention=now), was=but(retention=was)) == said


_RETENTIONS = st.builds(
    Retention,
    months=st.integers(1, 6),
    queues=st.dictionaries(st.sampled_from("abc"), st.integers(1, 6)),
)


@given(_RETENTIONS, _RETENTIONS, st.sampled_from([None, *"abcd"]))
def test_what_the_rules_let_pass_keeps_nothing_longer(
    was: Retention, now: Retention, queue: str | None
) -> None:
    if "REC-01-RAISED" not in rules(but(retention=now), was=but(retention=was)):
        assert now.months_of(queue) <= was.months_of(queue)
    else:
        assert any(now.months_of(each) > was.months_of(each) for each in (None, *"abc"))


def test_blocking_ones_come_first() -> None:
    severities = [each.severity for each in findings(Policy(rate=60), TODAY)]
    assert severities == sorted(severities, key=list(Severity).index)


def test_a_policy_comes_back_as_it_was_written_and_what_is_new_is_passed_over() -> None:
    data = msgspec.json.decode(msgspec.json.encode(GOOD))
    assert policy_of(data | {"type": "recording_policy", "later": 1}) == GOOD


def test_a_project_has_one_policy() -> None:
    assert policy_id("p") == policy_id("p") != policy_id("q")


def test_each_rule_has_its_own_name() -> None:
    assert len(RULES) == 13
