"""The digest of a whole answer, as both ends reckon it (``Repr-Digest``, RFC 9530).

TLS makes a damaged answer a broken line; what ends TLS on the way, or cuts an answer and mends its
length, does not. Pages have their own trailer (``seal``); everything else that sync believes has
this.
"""

import base64
import hashlib

REPR_DIGEST = "Repr-Digest"


def repr_digest(content: bytes) -> str:
    """The value of the header for an answer that is not packed."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"
