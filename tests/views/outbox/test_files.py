"""A file on its way is told in words: waiting, in part, refused."""

import pytest

from cx_desktop.cache import Place, Transfer, Way
from cx_desktop.models.outbox.entries import File, read_listing
from cx_desktop.views.outbox.words import file_words
from cx_desktop.views.widgets.look import Look
from tests.views.outbox.conftest import Visit, plain

PLACE = Place("p", "a" * 64)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (File(PLACE, 3_000_000), "Fichier son : 3 Mo, pas encore envoyé"),
        (File(PLACE, 3_000_000, done=1_048_576), "Fichier son : 3 Mo, 34 % envoyés"),
        (
            File(PLACE, 3_000_000, done=5, is_refused=True),
            "Fichier son : 3 Mo, arrivé deux fois abîmé au service",
        ),
    ],
)
def test_how_much_of_it_has_gone_is_told(words: Look, file: File, said: str) -> None:
    assert plain(file_words(words.language, file)) == said


def test_the_list_knows_what_the_service_has_of_a_file(visit: Visit) -> None:
    content = bytes(1_000)
    project = visit.workspace.projects[0].id
    visit.offline()
    digest = visit.cache.blobs.keep(project, content, is_sent=False)
    visit.cache.transfers.note(Transfer(project, digest, Way.UP, "u", 250, 1_000))
    listing = read_listing(visit.cache, visit.service.clock)
    (stray,) = listing.strays
    assert (stray.percent, stray.is_refused) == (25, False)
