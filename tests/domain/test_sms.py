"""How many parts a text message takes: the boundaries, and what must not be cut."""

import pytest

from cx_desktop.domain.sms import Alphabet, Length, length_of, special

GSM, UCS2 = Alphabet.GSM, Alphabet.UCS2


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", Length(GSM, 0, 1)),
        ("a" * 160, Length(GSM, 160, 1)),
        ("a" * 161, Length(GSM, 161, 2)),
        ("a" * 306, Length(GSM, 306, 2)),
        ("a" * 307, Length(GSM, 307, 3)),
        ("€" * 80, Length(GSM, 160, 1)),
        ("a" * 152 + "€" + "a" * 10, Length(GSM, 164, 2)),
        ("a" * 152 + "€" + "a" * 152, Length(GSM, 306, 3)),
        ("ç" * 70, Length(UCS2, 70, 1)),
        ("ç" * 71, Length(UCS2, 71, 2)),
        ("😀" * 35, Length(UCS2, 70, 1)),
        ("😀" * 67, Length(UCS2, 134, 3)),
        ("à é è ù É Ç ' \r\n", Length(GSM, 16, 1)),
        ("n° 12", Length(UCS2, 5, 1)),
    ],
)
def test_a_text_is_counted_as_the_network_does(text: str, length: Length) -> None:
    assert length_of(text) == length


def test_what_makes_a_text_expensive_is_named() -> None:
    assert special("Noël, n° 12 — ça va ?") == ("ë", "°", "—", "ç")
