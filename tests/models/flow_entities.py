"""Entities of a small project, as the service sends them."""

from cx_desktop.domain.patch import Document

PROJECT = "01900000-0000-7000-8000-000000000001"
ACCUEIL = "01900000-0000-7000-8000-000000000101"
NUIT = "01900000-0000-7000-8000-000000000102"
NUMBER = "01900000-0000-7000-8000-000000000201"
LEA = {"id": "01900000-0000-7000-8000-000000000301", "name": "Léa Martin"}
PAUL = {"id": "01900000-0000-7000-8000-000000000302", "name": "Paul Roche"}


def project() -> Document:
    return {
        "type": "project",
        "id": PROJECT,
        "name": "Maison Lumen",
        "organisation": "Lumen",
        "features": ["ivr", "call_centre", "tts", "recording", "sms", "studio", "web_callback"],
        "time_zone": "Europe/Paris",
        "state": "active",
    }


def draft(title: str = "Bonjour") -> Document:
    """start → play → hangup."""
    return {
        "meta": {},
        "nodes": {
            "start": {"id": "start", "kind": "start", "x": 0, "y": 0},
            "play": {
                "id": "play",
                "kind": "play",
                "title": title,
                "props": {"prompt": [{"type": "text", "text": "Bonjour et bienvenue."}]},
                "x": 300,
                "y": 0,
            },
            "hangup": {"id": "hangup", "kind": "hangup", "x": 600, "y": 0},
        },
        "links": {"start": {"next": "play"}, "play": {"next": "hangup"}},
        "notes": {},
    }


def flow(flow_id: str = ACCUEIL, name: str = "Accueil principal", **fields: object) -> Document:
    return {
        "type": "flow",
        "id": flow_id,
        "project_id": PROJECT,
        "name": name,
        "description": "",
        "archived": False,
        "draft": draft(),
        "draft_ver": 4,
        "live_revision": 3,
        "live_draft_ver": 4,
        "updated_at": "2026-11-15T08:30:00Z",
        "updated_by": LEA,
        **fields,
    }


def number(flow_id: str | None = None) -> Document:
    return {
        "type": "number",
        "id": NUMBER,
        "project_id": PROJECT,
        "e164": "+33140000000",
        "label": "Standard",
        "flow_id": flow_id,
    }


def revision(number: int, document: Document, flow_id: str = ACCUEIL) -> Document:
    return {
        "type": "revision",
        "id": f"01900000-0000-7000-8000-0000000004{number:02}",
        "project_id": PROJECT,
        "object_type": "flow",
        "object_id": flow_id,
        "number": number,
        "message": f"Version {number}",
        "published_at": "2026-11-14T10:00:00Z",
        "published_by": LEA,
        "document": document,
        "pins": {},
        "sha256": "",
        "returned_from": None,
    }
