"""Guarded verbs that may be decided without a network and happen when it is back: which, how late.

A verb that asks for a fresh verification code is not among them: the code says that somebody sits
there at the moment it happens, and nobody can say so in advance.
"""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from cx_desktop.domain.access.verbs import StepUpClass, Verb, step_up_of

#: No decision waits longer: whoever took it has long forgotten.
LONGEST_WAIT = timedelta(days=7)

#: What an action on a type of entity asks for, by its name on the wire.
ACTIONS: Mapping[tuple[str, str], Verb] = MappingProxyType(
    {
        ("number", "assign"): Verb.NUMBER_ASSIGN,
        ("flow", "archive"): Verb.FLOW_ARCHIVE,
        ("flow", "restore"): Verb.FLOW_ARCHIVE,
        ("flow", "publish"): Verb.FLOW_PUBLISH,
        ("flow", "return"): Verb.FLOW_PUBLISH,
        **{
            (kind, name): verb
            for kind in ("schedule", "prompt", "queue")
            for name, verb in (
                ("archive", Verb.CONFIG_ARCHIVE),
                ("restore", Verb.CONFIG_ARCHIVE),
                ("publish", Verb.CONFIG_PUBLISH),
                ("return", Verb.CONFIG_PUBLISH),
            )
        },
        ("form", "archive"): Verb.FORM_EDIT,
        ("form", "restore"): Verb.FORM_EDIT,
        ("form", "publish"): Verb.FORM_PUBLISH,
        ("form", "return"): Verb.FORM_PUBLISH,
    }
)


def code_before(entity_type: str, action: str) -> StepUpClass | None:
    """The fresh code that keeps an action from waiting, if it asks for one."""
    verb = ACTIONS.get((entity_type, action))
    return None if verb is None else step_up_of(verb)


def can_wait(entity_type: str, action: str) -> bool:
    """Whether an action may be decided now and happen later."""
    return (entity_type, action) in ACTIONS and code_before(entity_type, action) is None
