"""A small shop: hours, a menu, a queue, a number, a question."""

from datetime import UTC, datetime

from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.simulate import World
from cx_desktop.domain.patch import Document, Json

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def said(text: str) -> Json:
    """A prompt of one text."""
    return [{"type": "text", "text": text}]


def flow_with(*nodes: tuple[str, str, Document], links: dict[str, dict[str, str]]) -> Flow:
    """A flow of nodes given by id, kind and properties."""
    return Flow(
        nodes={NodeId(key): Node(NodeId(key), kind, props=props) for key, kind, props in nodes},
        links={
            NodeId(key): {ExitId(way): NodeId(to) for way, to in ways.items()}
            for key, ways in links.items()
        },
    )


def shop() -> Flow:
    """Open: menu; 1 is a queue, 2 asks for a customer number, closed says so and hangs up."""
    return flow_with(
        ("start", "start", {}),
        ("hours", "schedule", {"schedule": "week"}),
        ("shut", "play", {"prompt": said("Nous sommes fermés.")}),
        ("menu", "menu", {"prompt": said("Tapez 1 ou 2."), "keys": ["1", "2"]}),
        ("sales", "transfer_queue", {"queue": "sales"}),
        (
            "who",
            "collect",
            {"prompt": said("Votre numéro ?"), "variable": "who", "min_digits": 1, "max_digits": 4},
        ),
        (
            "which",
            "switch",
            {"operand": "who", "cases": [{"id": "vip", "operator": "equals", "value": "7777"}]},
        ),
        ("boss", "transfer_number", {"number": "+33199001410"}),
        ("bye", "hangup", {"prompt": said("Au revoir.")}),
        links={
            "start": {"next": "hours"},
            "hours": {"open": "menu", "closed": "shut", "holiday": "shut"},
            "shut": {"next": "bye"},
            "menu": {"key_1": "sales", "key_2": "who"},
            "sales": {"timeout": "bye"},
            "who": {"ok": "which"},
            "which": {"case:vip": "boss", "default": "sales"},
        },
    )


def world(flow: Flow | None = None) -> World:
    """A Monday morning at the shop."""
    return World(flows={"main": flow or shop()}, started=MONDAY, schedules={"week": "open"})
