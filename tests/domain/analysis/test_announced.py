"""The keys that messages announce, in two languages, and what only looks like it."""

import pytest

from cx_desktop.domain.flow.analysis.announced import announced, asks_for_keys


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Pour les ventes, tapez 1. Pour le service client, tapez 2.", "12"),
        ("Pour les ventes, le 1 ; pour le service client, le 2.", "12"),
        ("Pour les ventes tapez 1, pour le service client le 2, pour l’atelier le 3.", "123"),
        ("1 pour les ventes, 2 pour le service client", "12"),
        ("Appuyez sur la touche étoile, ou sur dièse.", "*#"),
        ("Faites le 0 à tout moment.", "0"),
        ("Tapez un pour oui, deux pour non.", "12"),
        ("Tapez 1 ou 2.", "12"),
        ("Tapez 1, 2 ou 3.", "123"),
        ("Composez votre numéro, puis dièse.", "#"),
        ("press 1 for sales, 2 for support or 3 for anything else", "123"),
        ("For sales press one, for support press two.", "12"),
        ("Press the pound key. To hear this again, press star.", "#*"),
        ("Dial 0 at any time.", "0"),
        ("Key in your number, then hash.", "#"),
        ("<speak>Tapez <emphasis>4</emphasis>.</speak>", "4"),
    ],
)
def test_keys_are_found(text: str, keys: str) -> None:
    assert set(announced(text).keys) == set(keys)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Composez les huit chiffres de votre numéro de commande.",
        "Composez le 3639.",
        "Call us on 1 800 555 1234, or dial 1 800 555 9876.",
        "Tapez un chiffre de 1 à 4.",
        "Appuyez 2 fois.",
        "Please enter your 5 digit zip code.",
        "Nous sommes ouverts de 9 heures à 18 heures, du 1 au 5 mars.",
        "From 1 to 5, how do you rate us? 5 is the best.",
        "Il vous reste 2 messages. Pour 3 euros, merci.",
        "Pour les rendez-vous avant le 5, tapez votre code.",
        "Pour votre commande {order}, patientez.",
    ],
)
def test_other_numbers_are_no_keys(text: str) -> None:
    assert announced(text).keys == ()


def test_a_range_announces_what_lies_in_it() -> None:
    assert announced("Tapez un chiffre de 1 à 4.").ranges == frozenset("1234")
    assert announced("Press a digit between 2 and 3.").ranges == frozenset("23")


def test_a_variable_may_be_any_key() -> None:
    assert not announced("Tapez {key}.").is_certain
    assert announced("Tapez 1.").is_certain


def test_a_message_may_ask_for_digits_without_naming_a_key() -> None:
    assert asks_for_keys("Composez votre numéro de client.")
    assert asks_for_keys("Pour les ventes, le 1.")
    assert not asks_for_keys("Bienvenue chez Maison Lumen.")
