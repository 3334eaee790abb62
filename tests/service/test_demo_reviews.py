"""What the demo's supervisor has said of recordings."""

from cx_desktop.domain.recordings.forms import form_of
from cx_desktop.domain.recordings.notes import SAID_TYPES, Evaluation
from cx_desktop.domain.recordings.scoring import score
from cx_desktop.service.demo_reviews import seed_reviews
from cx_desktop.service.objects import revisions
from cx_desktop.service.store import entities
from tests.fakes.service import recorded


def test_the_demo_has_weeks_of_evaluations_that_add_up() -> None:
    with recorded(3_000) as running:
        service = running.service
        assert service is not None
        made = seed_reviews(service, "fr")
        assert 60 <= made <= 200
        assert seed_reviews(service, "fr") == 0
        with service.store.read() as connection:
            said = {name: list(entities.each(connection, name)) for name in SAID_TYPES}
            assert len(said["evaluation"]) == made
            assert len(said["worklist"]) == 1
            assert said["note"]
            assert said["labels"]
            for name, found in said.items():
                for each in found:
                    value = SAID_TYPES[name].read(each.data)
                    if isinstance(value, Evaluation):
                        version = revisions.numbered(connection, value.form_id, value.form_number)
                        assert version is not None
                        result = score(form_of(revisions.content(version)[0]), value.answers)
                        assert result.is_complete
                        assert result.percent == value.score
            scores = [each.data["score"] for each in said["evaluation"]]
            assert len(set(map(str, scores))) > 10
