"""Kinds in which the caller listens."""

from cx_desktop.domain.flow.kind import Family, FieldType, Kind, Property, Unlinked
from cx_desktop.domain.flow.kinds.shapes import (
    ERROR,
    HANGUP,
    KEY_LABELS,
    LANGUAGE,
    MUSIC,
    NEXT,
    TELEPHONE_KEYS,
    count,
    is_positive,
    key_exits,
    optional,
    prompt,
    required,
    seconds,
    toggle,
)

PLAY = Kind(
    id="play",
    family=Family.SPEECH,
    icon="ph.speaker-high",
    exits=(NEXT, optional("error", Unlinked.NEXT)),
    properties=(
        prompt(is_required=True),
        toggle("barge_in"),
        count("repeat", 1, minimum=1, maximum=10),
        LANGUAGE,
    ),
    synonyms=(
        "Play prompt",
        "MessageParticipant",
        "Say/Play",
        "Playback",
        "playAudio",
        "PromptPlayback",
        "say_msg",
        "TTS",
    ),
)

WAIT = Kind(
    id="wait",
    family=Family.SPEECH,
    icon="ph.hourglass",
    exits=(NEXT, ERROR),
    properties=(seconds("duration", 5, minimum=1, maximum=600, group=""), MUSIC),
    synonyms=("Wait", "Pause", "Sleep", "WaitExten"),
)

_IS_INTERRUPTED = is_positive("period", "The waiting is interrupted.")

QUEUE_TREATMENT = Kind(
    id="queue_treatment",
    family=Family.SPEECH,
    icon="ph.music-notes",
    exits=(required("interrupted", when=_IS_INTERRUPTED), ERROR, HANGUP),
    dynamic_exits=key_exits,
    properties=(
        Property(name="prompts", type=FieldType.PROMPTS, default=[], is_required=True),
        seconds("period", 30, minimum=0, maximum=600, group=""),
        MUSIC,
        Property(name="keys", type=FieldType.KEYS, default=[], choices=TELEPHONE_KEYS),
        KEY_LABELS,
    ),
    synonyms=("Loop prompts", "MessageParticipantIteratively", "Hold music", "In-queue flow"),
    feature="call_centre",
)

KINDS = (PLAY, WAIT, QUEUE_TREATMENT)
