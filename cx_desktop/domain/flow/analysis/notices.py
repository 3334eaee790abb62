"""The announcement of a recording: its eight items (REC-03), known by their words.

Words of French and English; where a message is a sound whose words nobody wrote down, or is in
another language, nothing is missed.
"""

import re
from functools import lru_cache

#: What callers are told, in the order of the contract.
ITEMS = (
    "existence",
    "controller",
    "purpose",
    "retention",
    "recipients",
    "access",
    "erasure",
    "objection",
)

_PATTERNS = {
    "existence": r"enregistr|record(?:ed|ing)\b|\brecord\b",
    "controller": (
        r"responsab|responsib|pour le compte|on behalf|controller|enregistr\w+ par\b"
        r"|recorded by\b|par la société|traité\w* par\b"
    ),
    "purpose": (
        r"\bafin\b|\bbut\b|finalité|\bsert\b|servent|servir|\bpour (?:former|améliorer|des|la"
        r"|le|les|vérifier|prouver|assurer|garantir|mesurer|contrôler|évaluer)\b|purpose"
        r"|in order to|\bto (?:train|improve|check|prove|ensure|measure|monitor|assess)"
        r"|\bfor (?:training|quality)"
    ),
    "retention": (
        r"conserv|\bgardé|\bstocké|\bkept\b|\bstored\b|retain|retention"
        r"|(?:effac|supprim|détrui|eras|delet)\w* (?:après|au bout|after)"
    ),
    "recipients": (
        r"\bseul(?:e?s)?\b|destinataire|recipient|accessible|transmis|communiqué|partag|\bonly\b"
        r"|shared with|disclosed"
    ),
    "access": (
        r"accès|accéder|\baccess|copie|\bcopy\b|demander à l[’']écouter|ask to hear|listen to it"
    ),
    "erasure": r"rectif|correct|effacement|\bl[’']effacer|supprim|suppression|eras|delet",
    "objection": (
        r"oppos|refus|\bobject|opt out|ne souhaitez pas|do not (?:want|wish)|don[’']t want"
    ),
}
_COMPILED = {item: re.compile(words, re.IGNORECASE) for item, words in _PATTERNS.items()}


@lru_cache(maxsize=1024)
def items_in(text: str) -> frozenset[str]:
    """The items that a text says."""
    return frozenset(item for item, words in _COMPILED.items() if words.search(text))


def tells_of_recording(text: str) -> bool:
    """Whether a text says that the call is recorded."""
    return "existence" in items_in(text)
