"""The types of Connect steps that we know, as data; all else is kept as it is, foreign."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cx_desktop.domain.flow.formats.connect import data, listening, transfers
from cx_desktop.domain.flow.formats.connect.fields import choice, number, operand, text
from cx_desktop.domain.flow.formats.connect.rule import Conditions, Rule
from cx_desktop.domain.patch import Document

_METRICS = {
    "NumberOfAgentsStaffed": "staffed",
    "NumberOfAgentsAvailable": "available",
    "NumberOfContactsInQueue": "length",
    "OldestContactInQueueAgeSeconds": "oldest",
}

_DECIDING = (
    Rule(
        type="CheckHoursOfOperation",
        kind="schedule",
        fallback="closed",
        named={"True": "open", "False": "closed"},
        fields=(text("schedule", "HoursOfOperationId"),),
        applies=lambda parameters: bool(parameters.get("HoursOfOperationId")),
        writes=lambda props: props.get("schedule_from", "this") == "this",
    ),
    Rule(
        type="CheckHoursOfOperation",
        kind="schedule",
        fallback="closed",
        named={"True": "open", "False": "closed"},
        fields=(text("schedule", "HoursOfOperationId"),),
        constants={"schedule_from": "queue"},
    ),
    Rule(
        type="Compare",
        kind="switch",
        fallback="default",
        conditions=Conditions.CASES,
        fields=(operand("operand", "ComparisonValue"),),
    ),
    Rule(
        type="CheckAttribute",
        kind="switch",
        fallback="default",
        conditions=Conditions.CASES,
        fields=(operand("operand", "Attribute"),),
    ),
    Rule(
        type="CheckOutboundCallStatus",
        kind="switch",
        fallback="default",
        conditions=Conditions.CASES,
        constants={"operand": "OutboundCallStatus"},
    ),
    Rule(
        type="CheckMetricData",
        kind="queue_status",
        fallback="default",
        conditions=Conditions.CASES,
        fields=(choice("metric", "MetricType", words=_METRICS), text("queue", "QueueId")),
        applies=lambda parameters: bool(parameters.get("QueueId")),
        writes=lambda props: props.get("queue_from", "this") == "this",
    ),
    Rule(
        type="CheckMetricData",
        kind="queue_status",
        fallback="default",
        conditions=Conditions.CASES,
        fields=(choice("metric", "MetricType", words=_METRICS),),
        constants={"queue_from": "earlier"},
    ),
    Rule(
        type="DistributeByPercentage",
        kind="random",
        fallback="case:rest",
        errors={"NoMatchingCondition": ("case:rest",)},
        conditions=Conditions.SHARES,
    ),
    Rule(
        type="Loop",
        kind="loop",
        fallback="done",
        named={"ContinueLooping": "again", "DoneLooping": "done"},
        fields=(number("loops", "LoopCount"),),
    ),
)

#: For each type and each kind, the more particular use comes first.
RULES: tuple[Rule, ...] = (*listening.RULES, *_DECIDING, *data.RULES, *transfers.RULES)


def _by(name: Callable[[Rule], str]) -> Mapping[str, tuple[Rule, ...]]:
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in RULES:
        found[name(rule)] = (*found.get(name(rule), ()), rule)
    return MappingProxyType(found)


_BY_TYPE = _by(lambda rule: rule.type)
_BY_KIND = _by(lambda rule: rule.kind)


def rule_of(kind: str, parameters: Document) -> Rule | None:
    """The rule for a step of this type of Connect, if we know it."""
    return next(
        (
            rule
            for rule in _BY_TYPE.get(kind, ())
            if rule.applies is None or rule.applies(parameters)
        ),
        None,
    )


def rule_for(kind: str, props: Document) -> Rule | None:
    """The rule by which a node of one of our kinds is written, if Connect has such a step."""
    return next(
        (rule for rule in _BY_KIND.get(kind, ()) if rule.writes is None or rule.writes(props)),
        None,
    )
