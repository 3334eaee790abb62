"""Kinds by which a call begins."""

from cx_desktop.domain.flow.kind import Family, FieldType, Kind, Property, Unlinked
from cx_desktop.domain.flow.kinds.shapes import (
    LANGUAGES,
    NEXT,
    is_on,
    optional,
    required,
    seconds,
    toggle,
)

START = Kind(
    id="start",
    family=Family.ENTRY,
    icon="ph.sign-in",
    exits=(NEXT,),
    properties=(
        Property(
            name="spoken_language",
            type=FieldType.CHOICE,
            default="fr-FR",
            choices=LANGUAGES,
        ),
        Property(
            name="channel", type=FieldType.CHOICE, default="voice", choices=("voice", "web_call")
        ),
        seconds("max_call_duration", 3600, minimum=60, maximum=14400, group="limits"),
    ),
    synonyms=("Entry point", "Trigger", "Incoming call", "startUpRef", "exten s", "inboundCall"),
)

ANSWER = Kind(
    id="answer",
    family=Family.ENTRY,
    icon="ph.phone-incoming",
    exits=(NEXT,),
    properties=(seconds("delay", 0, minimum=0, maximum=60, group=""),),
    synonyms=("Answer", "Pick up", "200 OK"),
)

OUTBOUND_CALL = Kind(
    id="outbound_call",
    family=Family.ENTRY,
    icon="ph.megaphone",
    exits=(
        required("answered"),
        optional(
            "machine",
            Unlinked.NEXT,
            when=is_on("detect_machine", "Answering machines are told from people."),
        ),
        optional("failed", Unlinked.HANG_UP),
    ),
    properties=(
        Property(name="number", type=FieldType.NUMBER, default="", is_required=True),
        Property(name="presented_number", type=FieldType.NUMBER, default=""),
        seconds("ring_timeout", 30, minimum=5, maximum=120),
        toggle("detect_machine", default=True, group="advanced"),
    ),
    synonyms=("Make outgoing call", "Originate", "Dialer", "MakeCall", "outbound"),
)

KINDS = (START, ANSWER, OUTBOUND_CALL)
