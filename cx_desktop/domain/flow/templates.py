"""What a new flow can begin as: nothing but an entry and an end, or a pattern that callers know.

The patterns are flow files in ``resources/templates``, one per language of the callers. They leave
open what only a project has (queues, opening hours, a mailbox): the findings then lead through it.
"""

from msgspec import Struct

from cx_desktop.domain.flow.formats import cx
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId


class Template(Struct, frozen=True):
    """A beginning, labelled ``template.<id>`` and described by ``template.<id>.about``."""

    id: str
    icon: str

    def path(self, language: str) -> str:
        """The template's file below ``resources``, in a language."""
        return f"templates/{language}/{self.id}.yaml"


TEMPLATES = (
    Template("hours_menu_queue", "ph.storefront"),
    Template("night_voicemail", "ph.moon-stars"),
    Template("overflow_callback", "ph.phone-call"),
    Template("survey", "ph.star"),
)


def blank() -> Flow:
    """A flow that can be published at once: calls come in and are ended."""
    start, end = NodeId("start"), NodeId("hangup")
    return Flow(
        nodes={start: Node(start, "start"), end: Node(end, "hangup", x=320.0)},
        links={start: {ExitId("next"): end}},
    )


def filled(data: bytes) -> Flow:
    """The flow in a template's file."""
    return cx.read(data).flow
