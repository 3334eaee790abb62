"""Kinds that choose a way without asking the caller."""

from cx_desktop.domain.flow.kind import Family, FieldType, Kind, Property, Unlinked
from cx_desktop.domain.flow.kinds.shapes import (
    ERROR,
    OPERATORS,
    case_exits,
    count,
    is_one_of,
    optional,
    required,
    share_exits,
)

_SCHEDULE_NAMED = is_one_of(
    "schedule_from", "this", sentence="This step names its own opening hours."
)
_QUEUE_NAMED = is_one_of("queue_from", "this", sentence="This step names its own queue.")
_WEIGHTED = is_one_of("mode", "weighted", sentence="Calls are shared by percentage.")


def cases(*operators: str) -> Property:
    """Cases that are tried in order."""
    return Property(
        name="cases",
        type=FieldType.CASES,
        default=[],
        is_required=True,
        choices=operators,
        columns=("label", "operator", "value"),
    )


def queue_from(*, group: str = "") -> tuple[Property, Property]:
    """Which queue is meant: one named here, or the one that an earlier step has set."""
    return (
        Property(
            name="queue_from",
            type=FieldType.CHOICE,
            default="this",
            choices=("this", "earlier"),
            group=group,
        ),
        Property(
            name="queue",
            type=FieldType.REFERENCE,
            default="",
            is_required=True,
            refers_to="queue",
            group=group,
            when=_QUEUE_NAMED,
        ),
    )


SCHEDULE = Kind(
    id="schedule",
    family=Family.DECISION,
    icon="ph.calendar-check",
    exits=(
        required("open"),
        required("closed"),
        optional("holiday", Unlinked.NEXT, instead="closed"),
        optional("exceptional", Unlinked.NEXT, instead="closed"),
        ERROR,
    ),
    properties=(
        Property(
            name="schedule_from",
            type=FieldType.CHOICE,
            default="this",
            choices=("this", "queue"),
            group="advanced",
        ),
        Property(
            name="schedule",
            type=FieldType.REFERENCE,
            default="",
            is_required=True,
            refers_to="schedule",
            when=_SCHEDULE_NAMED,
        ),
        Property(
            name="test_instant",
            type=FieldType.TEXT,
            default="",
            group="advanced",
            pattern=r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}",
        ),
    ),
    synonyms=(
        "Check hours of operation",
        "CheckHoursOfOperation",
        "GotoIfTime",
        "Date/time conditional",
        "evaluateScheduleGroup",
        "Time condition",
        "Opening hours",
    ),
)

CALLER = Kind(
    id="caller",
    family=Family.DECISION,
    icon="ph.funnel",
    exits=(optional("anonymous", Unlinked.NEXT, instead="default"), required("default")),
    dynamic_exits=case_exits,
    properties=(cases("in_list", "starts", "equals", "country", "mobile", "landline", "foreign"),),
    synonyms=(
        "Caller ID",
        "Blacklist",
        "VIP",
        "ANI",
        "CALLERID",
        "Call filter",
        "Number condition",
    ),
)

REPEAT_CALLER = Kind(
    id="repeat_caller",
    family=Family.DECISION,
    icon="ph.user-focus",
    exits=(required("known"), required("unknown")),
    properties=(
        count("days", 7, minimum=1, maximum=30),
        Property(
            name="memory_key",
            type=FieldType.TEXT,
            default="",
            group="advanced",
            pattern=r"[A-Za-z0-9_.-]{1,64}",
        ),
    ),
    synonyms=("Returning caller", "Sticky agent", "Last queue", "Caller memory", "Repeat call"),
)

SWITCH = Kind(
    id="switch",
    family=Family.DECISION,
    icon="ph.git-fork",
    exits=(required("default"), ERROR),
    dynamic_exits=case_exits,
    properties=(
        Property(name="operand", type=FieldType.EXPRESSION, default="", is_required=True),
        cases(*OPERATORS),
    ),
    synonyms=(
        "Check contact attributes",
        "Compare",
        "Split Based On",
        "GotoIf",
        "Decision",
        "Conditional",
        "Branch",
        "if",
    ),
)

QUEUE_STATUS = Kind(
    id="queue_status",
    family=Family.DECISION,
    icon="ph.gauge",
    exits=(required("default"), optional("error", Unlinked.NEXT)),
    dynamic_exits=case_exits,
    properties=(
        Property(
            name="metric",
            type=FieldType.CHOICE,
            default="available",
            choices=("staffed", "available", "length", "oldest"),
        ),
        *queue_from(),
        cases("equals", "less", "at_most", "greater", "at_least"),
    ),
    synonyms=("Check staffing", "CheckMetricData", "GetMetricData", "Queue metrics", "Check queue"),
    feature="call_centre",
)

RANDOM = Kind(
    id="random",
    family=Family.DECISION,
    icon="ph.shuffle",
    dynamic_exits=share_exits,
    properties=(
        Property(
            name="mode",
            type=FieldType.CHOICE,
            default="weighted",
            choices=("weighted", "round_robin"),
        ),
        Property(
            name="shares",
            type=FieldType.WEIGHTS,
            default=[
                {"id": "a", "label": "A", "weight": 50},
                {"id": "b", "label": "B", "weight": 50},
            ],
            is_required=True,
            columns=("label", "weight"),
        ),
        Property(
            name="sticky", type=FieldType.TOGGLE, default=False, group="advanced", when=_WEIGHTED
        ),
        Property(
            name="seed",
            type=FieldType.INTEGER,
            default=1,
            minimum=0,
            maximum=2**31,
            group="advanced",
            when=_WEIGHTED,
        ),
    ),
    synonyms=(
        "Distribute by percentage",
        "DistributeByPercentage",
        "Round robin",
        "A/B test",
        "Rand",
        "Percentage split",
    ),
)

LOOP = Kind(
    id="loop",
    family=Family.DECISION,
    icon="ph.repeat",
    exits=(required("again"), required("done")),
    properties=(
        count("loops", 3, minimum=0, maximum=100),
        Property(name="counter", type=FieldType.VARIABLE, default=""),
        Property(
            name="reset",
            type=FieldType.CHOICE,
            default="on_done",
            choices=("on_done", "never"),
            group="advanced",
        ),
    ),
    synonyms=("Loop", "Repeat", "Counter", "LoopCount", "While"),
)

KINDS = (SCHEDULE, CALLER, REPEAT_CALLER, SWITCH, QUEUE_STATUS, RANDOM, LOOP)
