"""The page « Messages »: texts, sounds, orders and music, on the real service."""

import numpy as np

from cx_desktop.audio import Sound, pcm
from cx_desktop.cache import Edit, Place
from cx_desktop.domain.patch import Document, change
from cx_desktop.domain.prompts import OrderState
from tests.views.prompts.conftest import Visit, tone


def test_the_list_says_in_which_languages_and_what_is_wrong(visit: Visit) -> None:
    filtered = visit.page.list.table.filtered
    assert filtered.rowCount() == len(visit.desk.shelf.rows)
    cells = [str(filtered.index(0, column).data()) for column in range(filtered.columnCount())]
    assert cells[0] == "Jingle Maison Lumen"
    assert "français" in cells[2]


def test_words_and_units_are_counted_at_each_letter(visit: Visit) -> None:
    visit.new()
    box = visit.form.text.box
    box.setFocus()
    box.setPlainText("mot " * 30)
    assert visit.form.text.count.text() == "30 mots · 1 unité de studio"
    box.setPlainText("mot " * 31)
    assert visit.form.text.count.text() == "31 mots · 2 unités de studio"


def test_what_is_typed_is_saved_when_the_hands_rest_and_undone_at_once(visit: Visit) -> None:
    visit.new()
    visit.form.text.box.setPlainText("Bonjour")
    visit.until(lambda: visit.spoken.text == "Bonjour")
    visit.page.view.undo.trigger()
    assert visit.spoken.text == ""
    assert visit.form.text.box.toPlainText() == ""


def test_what_is_typed_last_is_saved_on_leaving(visit: Visit) -> None:
    visit.new()
    prompt = visit.work.id
    visit.form.text.box.setPlainText("Bonsoir")
    visit.page.show_list()
    visit.until(lambda: _text(visit, prompt) == "Bonsoir")


def _text(visit: Visit, prompt: str) -> object:
    row = visit.desk.shelf.row(prompt)
    return row.draft.languages["fr-FR"].text if row is not None else None


def test_a_variable_is_put_where_the_cursor_is_and_a_broken_one_is_told(visit: Visit) -> None:
    visit.new()
    visit.form.text.variables_menu().actions()[0].trigger()
    assert visit.form.text.box.toPlainText() == "{caller}"
    visit.write("Bonjour {caller")
    assert "ne peut pas être remplie" in visit.findings


def test_a_file_is_checked_and_converted_before_it_is_taken(visit: Visit) -> None:
    visit.new()
    visit.write("Bonjour")
    visit.bring(visit.file(tone(level=0.01)))
    card = visit.form.sound.brought
    assert "44,1" in card.facts.text()
    assert any("trop faible" in line for line in card.findings.lines)
    assert visit.spoken.audio is None
    card.level.click()
    visit.until(lambda: card.shown is not None and card.shown.wishes.is_levelled)
    assert card.findings.isHidden()
    visit.take()
    audio = visit.spoken.audio
    assert audio is not None
    assert (audio.name, audio.text) == ("accueil.wav", "Bonjour")
    assert audio.seconds == 1.0
    assert "accueil.wav" in visit.form.sound.kept.text()
    visit.page.view.undo.trigger()
    assert visit.spoken.audio is None


def test_a_sound_travels_with_its_prompt_and_is_heard_as_on_the_phone(visit: Visit) -> None:
    visit.new()
    visit.bring(visit.file(tone()))
    visit.take()
    audio = visit.spoken.audio
    assert audio is not None
    place = Place(visit.desk.shelf.project_id, audio.blob)
    visit.until(lambda: place not in visit.seat.cache.blobs.unsent())
    visit.until(lambda: not visit.work.opened.is_unsent)
    assert visit.seat.opened.client.blobs.read(audio.blob)
    visit.form.sound.hear.click()
    visit.until(lambda: visit.devices.is_playing)
    assert visit.form.sound.hear.text() == "Arrêter"
    assert visit.devices.played[-1].seconds == 1.0
    visit.devices.end()
    assert visit.form.sound.hear.text() == "Écouter comme au téléphone"


def test_what_was_brought_in_is_heard_both_ways_and_left(visit: Visit) -> None:
    visit.new()
    visit.bring(visit.file(tone()))
    card = visit.form.sound.brought
    card.as_source.click()
    visit.until(lambda: visit.devices.is_playing)
    card.as_source.click()
    assert not visit.devices.is_playing
    card.as_phone.click()
    visit.until(lambda: visit.devices.is_playing)
    source, phone = (np.frombuffer(each.frames, "<i2") for each in visit.devices.played)
    assert not np.array_equal(source, phone)
    card.leave.click()
    assert card.isHidden()
    assert not visit.devices.is_playing


def test_what_is_no_sound_is_said_to_be_none(visit: Visit) -> None:
    visit.new()
    path = visit.folder / "texte.wav"
    path.write_bytes(b"not a sound")
    visit.form.sound.import_file(path)
    visit.until(lambda: "sait lire" in visit.form.sound.strip.text)
    visit.form.sound.import_file(visit.folder / "absent.wav")
    visit.until(lambda: "absent.wav" in visit.form.sound.strip.text)


def test_somebody_records_and_hears_how_loud_they_are(visit: Visit) -> None:
    visit.new()
    visit.form.sound.record.click()
    card = visit.form.sound.recording
    assert card.isVisible()
    silence = Sound(np.zeros(44_100, np.float32), 44_100)
    visit.devices.hear(pcm(silence) + pcm(tone(2.0)), 0.5)
    assert card.level.value() == 50
    card.finish.click()
    visit.until(lambda: visit.form.sound.brought.shown is not None)
    shown = visit.form.sound.brought.shown
    assert shown is not None
    assert 2.0 <= shown.measures.seconds <= 2.4  # the silence before is cut
    assert card.isHidden()


def test_a_recording_can_be_given_up(visit: Visit) -> None:
    visit.new()
    visit.form.sound.record.click()
    visit.form.sound.recording.cancel.click()
    assert visit.form.sound.recording.isHidden()
    assert visit.form.sound.brought.shown is None


def test_a_computer_without_devices_says_so_and_still_imports(visit: Visit) -> None:
    visit.devices.no_input, visit.devices.no_output = "prompts.no-input", "prompts.no-output"
    visit.new()
    assert not visit.form.sound.record.isEnabled()
    assert "microphone" in visit.form.sound.why.text()
    visit.bring(visit.file(tone()))
    assert not visit.form.sound.brought.as_phone.isEnabled()
    visit.take()
    assert "casque" in visit.form.sound.why.text()


def test_languages_come_and_go_and_keep_their_own_text(visit: Visit) -> None:
    visit.new()
    visit.write("Bonjour")
    menu = visit.form.languages.languages_menu()
    next(each for each in menu.actions() if "Royaume-Uni" in each.text()).trigger()
    visit.until(lambda: visit.form.languages.current == "en-GB")
    assert visit.form.text.box.toPlainText() == ""
    assert "Rien n’est dit" in visit.findings
    visit.form.text.box.setPlainText("Hello")
    visit.form.languages.choose("fr-FR")
    assert visit.work.draft.languages["en-GB"].text == "Hello"
    assert visit.form.text.box.toPlainText() == "Bonjour"
    visit.form.languages.remove.click()
    assert list(visit.work.draft.languages) == ["en-GB"]
    visit.form.languages.remove.click()
    assert visit.form._none.isVisible()
    assert not visit.form.text.isVisible()


def test_an_order_goes_from_the_text_to_the_file(visit: Visit) -> None:
    visit.new()
    buttons = visit.form.order.buttons
    assert not buttons[OrderState.ORDERED].isEnabled()
    visit.write("Bonjour à tous")
    buttons[OrderState.ORDERED].click()
    assert visit.spoken.order is not None
    assert "3 mots · 1 unité de studio" in visit.form.order.words.text()
    visit.form.order.fields["voice"].setText("Anne")
    visit.form.order.fields["voice"].editingFinished.emit()
    assert visit.spoken.order.voice == "Anne"
    visit.write("Bonsoir à tous")
    assert visit.form.order.outdated.isVisible()
    buttons[OrderState.ORDERED].click()
    assert visit.spoken.order.text == "Bonsoir à tous"
    assert visit.spoken.order.voice == "Anne"
    visit.bring(visit.file(tone()))
    visit.take()
    assert visit.spoken.order.state is OrderState.DELIVERED
    buttons[OrderState.REFUSED].click()
    buttons[OrderState.DELIVERED].click()
    buttons[OrderState.ACCEPTED].click()
    assert visit.spoken.order.state.value == "accepted"
    visit.form.order.withdraw.click()
    assert visit.spoken.order is None


def test_music_asks_for_its_declaration(visit: Visit) -> None:
    visit.new()
    visit.write("Bonjour")
    visit.form.music.has_music.click()
    assert "SACEM" in visit.findings
    assert "ne se mélange pas" in visit.findings
    visit.form.music.sacem.setText("2026-42")
    visit.form.music.settle()
    assert visit.work.draft.music is not None
    assert visit.work.draft.music.sacem == "2026-42"
    assert "SACEM" not in visit.findings
    visit.form.music.has_music.click()
    assert visit.work.draft.music is None


def test_a_flow_that_plays_it_in_another_language_is_named(visit: Visit) -> None:
    visit.new()
    visit.write("Bonjour")
    cache, project_id = visit.seat.cache, visit.desk.shelf.project_id
    visit.until(lambda: bool(cache.rows("flow", project_id=project_id)))
    row = cache.rows("flow", project_id=project_id)[0]
    played = [{"type": "audio", "ref": visit.work.id}]
    node: Document = {
        "id": "extra",
        "kind": "play",
        "title": "",
        "props": {"prompt": played, "language": "de-DE"},
    }
    place = ("draft", "nodes", "extra")
    visit.seat.cache.edit(Edit("flow", row.id, changes=(change(row.data, place, node),)))
    visit.until(lambda: "de-DE" in visit.findings)
    visit.until(lambda: bool(visit.form.uses.buttons))


def test_publishing_names_what_callers_will_hear_otherwise(visit: Visit) -> None:
    visit.new()
    visit.write("Bonjour")
    visit.page.view.publish()
    dialog = visit.page.view.dialog
    assert dialog is not None
    visit.until(lambda: dialog.plan.details.changes.topLevelItemCount() > 0)
    assert dialog.plan.details.changes.lines == ("Le message se dit aussi en français.",)
    dialog.close()


def test_who_may_not_edit_hears_and_changes_nothing(supervisor: Visit) -> None:
    visit = supervisor
    visit.page.open(visit.desk.shelf.rows[0].id)
    visit.until(lambda: visit.page.view.work is not None)
    form = visit.form
    assert form.text.box.isReadOnly()
    assert not form.sound.bring.isVisible()
    assert not form.languages.add.isVisible()
    assert not form.music.has_music.isEnabled()
    assert not any(each.isVisible() for each in form.order.buttons.values())
