"""What people paste when they are asked for an invitation."""

import pytest

from cx_desktop.domain.errors import CXError
from cx_desktop.models.invitation import Pasted, read

TOKEN = "q3Zr-0_pXx7mVb2nLk9sTt4wYc6dEf1g"


@pytest.mark.parametrize(
    ("text", "server"),
    [
        (TOKEN, ""),
        (f"  {TOKEN}\n", ""),
        (f"https://cx.example.fr/#invitation={TOKEN}", "https://cx.example.fr"),
        (f"https://cx.example.fr:8443#invitation={TOKEN}", "https://cx.example.fr:8443"),
        (f"https://cx.example.fr/join?lang=fr&invitation={TOKEN}", "https://cx.example.fr"),
        (f"http://127.0.0.1:8000/#invitation={TOKEN}&x=1", "http://127.0.0.1:8000"),
    ],
)
def test_a_token_is_found_alone_and_in_a_link(text: str, server: str) -> None:
    assert read(text) == Pasted(TOKEN, server)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "court",
        "deux mots",
        f"{TOKEN} {TOKEN}",
        "https://cx.example.fr/",
        f"https://cx.example.fr/{TOKEN}",
        f"ftp://cx.example.fr/#invitation={TOKEN}",
        f"file:///#invitation={TOKEN}",
        f"https://user@cx.example.fr/#invitation={TOKEN}",
        f"https://[cx/#invitation={TOKEN}",
        "https://cx.example.fr/#invitation=",
        "é" * 32,
        "x" * 201,
    ],
)
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(CXError) as raised:
        read(text)
    assert raised.value.key == "problem.invitation-malformed"
