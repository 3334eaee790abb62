"""For how long a refusal asks to be left alone, whoever says it and however."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from cx_desktop.client.errors import refusal, retry_after
from cx_desktop.client.waiting import LONGEST, NotNow, asked_for
from cx_desktop.domain.errors import CXError
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language

NOON = "Mon, 16 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("0", 0),
        ("901", LONGEST),
        ("9" * 400, 0),
        ("Mon, 16 Nov 2026 12:01:30 GMT", 90),
        ("Monday, 16-Nov-26 12:01:30 GMT", 90),
        ("Mon Nov 16 12:01:30 2026", 90),
        ("Mon, 16 Nov 2026 11:00:00 GMT", 0),
        ("Tue, 17 Nov 2026 12:00:00 GMT", LONGEST),
        ("", 0),
        ("-5", 0),
        ("1.5", 0),
        ("٣٠", 0),
        ("soon", 0),
        ("Mon, 99 Nov 2026 12:00:00 GMT", 0),
    ],
)
def test_seconds_and_dates_are_understood_and_nothing_else(said: str, seconds: float) -> None:
    headers = httpx.Headers([(b"retry-after", said.encode()), (b"date", NOON.encode())])
    assert asked_for(headers) == seconds


def test_without_the_hour_of_whoever_says_it_ours_counts() -> None:
    soon = datetime.now(UTC) + timedelta(minutes=5)
    waited = asked_for(httpx.Headers({"retry-after": format_datetime(soon, usegmt=True)}))
    assert 290 <= waited <= 300


def of_a_proxy(status: int, **headers: str) -> CXError:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return refusal(
        status=status, headers=httpx.Headers(named), body=b"<p>busy", host="cx.example.fr"
    )


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_proxy_that_says_how_long_is_heard(status: int) -> None:
    error = of_a_proxy(status, content_type="text/html", retry_after="42")
    assert isinstance(error, NotNow)
    assert error.retryable
    assert retry_after(error) == 42
    for language in Language:
        title, hint = Catalogue(resources() / "text", language).explain(error)
        assert "⟦" not in title + hint
        assert "{" not in title + hint


@pytest.mark.parametrize("status", [200, 302, 401, 403, 404, 500])
def test_elsewhere_the_header_means_nothing(status: int) -> None:
    error = of_a_proxy(status, content_type="text/html", retry_after="42")
    assert error.key == "problem.not-the-service"
    assert retry_after(error) == 0


def test_a_proxy_in_a_hurry_has_words_without_a_time() -> None:
    error = of_a_proxy(429, content_type="text/html")
    assert retry_after(error) == 0
    assert error.params["seconds"] == 60
