"""Numbers that may not be called or presented so, and objects that are no use."""

from typing import TYPE_CHECKING

import pytest

from cx_desktop.domain.flow.findings import Context
from cx_desktop.domain.flow.graph import Flow
from cx_desktop.domain.flow.references import PromptFacts, ScheduleFacts
from tests.domain.analysis.flows import facts, flow, found, params

if TYPE_CHECKING:
    from cx_desktop.domain.patch import Document

TRANSFER = "start -next→ transfer_number\ntransfer_number -no_answer→ hangup / -failed→ hangup"


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        ("+33199001410", ""),
        ("+33639981470", ""),
        ("+33800123456", ""),
        ("+33892123456", "FLW-49"),
        ("+33825123456", "FLW-49"),
        ("+590590123456", "FLW-50"),
        ("+3225551234", "FLW-50"),
        ("numero", ""),
        ("{numero}", ""),
    ],
)
def test_a_number_that_is_called_is_ordinary_and_in_the_territory(number: str, rule: str) -> None:
    called = flow(TRANSFER, {"transfer_number": {"number": number}})
    expected = [(rule, "transfer_number", "number")] if rule else []
    assert found(called, "FLW-49", "FLW-50") == expected


def presenting(number: str, caller_id: str = "custom") -> Flow:
    props: Document = {
        "number": "+33199001410",
        "caller_id": caller_id,
        "presented_number": number,
    }
    return flow(TRANSFER, {"transfer_number": props})


def test_a_transfer_presents_no_mobile_and_no_premium_number() -> None:
    assert params(presenting("+33612345678"), "FLW-47") == [
        {"value": "+33612345678", "law": "CID-08"}
    ]
    assert params(presenting("+33892123456"), "FLW-47") == [
        {"value": "+33892123456", "law": "CID-05"}
    ]
    assert params(presenting("+33199001410"), "FLW-47") == []
    assert params(presenting("+33612345678", "caller"), "FLW-47") == []


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        ("+33162031234", ""),
        ("+33948012345", ""),
        ("+33161999999", "FLW-47 CID-01"),
        ("+33612345678", "FLW-47 CID-02"),
        ("+33800123456", "FLW-48 CID-03"),
        ("+33892123456", "FLW-47 CID-05"),
        ("+3225551234", "FLW-47 CID-01"),
    ],
)
def test_a_machine_that_calls_presents_a_verified_number(number: str, rule: str) -> None:
    props: Document = {"number": "+33199001410", "presented_number": number}
    calling = flow(
        "start -next→ outbound_call\noutbound_call -answered→ hangup", {"outbound_call": props}
    )
    said = [
        f"{each} {law['law']}" for each in ("FLW-47", "FLW-48") for law in params(calling, each)
    ]
    assert said == ([rule] if rule else [])


HOURS = "start -next→ schedule\nschedule -open→ hangup / -closed→ hangup"


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        (ScheduleFacts(), ""),
        (ScheduleFacts(opens=False), "FLW-51"),
        (ScheduleFacts(closes=False), "FLW-52"),
        (ScheduleFacts(knows_holidays=False), "FLW-53"),
    ],
)
def test_opening_hours_open_close_and_know_holidays(facts: ScheduleFacts, rule: str) -> None:
    asked = flow(HOURS, {"schedule": {"schedule": "s"}})
    around = Context(schedules={"s": "Magasin"}, schedule_facts={"s": facts})
    said = found(asked, "FLW-51", "FLW-52", "FLW-53", context=around)
    assert said == ([(rule, "schedule", "schedule")] if rule else [])


def test_an_empty_or_unpublished_prompt_or_flow_is_found_by_its_name() -> None:
    played = flow(
        "start -next→ play\nplay -next→ hangup",
        {"play": {"prompt": [{"type": "audio", "ref": "p"}]}},
    )
    empty = Context(prompts={"p": "Accueil"}, prompt_facts={"p": PromptFacts()})
    assert params(played, "FLW-31", empty) == [{"value": "Accueil"}]
    sound = Context(prompts={"p": "Accueil"}, prompt_facts={"p": PromptFacts({"fr-FR": ""})})
    assert params(played, "FLW-31", sound) == []
    silent = PromptFacts({"fr-FR": "Bonjour."}, is_live=False)
    never = Context(prompts={"p": "Accueil"}, prompt_facts={"p": silent})
    assert params(played, "FLW-54", never) == [{"value": "Accueil"}]
    assert params(played, "FLW-54", sound) == []
    gone = flow("start -next→ goto_flow", {"goto_flow": {"flow": "f"}})
    assert params(gone, "FLW-31", Context(flow_facts=facts({"f": Flow()}))) == [{"value": "f"}]
    assert params(gone, "FLW-31", Context(flow_facts=facts({"f": gone}))) == []
    assert params(gone, "FLW-31") == []


def test_a_prompt_is_said_in_the_language_of_the_call() -> None:
    sound: Document = {"prompt": [{"type": "audio", "ref": "p"}]}
    said = Context(prompts={"p": "Accueil"}, prompt_facts={"p": PromptFacts({"fr-FR": "Oui."})})
    picture = "start -next→ play\nplay -next→ hangup"
    english: Document = {"spoken_language": "en-GB"}
    assert params(flow(picture, {"play": sound, "start": english}), "FLW-41", said) == [
        {"value": "Accueil", "language": "en-GB"}
    ]
    assert params(flow(picture, {"play": sound}), "FLW-41", said) == []
    own: Document = sound | {"language": "fr-CA"}
    assert params(flow(picture, {"play": own, "start": english}), "FLW-41", said) == []
    music = Context(prompt_facts={"p": PromptFacts({"fr-FR": ""})})
    assert params(flow(picture, {"play": sound, "start": english}), "FLW-41", music) == []
    switched = picture.replace("start -next→ play", "start -next→ config\nconfig -next→ play")
    changing: dict[str, Document] = {"play": sound, "start": english, "config": {"language": "ar"}}
    assert params(flow(switched, changing), "FLW-41", said) == []
