"""How each kind of step behaves: every way a call can leave it, what that takes and costs.

``moves`` says how a step can be left, ``landing`` where the call then goes on. The analysis
explores them, the simulator plays them: both know nothing else of what a step does.
"""

from cx_desktop.domain.flow.behaviour.asking import OPERATOR, TIMEOUT
from cx_desktop.domain.flow.behaviour.move import (
    ANONYMOUS,
    Case,
    Chosen,
    Constant,
    Cost,
    Counted,
    End,
    Formula,
    Given,
    Move,
    Prompt,
    Reached,
    Sets,
    Subject,
    how_it_ended,
)
from cx_desktop.domain.flow.behaviour.onward import (
    By,
    Landing,
    failed,
    hung_up,
    landing,
    onward,
    too_long,
)
from cx_desktop.domain.flow.behaviour.speech import says_something, seconds_of, words_of
from cx_desktop.domain.flow.behaviour.step import Setting, Step, longest_call, setting_of
from cx_desktop.domain.flow.behaviour.stimuli import (
    CALLERS,
    Digits,
    HangUp,
    Key,
    Measured,
    Outcome,
    Silence,
    Speech,
    Stimulus,
)
from cx_desktop.domain.flow.behaviour.table import BEHAVIOURS, NEEDING_CALLER, moves, moves_of

__all__ = [
    "ANONYMOUS",
    "BEHAVIOURS",
    "CALLERS",
    "NEEDING_CALLER",
    "OPERATOR",
    "TIMEOUT",
    "By",
    "Case",
    "Chosen",
    "Constant",
    "Cost",
    "Counted",
    "Digits",
    "End",
    "Formula",
    "Given",
    "HangUp",
    "Key",
    "Landing",
    "Measured",
    "Move",
    "Outcome",
    "Prompt",
    "Reached",
    "Sets",
    "Setting",
    "Silence",
    "Speech",
    "Step",
    "Stimulus",
    "Subject",
    "failed",
    "how_it_ended",
    "hung_up",
    "landing",
    "longest_call",
    "moves",
    "moves_of",
    "onward",
    "says_something",
    "seconds_of",
    "setting_of",
    "too_long",
    "words_of",
]
