"""Recordings: told with all eight items, and not forced on anybody."""

from cx_desktop.domain.finding import Severity
from cx_desktop.domain.flow.analysis.notices import ITEMS, items_in
from cx_desktop.domain.flow.findings import RULES, Context
from cx_desktop.domain.patch import Document, Json
from tests.domain.analysis.flows import flow, found, params, says

EIGHT = {
    "fr": (
        "Cet appel est enregistré par Maison Lumen, afin d’améliorer nos réponses. Il est conservé"
        " trois mois. Seuls nos responsables y ont accès. Vous pouvez en demander une copie, la"
        " rectification, ou vous y opposer."
    ),
    "en": (
        "This call is recorded on behalf of Maison Lumen to train our advisers. It is kept for"
        " three months, and only our managers can listen to it. You may ask for a copy, have it"
        " corrected or erased, or object to it."
    ),
}
SHORT = "Cet appel est enregistré."


def test_each_item_is_known_by_its_words() -> None:
    for text in EIGHT.values():
        assert items_in(text) == frozenset(ITEMS)
    assert items_in(SHORT) == {"existence"}
    assert items_in("Bienvenue chez Maison Lumen.") == frozenset()


RECORD = "start -next→ menu\nmenu -1→ hangup / -2→ recording / -no_input→ hangup / -invalid→ hangup"
AFTER = "\nrecording -next→ transfer_queue\ntransfer_queue -full→ hangup"


def recorded(text: str) -> dict[str, Document]:
    return {"recording": {"notice": says(text)}}


def test_a_whole_notice_with_a_choice_before_it_is_sound() -> None:
    for text in EIGHT.values():
        sound = flow(RECORD + AFTER, recorded(text))
        assert found(sound, "FLW-42", "FLW-43", "FLW-44") == []


def test_what_the_notice_leaves_out_is_named() -> None:
    short = flow(RECORD + AFTER, recorded(SHORT))
    assert params(short, "FLW-43") == [
        {"items": "controller, purpose, retention, recipients, access, erasure, objection"}
    ]


def test_a_message_on_every_way_before_counts() -> None:
    told = flow(
        "start -next→ play\nplay -next→ menu\n"
        "menu -1→ hangup / -2→ recording / -no_input→ hangup / -invalid→ hangup" + AFTER,
        recorded(SHORT) | {"play": {"prompt": says(EIGHT["fr"])}},
    )
    assert found(told, "FLW-42", "FLW-43", "FLW-44") == []


def test_a_message_on_one_way_only_does_not() -> None:
    told = flow(
        "start -next→ repeat_caller\nrepeat_caller -known→ menu / -unknown→ play\n"
        "play -next→ menu\n"
        "menu -1→ hangup / -2→ recording / -no_input→ hangup / -invalid→ hangup" + AFTER,
        recorded(SHORT) | {"play": {"prompt": says(EIGHT["fr"])}},
    )
    assert [each[:2] for each in found(told, "FLW-43")] == [("FLW-43", "recording")]


def test_a_notice_that_is_a_sound_cannot_be_judged() -> None:
    sound: Json = [{"type": "audio", "ref": "notice"}]
    heard = flow(RECORD + AFTER, {"recording": {"notice": sound}})
    assert found(heard, "FLW-42", "FLW-43") == []


TRANSFER = "start -next→ {}play\nplay -next→ transfer_number\ntransfer_number -no_answer→ hangup"
RECORDED_TRANSFER: Document = {"record": True, "number": "+33199001410"}


def test_a_transfer_is_recorded_only_after_somebody_said_so() -> None:
    untold = flow(TRANSFER.format(""), {"transfer_number": RECORDED_TRANSFER})
    assert found(untold, "FLW-42", "FLW-43") == [("FLW-42", "transfer_number", "record")]
    told: dict[str, Document] = {
        "transfer_number": RECORDED_TRANSFER,
        "play": {"prompt": says(EIGHT["en"])},
    }
    assert found(flow(TRANSFER.format(""), told), "FLW-42", "FLW-43") == []
    plain = flow(TRANSFER.format(""), {"transfer_number": {"number": "+33199001410"}})
    assert found(plain, "FLW-42", "FLW-43", "FLW-44") == []


def test_a_sub_flow_may_have_said_it() -> None:
    inside = flow(
        "start -next→ subflow\nsubflow -next→ transfer_number / -error→ hangup",
        {"transfer_number": RECORDED_TRANSFER},
    )
    assert found(inside, "FLW-42", "FLW-43", "FLW-44") == []


def test_a_recording_that_no_key_avoids_is_forced() -> None:
    forced = flow("start -next→ recording" + AFTER, recorded(EIGHT["fr"]))
    assert found(forced, "FLW-44") == [("FLW-44", "recording", "notice")]


def test_a_menu_that_leads_to_it_by_every_key_is_no_choice() -> None:
    forced = flow(
        "start -next→ menu\n"
        "menu -1→ recording / -2→ recording / -no_input→ recording / -invalid→ recording" + AFTER,
        recorded(EIGHT["fr"]),
    )
    assert found(forced, "FLW-44") == [("FLW-44", "recording", "notice")]


def test_a_key_that_stops_it_later_is_one() -> None:
    stopped = flow(
        "start -next→ recording\nrecording -next→ menu\n"
        "menu -1→ recording_2 / -no_input→ hangup / -invalid→ hangup\nrecording_2 -next→ hangup",
        recorded(EIGHT["fr"]) | {"recording_2": {"action": "stop"}},
    )
    assert found(stopped, "FLW-44") == []


def test_the_flow_around_a_sub_flow_may_offer_it() -> None:
    inner = flow("start -next→ recording\nrecording -next→ return", recorded(EIGHT["fr"]))
    assert found(inner, "FLW-44", context=Context()) == []


def test_a_notice_in_another_language_is_not_judged() -> None:
    german: Document = {"notice": says("Dieses Gespräch wird aufgezeichnet."), "action": "start"}
    picture = "start -next→ recording\nrecording -next→ hangup"
    assert found(flow(picture, {"recording": german}, {"spoken_language": "de-DE"}), "FLW-43") == []
    assert found(flow(picture, {"recording": german}), "FLW-43")


def test_a_notice_that_leaves_something_out_refuses_publishing() -> None:
    """REC-03 of the contract blocks."""
    assert RULES["FLW-43"].severity is Severity.BLOCKING
