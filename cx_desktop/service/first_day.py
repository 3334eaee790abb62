"""The first day of a service: a project to work in, and an invitation to its first user."""

from typing import TYPE_CHECKING

from cx_desktop.protocol import Grant
from cx_desktop.service.objects.deeds import ACTIVE
from cx_desktop.service.sessions.invitations import first_invitation
from cx_desktop.service.store import Txn, entities

if TYPE_CHECKING:
    from cx_desktop.domain.patch import Document

#: Whoever runs the service has subscribed everything.
FEATURES = ("ivr", "call_centre", "tts", "recording", "studio", "sms", "web_callback")


def prepare(txn: Txn, project: str, language: str) -> str | None:
    """The first administrator's invitation; None if there are users already.

    Without any project nobody could begin anything, so there is one of this name.
    """
    token = first_invitation(txn, (Grant(role="administrator"),), language)
    if token is not None and next(iter(entities.each(txn.connection, "project")), None) is None:
        project_id = txn.ids.new()
        data: Document = {
            "name": project,
            "organisation": "",
            "features": list(FEATURES),
            "time_zone": "Europe/Paris",
            "state": ACTIVE,
        }
        entities.save(txn, "project", project_id, project_id, data)
    return token
