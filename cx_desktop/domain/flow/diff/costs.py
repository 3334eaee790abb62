"""What calls into a flow take: minutes, and text messages."""

from collections.abc import Mapping

from msgspec import Struct

from cx_desktop.domain.flow.analysis.bounds import bounds_of
from cx_desktop.domain.flow.analysis.exploration import explore
from cx_desktop.domain.flow.graph import Flow


class Calls(Struct, frozen=True):
    """What calls into a flow take; ``None`` where nothing bounds it."""

    longest: float | None
    """The seconds of the longest call of somebody who wants to get on."""
    usual: float | None
    """The seconds of a usual call."""
    messages: int | None
    """The most text messages that one call sends."""


def calls_of(
    flow: Flow,
    flow_id: str,
    others: Mapping[str, Flow],
    lengths: Mapping[str, float] | None = None,
) -> Calls:
    """What calls into a flow take; ``others`` are those that it may lead into, by id."""
    bounds = bounds_of(explore({**others, flow_id: flow}, flow_id, lengths=lengths))
    return Calls(
        longest=bounds.longest.seconds if bounds.longest is not None else None,
        usual=bounds.expected,
        messages=bounds.longest.sms if bounds.longest is not None else None,
    )
