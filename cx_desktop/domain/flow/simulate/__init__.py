"""Simulated calls: the same flow, world and stimuli are always the same call."""

from cx_desktop.domain.flow.simulate.call import Call, Frame, Visit
from cx_desktop.domain.flow.simulate.playing import advance, begin, replay, run, waits
from cx_desktop.domain.flow.simulate.question import Question, question
from cx_desktop.domain.flow.simulate.transcript import Line, Who, spelled, transcript
from cx_desktop.domain.flow.simulate.world import Closure, Hours, QueueState, World

__all__ = [
    "Call",
    "Closure",
    "Frame",
    "Hours",
    "Line",
    "Question",
    "QueueState",
    "Visit",
    "Who",
    "World",
    "advance",
    "begin",
    "question",
    "replay",
    "run",
    "spelled",
    "transcript",
    "waits",
]
