"""The roles of the contact centre and the verbs each one holds."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from cx_desktop.domain.access.verbs import Verb


class Role(StrEnum):
    """What somebody is in a project, or in the whole organisation."""

    ADMINISTRATOR = "administrator"
    FLOW_DESIGNER = "flow_designer"
    CAMPAIGN_MANAGER = "campaign_manager"
    SUPERVISOR = "supervisor"
    TRAINER = "trainer"
    AUDITOR = "auditor"
    AGENT = "agent"


_SIGNED_IN = frozenset({Verb.SESSION_OWN})
_READER = _SIGNED_IN | {Verb.SYNC, Verb.PROJECT_READ, Verb.CONFIG_READ, Verb.FLOW_READ}

ROLES: Mapping[str, frozenset[Verb]] = MappingProxyType(
    {
        Role.ADMINISTRATOR: frozenset(Verb),
        Role.FLOW_DESIGNER: _READER
        | {
            Verb.CONFIG_EDIT,
            Verb.CONFIG_ARCHIVE,
            Verb.CONFIG_PUBLISH,
            Verb.EMERGENCY_DECLARE,
            Verb.FLOW_EDIT,
            Verb.FLOW_ARCHIVE,
            Verb.FLOW_PUBLISH,
            Verb.NUMBER_ASSIGN,
        },
        Role.CAMPAIGN_MANAGER: _READER,
        Role.SUPERVISOR: _READER
        | {
            Verb.EMERGENCY_DECLARE,
            Verb.RECORDING_READ,
            Verb.RECORDING_LISTEN,
            Verb.RECORDING_EXPORT,
            Verb.RECORDING_AUDIT,
            Verb.RECORDING_HOLD,
            Verb.NOTE_WRITE,
            Verb.FORM_EDIT,
            Verb.FORM_PUBLISH,
        },
        Role.TRAINER: _READER | {Verb.CONFIG_EDIT, Verb.FLOW_EDIT, Verb.FORM_EDIT},
        Role.AUDITOR: _READER | {Verb.AUDIT_READ, Verb.RECORDING_AUDIT},
        Role.AGENT: _SIGNED_IN,
    }
)
