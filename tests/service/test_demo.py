"""The demo: a shop that looks as if people had worked there."""

from collections.abc import Iterator

import phonenumbers
import pytest

from cx_desktop.domain.flow.findings import findings, is_publishable
from cx_desktop.domain.flow.graph import flow_of
from cx_desktop.service.audit.chain import broken_links
from cx_desktop.service.audit.heads import heads
from cx_desktop.service.objects.context import context_of
from cx_desktop.service.objects.revisions import of_object
from cx_desktop.service.service import Service
from cx_desktop.service.store import Entity, entities
from tests.fakes.service import RunningService


@pytest.fixture(params=["fr", "en"], scope="module")
def running(request: pytest.FixtureRequest) -> Iterator[RunningService]:
    with RunningService(language=request.param) as service:
        yield service


@pytest.fixture
def service(running: RunningService) -> Service:
    assert running.service is not None
    return running.service


def all_of(service: Service, entity_type: str) -> tuple[Entity, ...]:
    with service.store.read() as connection:
        return tuple(entities.each(connection, entity_type))


def document(value: object) -> dict[str, str]:
    assert isinstance(value, dict)
    return value


def test_there_are_two_projects_and_the_second_has_fewer_features(service: Service) -> None:
    features = {
        each.data["name"]: str(each.data["features"]) for each in all_of(service, "project")
    }
    assert len(features["Lumen Pro"]) < len(features["Maison Lumen"])


def test_six_flows_have_versions_by_different_people_and_one_draft_is_ahead(
    service: Service,
) -> None:
    project = next(
        each for each in all_of(service, "project") if each.data["name"] == "Maison Lumen"
    )
    flows = [each for each in all_of(service, "flow") if each.project_id == project.id]
    assert len(flows) == 6
    with service.store.read() as connection:
        histories = {each.id: tuple(of_object(connection, each.id)) for each in flows}
    for history in histories.values():
        assert len(history) >= 2
        assert len({str(each.data["sha256"]) for each in history}) == len(history)
        times = [str(each.data["published_at"]) for each in history]
        assert times == sorted(times)
    assert len({str(each.data["published_by"]) for one in histories.values() for each in one}) == 3
    ahead = [each for each in flows if each.data["draft_ver"] != each.data["live_draft_ver"]]
    assert len(ahead) == 1


def test_every_version_and_every_draft_could_be_published(service: Service) -> None:
    versions = (each for each in all_of(service, "revision") if each.data["object_type"] == "flow")
    for each in (*versions, *all_of(service, "flow")):
        drawn = document(each.data["document" if each.type == "revision" else "draft"])
        with service.store.read() as connection:
            found = findings(flow_of({**drawn}), context_of(connection, each.project_id))
        assert is_publishable(found), (each.data.get("number"), found)


def test_numbers_are_fictional_and_lead_to_live_flows(service: Service) -> None:
    live = {each.id for each in all_of(service, "flow") if each.data["live_revision"]}
    numbers = all_of(service, "number")
    assert 7 <= len(numbers) <= 9
    for each in numbers:
        national = phonenumbers.format_number(
            phonenumbers.parse(str(each.data["e164"])), phonenumbers.PhoneNumberFormat.NATIONAL
        )
        assert national.startswith(
            ("01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49", "06 39 98")
        )
        assert each.data["flow_id"] is None or each.data["flow_id"] in live


def test_exceptional_days_are_still_to_come(running: RunningService, service: Service) -> None:
    today = running.clock.now().date().isoformat()
    for each in all_of(service, "schedule"):
        days = document(document(each.data["draft"])["exceptions"])
        assert all(str(document(day)["first"]) > today for day in days.values())


def test_what_flows_refer_to_is_live(service: Service) -> None:
    for kind in ("schedule", "prompt", "queue"):
        assert all_of(service, kind)
        assert all(each.data["live_revision"] == 1 for each in all_of(service, kind))


def test_four_accounts_have_an_authenticator_and_one_enrols(running: RunningService) -> None:
    roles = [each.role for each in running.accounts]
    assert roles == ["administrator", "flow_designer", "supervisor", "trainer", "flow_designer"]
    assert [each.totp_secret is None for each in running.accounts] == [False] * 4 + [True]


def test_the_past_is_audited_in_its_order_and_its_days_are_signed(
    running: RunningService, service: Service
) -> None:
    with service.store.read() as connection:
        assert not list(broken_links(connection))
        signed = heads(connection)
    assert len(signed) > 10
    assert signed[-1].day < running.clock.now().date().isoformat()
