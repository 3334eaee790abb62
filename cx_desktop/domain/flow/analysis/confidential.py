"""Digits that nobody else may see: where they are asked for, and where they must not go."""

import re

from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import Findings, Look, found
from cx_desktop.domain.flow.analysis.texts import said

_SECRET = re.compile(
    r"carte (?:bancaire|bleue|de crédit|de paiement)|num[ée]ro de (?:votre )?carte|cryptogramme"
    r"|code (?:confidentiel|secret|pin\b)|mot de passe|sécurité sociale|credit card|debit card"
    r"|card number|\bcvv\b|\bcvc\b|security code|\bpin\b|password|social security",
    re.IGNORECASE,
)
_OTHER_LUHN = re.compile(r"\b(?:siret|siren|imei)\b", re.IGNORECASE)
_CARD_LENGTHS = range(13, 20)


def about_secrets(look: Look) -> Findings:
    """A question for a card number or a code that is not marked confidential."""
    if look.node.kind != "collect" or look.props["sensitive"] is True:
        return
    text = said(look.props["prompt"], look.context, look.spoken).text
    is_card = (
        look.props["validation"] == "luhn"
        and look.props["max_digits"] in _CARD_LENGTHS
        and not _OTHER_LUHN.search(text)
    )
    if is_card or _SECRET.search(text):
        yield found(rules.CARD_NOT_SENSITIVE, look.node.id, name="sensitive")
