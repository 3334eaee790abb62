"""Kinds that end the call, or this flow."""

from cx_desktop.domain.flow.kind import Family, FieldType, Kind, Property
from cx_desktop.domain.flow.kinds.shapes import prompt

HANGUP = Kind(
    id="hangup",
    family=Family.END,
    icon="ph.phone-x",
    properties=(
        prompt(),
        Property(
            name="cause",
            type=FieldType.CHOICE,
            default="normal",
            choices=("normal", "busy", "rejected", "congestion"),
            group="advanced",
        ),
    ),
    synonyms=("Disconnect", "DisconnectParticipant", "End", "Hangup", "exit", "menuDisconnect"),
)

RETURN = Kind(
    id="return",
    family=Family.END,
    icon="ph.arrow-u-up-left",
    properties=(
        Property(
            name="outcome",
            type=FieldType.TEXT,
            default="",
            pattern=r"[A-Za-z0-9_.-]{1,64}",
        ),
        Property(
            name="values",
            type=FieldType.ASSIGNMENTS,
            default=[],
            columns=("variable", "expression"),
            group="advanced",
        ),
    ),
    synonyms=("Return", "EndFlowModuleExecution", "EndFlowExecution", "End module", "Resume"),
)

KINDS = (HANGUP, RETURN)
