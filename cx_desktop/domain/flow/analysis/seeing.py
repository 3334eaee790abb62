"""A node looked at by itself: what it says of itself, and the step that stands for it."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from cx_desktop.domain.finding import Finding
from cx_desktop.domain.flow.analysis.about import Findings, Look
from cx_desktop.domain.flow.analysis.cases import about_cases
from cx_desktop.domain.flow.analysis.confidential import about_secrets
from cx_desktop.domain.flow.analysis.fields import about_fields
from cx_desktop.domain.flow.analysis.objects import about_objects
from cx_desktop.domain.flow.analysis.speech import about_speech
from cx_desktop.domain.flow.analysis.steps import Step
from cx_desktop.domain.flow.analysis.summing import step_of
from cx_desktop.domain.flow.analysis.transfers import about_numbers


class Seen(NamedTuple):
    """A step with what its own rules say."""

    step: Step
    findings: tuple[Finding, ...]


def see(look: Look) -> Seen:
    """Look at one node."""
    return Seen(step_of(look), tuple(_own(look)))


def _own(look: Look) -> Findings:
    yield from about_fields(look)
    for about in _OF_KINDS.get(look.kind.id, ()):
        yield from about(look)
    if look.context.knows_objects:
        yield from about_objects(look)


_SPEECH = (about_speech,)

#: The rules that have something to say of some kinds only.
_OF_KINDS: Mapping[str, tuple[Callable[[Look], Findings], ...]] = {
    "play": _SPEECH,
    "menu": (about_cases, about_speech),
    "collect": (about_cases, about_speech, about_secrets),
    "voicemail": _SPEECH,
    "queue_treatment": _SPEECH,
    "transfer_queue": _SPEECH,
    "send_sms": _SPEECH,
    "switch": (about_cases,),
    "caller": (about_cases,),
    "queue_status": (about_cases,),
    "random": (about_cases,),
    "loop": (about_cases,),
    "transfer_number": (about_numbers,),
    "outbound_call": (about_numbers,),
}
