"""What messages say against what callers can do."""

from cx_desktop.domain.flow.findings import Context
from cx_desktop.domain.flow.graph import Flow
from cx_desktop.domain.flow.references import PromptFacts
from cx_desktop.domain.patch import Document, Json
from tests.domain.analysis.flows import flow, found, params, says

MENU = "start -next→ menu\nmenu -no_input→ hangup / -invalid→ hangup / -max_tries→ hangup"


def menu(text: str, keys: str, **props: Json) -> Flow:
    linked = " / ".join(f"-{key}→ hangup" for key in keys)
    asked: Document = {"prompt": says(text), "keys": list(keys)}
    return flow(f"{MENU} / {linked}", {"menu": asked | props})


def test_a_key_that_is_announced_must_lead_somewhere() -> None:
    wrong = menu("Pour les ventes, tapez 1. Pour l’atelier, tapez 3.", "12")
    assert params(wrong, "FLW-35") == [{"key": "3"}]


def test_a_choice_that_is_linked_should_be_announced() -> None:
    wrong = menu("Pour les ventes, tapez 1.", "123")
    assert params(wrong, "FLW-36") == [{"keys": "2, 3"}]


def test_a_menu_that_says_what_it_offers_is_sound() -> None:
    assert found(menu("Ventes : tapez 1. Atelier : tapez 2.", "12"), "FLW-35", "FLW-36") == []


def test_a_retry_message_may_announce_the_rest() -> None:
    again: Json = [says("Tapez un chiffre de 1 à 3.")]
    assert found(menu("Ventes : tapez 1.", "123", retry_prompts=again), "FLW-35", "FLW-36") == []


def test_habits_need_no_word() -> None:
    assert found(menu("Ventes : tapez 1.", "10*#"), "FLW-36") == []


def test_a_message_that_announces_nothing_or_is_a_sound_is_not_judged() -> None:
    assert found(menu("Que souhaitez-vous ?", "12"), "FLW-35", "FLW-36") == []
    sound: Json = [{"type": "audio", "ref": "p"}, {"type": "text", "text": "Sinon, tapez 1."}]
    assert found(menu("", "12", prompt=sound), "FLW-36") == []


def test_the_words_of_a_recorded_prompt_count_where_they_are_known() -> None:
    sound: Json = [{"type": "audio", "ref": "p"}]
    known = Context(prompt_facts={"p": PromptFacts({"fr-FR": "Tapez 1 ou 2."})})
    wrong = menu("", "13", prompt=sound)
    assert found(wrong, "FLW-35", "FLW-36", context=known) == [
        ("FLW-35", "menu", "prompt"),
        ("FLW-36", "menu", "prompt"),
    ]


def test_the_flows_operator_answers_to_0() -> None:
    asked = menu("Ventes : tapez 1. Un conseiller : tapez 0.", "1")
    assert params(asked, "FLW-35") == [{"key": "0"}]
    helped = Flow({"operator": "hangup"}, asked.nodes, asked.links)
    assert params(helped, "FLW-35") == []


def test_more_than_six_choices_are_too_many() -> None:
    text = "Tapez 1, 2, 3, 4, 5, 6 ou 7."
    assert params(menu(text, "1234567"), "FLW-38") == [{"count": 7, "limit": 6}]
    assert params(menu(text, "123456*0#"), "FLW-38") == []


QUEUE = "start -next→ transfer_queue\ntransfer_queue -full→ hangup / -failed→ hangup"


def test_the_key_out_of_a_queue_is_the_one_that_is_announced() -> None:
    for key, expected in (("9", []), ("1", [{"key": "9"}]), ("none", [{"key": "9"}])):
        waiting: Document = {"waiting_prompt": says("Tapez 9."), "overflow_key": key}
        assert params(flow(QUEUE, {"transfer_queue": waiting}), "FLW-35") == expected


COLLECT = "start -next→ collect\ncollect -ok→ hangup / -no_input→ hangup"


def test_the_closing_key_is_the_one_that_is_announced() -> None:
    for key, expected in (("#", []), ("none", [{"key": "#"}])):
        asked: Document = {"prompt": says("Votre numéro, puis dièse."), "terminator": key}
        assert params(flow(COLLECT, {"collect": asked}), "FLW-35") == expected


def test_digits_of_an_answer_are_no_keys_of_the_collection() -> None:
    asked: Document = {"prompt": says("Oui : tapez 1. Non : tapez 2.")}
    assert found(flow(COLLECT, {"collect": asked}), "FLW-35") == []


def test_the_closing_key_of_a_message_too() -> None:
    picture = "start -next→ voicemail\nvoicemail -recorded→ hangup"
    greeting: Document = {"greeting": says("Terminez par étoile.")}
    assert params(flow(picture, {"voicemail": greeting}), "FLW-35") == [{"key": "*"}]
    assert params(flow(picture, {"voicemail": greeting | {"terminator": "*"}}), "FLW-35") == []


WAITING = "start -next→ queue_treatment\nqueue_treatment -1→ hangup / -interrupted→ hangup"


def test_keys_of_a_waiting_loop_are_announced_in_one_of_its_messages() -> None:
    prompts: Json = [says("Merci de patienter."), says("Pour un rappel, tapez 1 ou 2.")]
    loop: Document = {"prompts": prompts, "keys": ["1"]}
    assert params(flow(WAITING, {"queue_treatment": loop}), "FLW-35") == [{"key": "2"}]


LONG = "Bonjour et bienvenue. " * 60


def test_a_long_message_should_let_callers_interrupt() -> None:
    picture = "start -next→ play\nplay -next→ hangup"
    assert params(flow(picture, {"play": {"prompt": says(LONG)}}), "FLW-39") == [
        {"seconds": 72, "limit": 60}
    ]
    held: Document = {"prompt": says(LONG), "barge_in": True}
    assert params(flow(picture, {"play": held}), "FLW-39") == []
    assert params(flow(picture, {"play": {"prompt": says("Bonjour.")}}), "FLW-39") == []


ASKING = "start -next→ play\nplay -next→ log\nlog -next→ {}"


def test_keys_pressed_during_a_message_that_asks_for_them_must_not_be_lost() -> None:
    asks: dict[str, Document] = {"play": {"prompt": says("Composez votre numéro.")}}
    assert found(flow(ASKING.format("collect"), asks), "FLW-37") == [("FLW-37", "play", "barge_in")]
    assert found(flow(ASKING.format("hangup"), asks), "FLW-37") == []
    open_: dict[str, Document] = {"play": asks["play"] | {"barge_in": True}}
    assert found(flow(ASKING.format("collect"), open_), "FLW-37") == []


def test_a_greeting_may_be_heard_to_its_end() -> None:
    greets: dict[str, Document] = {"play": {"prompt": says("Bienvenue chez Maison Lumen.")}}
    assert found(flow(ASKING.format("menu"), greets), "FLW-37") == []


def test_a_recording_is_as_long_as_it_lasts() -> None:
    """Not as its words; the shortest language counts where the call may be in any."""
    picture = "start -next→ play\nplay -next→ hangup"
    played = flow(picture, {"play": {"prompt": [{"type": "audio", "ref": "p"}]}})
    words = {"fr-FR": "Bonjour.", "en-GB": "Hello."}
    long = Context(prompt_facts={"p": PromptFacts(words, seconds={"fr-FR": 90.0, "en-GB": 5.0})})
    assert params(played, "FLW-39", long) == [{"seconds": 90, "limit": 60}]
    english = Flow({"spoken_language": "en-GB"}, played.nodes, played.links)
    assert params(english, "FLW-39", long) == []
    assert params(played, "FLW-39") == []


SMS = "start -next→ send_sms\nsend_sms -sent→ hangup / -failed→ hangup"


def test_a_text_message_that_is_billed_twice_is_found() -> None:
    def sms(message: str) -> list[dict[str, str | int]]:
        return params(flow(SMS, {"send_sms": {"message": message}}), "FLW-40")

    assert sms("a" * 160) == []
    assert sms("a" * 161) == [{"count": "2"}]
    assert sms("Votre rendez-vous est noté. " * 6) == [{"count": "2"}]
    assert sms("Ah, ça va. " * 7) == [{"count": "2"}], "one ç makes the whole message UCS-2"


def test_variables_of_a_text_message_are_not_counted() -> None:
    written: Document = {"message": "a" * 155 + "{nom_du_client}"}
    assert params(flow(SMS, {"send_sms": written}), "FLW-40") == []
    longer: Document = {"message": "a" * 165 + "{nom_du_client}"}
    assert params(flow(SMS, {"send_sms": longer}), "FLW-40") == [{"count": "2+"}]
