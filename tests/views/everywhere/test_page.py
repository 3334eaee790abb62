"""Words in all flows, found, replaced and taken back; and who uses what."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem

from cx_desktop.cache import Edit
from cx_desktop.domain.flow.usage import How
from cx_desktop.domain.objects import Target
from cx_desktop.domain.patch import Change
from cx_desktop.models.everywhere.places import Place, Subject
from cx_desktop.text import Language as Tongue
from tests.views.everywhere.conftest import Visit
from tests.views.flows.test_access import unnamed


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def hit_at(visit: Visit, flow: int = 0, node: int = 0, place: int = 0) -> QTreeWidgetItem:
    top = visit.page.words.tree.topLevelItem(flow)
    branch = top.child(node) if top is not None else None
    item = branch.child(place) if branch is not None else None
    assert item is not None
    return item


def subject(visit: Visit, target: Target) -> Subject:
    visit.until(lambda: visit.used.subject(target) is not None)
    found = visit.used.subject(target)
    assert found is not None
    return found


def test_the_shortcut_brings_the_page_and_one_types(visit: Visit) -> None:
    words = visit.page.words
    with visit.qtbot.waitSignal(visit.page.view_requested):
        visit.commands.run("everywhere.words")
    QTest.keyClicks(words.field, "bonjour")
    visit.until(lambda: bool(words.tree.lines))
    assert "SVI" in words.count.text()
    words.field.clear()
    visit.until(lambda: not words.tree.lines)


def test_every_place_shows_what_becomes_of_it(visit: Visit) -> None:
    visit.look_for("commande", "livraison")
    lines = visit.page.words.tree.lines
    assert any("commande → livraison" in each for each in lines)
    ticked = sum(map(len, visit.page.words.tree.chosen.values()))
    assert plain(visit.page.words.replace.text()) == f"Remplacer {ticked} endroits"
    assert ticked == len(lines) - 1  # the name of another flow stays


def test_what_stays_says_why(visit: Visit) -> None:
    visit.look_for("suivi de commande", "x")
    tree = visit.page.words.tree
    held = [
        item.text(1)
        for item in tree.findItems("Suivi de commande", Qt.MatchFlag.MatchRecursive)
        if not item.flags() & Qt.ItemFlag.ItemIsUserCheckable and item.childCount() == 0
    ]
    assert held
    assert "renommez-le sur sa page" in held[0]


def test_a_number_that_would_be_none_is_shown_before_and_not_replaced(visit: Visit) -> None:
    visit.look_for("+33639981470", "à définir!")
    panel = visit.page.words
    assert panel.tree.lines
    assert panel.tree.chosen == {}
    assert not panel.replace.isEnabled()
    assert "reste tel quel" in hit_at(visit).text(1)


def test_only_ticked_places_are_replaced_and_all_comes_back(visit: Visit) -> None:
    before = {name: visit.draft(name) for name in ("Accueil principal", "Messagerie de nuit")}
    visit.look_for("commande", "livraison")
    panel = visit.page.words
    first = panel.tree.topLevelItem(0)
    assert first is not None
    assert first.text(0) == "Accueil principal"
    first.setCheckState(0, Qt.CheckState.Unchecked)
    assert visit.id_of("flow", "Accueil principal") not in panel.tree.chosen
    panel.replace.click()
    visit.until(lambda: bool(panel.strip.text))
    assert "dans les brouillons seulement" in panel.strip.text
    assert visit.draft("Accueil principal") == before["Accueil principal"]
    assert "livraison" in visit.draft("Messagerie de nuit")
    panel.strip.buttons[0].click()
    visit.until(lambda: "annulé" in panel.strip.text)
    assert visit.draft("Messagerie de nuit") == before["Messagerie de nuit"]


def test_what_somebody_wrote_meanwhile_stays_when_all_is_taken_back(visit: Visit) -> None:
    visit.look_for("commande", "livraison")
    panel = visit.page.words
    panel.replace.click()
    visit.until(lambda: bool(panel.strip.text))
    flow = visit.id_of("flow", "Messagerie de nuit")
    row = visit.workspace.cache.row("flow", flow)
    assert row is not None
    draft = row.data["draft"]
    assert isinstance(draft, dict)
    node = next(key for key, each in draft["nodes"].items() if "livraison" in each.get("title", ""))
    title = draft["nodes"][node]["title"]
    place = ("draft", "nodes", node, "title")
    visit.workspace.cache.edit(Edit("flow", flow, (Change(place, "À moi", title),)))
    panel.strip.buttons[0].click()
    visit.until(lambda: "annulé" in panel.strip.text)
    assert "1 endroit modifié depuis" in plain(panel.strip.text)
    assert "À moi" in visit.draft("Messagerie de nuit")
    visit.workspace.cache.edit(
        Edit("flow", flow, (Change(place, title.replace("livraison", "commande"), "À moi"),))
    )


def test_a_branch_ticks_all_below_it_and_sums_them_up(visit: Visit) -> None:
    visit.look_for("commande", "livraison")
    tree = visit.page.words.tree
    top = tree.topLevelItem(0)
    assert top is not None
    hit_at(visit).setCheckState(0, Qt.CheckState.Unchecked)
    assert top.checkState(0) is Qt.CheckState.PartiallyChecked
    top.setCheckState(0, Qt.CheckState.Unchecked)
    assert hit_at(visit, node=1).checkState(0) is Qt.CheckState.Unchecked
    top.setCheckState(0, Qt.CheckState.Checked)
    assert hit_at(visit).checkState(0) is Qt.CheckState.Checked


def test_enter_goes_to_the_node(visit: Visit) -> None:
    visit.look_for("numéro de commande")
    tree = visit.page.words.tree
    tree.setCurrentItem(hit_at(visit))
    with visit.qtbot.waitSignal(visit.page.node_wanted) as wanted:
        QTest.keyClick(tree, Qt.Key.Key_Return)
    flow, node = wanted.args or ("", "")
    assert node in visit.draft(next(e.name for e in visit.desk.flows.rows if e.id == flow))


def test_a_broken_expression_is_told_at_once(visit: Visit) -> None:
    panel = visit.page.words
    panel.expression.click()
    panel.field.setText("(")
    panel.search()
    visit.until(lambda: "ne peut pas être lue" in panel.problem.text())
    assert not panel.replace.isEnabled()
    panel.field.setText(r"tapez (\d)")
    panel.by.setText(r"\4")
    panel.search()
    visit.until(lambda: "groupe" in panel.problem.text())
    assert not panel.replace.isEnabled()
    panel.expression.click()


def test_who_may_not_edit_finds_and_does_not_replace(supervisor: Visit) -> None:
    supervisor.look_for("commande", "livraison")
    panel = supervisor.page.words
    assert panel.tree.lines
    assert panel.tree.chosen == {}
    assert not panel.replace.isEnabled()
    assert panel.replace.toolTip()


def test_every_place_that_uses_a_prompt_is_shown_and_led_to(visit: Visit) -> None:
    target = Target("prompt", visit.id_of("prompt", "Musique d’attente"))
    visit.page.show_used(target)
    found = subject(visit, target)
    assert {each.type for each in found.places} == {"flow", "queue"}
    assert all(each.is_live and each.is_drafted for each in found.places)
    panel = visit.page.used
    visit.until(lambda: len(panel.lines) == len(found.places))
    assert any(each.startswith("Ventes | Musique d’attente | l’utilise") for each in panel.lines)
    with visit.qtbot.waitSignal(visit.page.place_wanted) as wanted:
        QTest.keyClick(panel.places, Qt.Key.Key_Return)
    (place,) = wanted.args or (None,)
    assert isinstance(place, Place)
    assert place.node


def test_numbers_flows_and_variables_are_asked_the_same_way(visit: Visit) -> None:
    flow = Target("flow", visit.id_of("flow", "Messagerie de nuit"))
    visit.page.show_used(flow)
    hows = {(each.type, each.how) for each in subject(visit, flow).places}
    assert {("flow", How.CALLS), ("number", How.ANSWERS)} <= hows
    number = subject(visit, Target("number", "+33199000100"))
    assert [(each.name, each.how) for each in number.places] == [("Accueil principal", How.ANSWERS)]
    dialled = subject(visit, Target("number", "+33639981470"))
    assert {each.how for each in dialled.places} == {How.CALLS}
    variable = subject(visit, Target("variable", "numero_commande"))
    assert {each.how for each in variable.places} >= {How.SETS, How.READS}


def test_what_a_draft_alone_uses_is_told_apart(visit: Visit) -> None:
    flow = visit.id_of("flow", "Messagerie de nuit")
    queue = visit.id_of("queue", "Atelier")
    node = {"id": "new_queue", "kind": "transfer_queue", "props": {"queue": queue}}
    place = ("draft", "nodes", "new_queue")
    visit.workspace.cache.edit(Edit("flow", flow, (Change(place, node),)))
    visit.page.show_used(Target("queue", queue))

    def drafted() -> list[Place]:
        found = visit.used.subject(Target("queue", queue))
        return [each for each in found.places if not each.is_live] if found is not None else []

    visit.until(lambda: bool(drafted()))
    assert [(each.id, each.node) for each in drafted()] == [(flow, "new_queue")]
    visit.until(lambda: any("brouillon seulement" in each for each in visit.page.used.lines))
    visit.workspace.cache.edit(Edit("flow", flow, (Change(place, was=node),)))
    visit.until(lambda: not drafted())


def test_the_question_is_asked_of_what_is_in_view(visit: Visit) -> None:
    visit.commands.run("everywhere.used")
    panel = visit.page.used
    visit.until(lambda: "Magasin Paris" in panel.title.text() and bool(panel.lines))
    with visit.qtbot.waitSignal(visit.page.subject_wanted):
        panel.open.click()
    panel.field.setText("bordeaux")
    panel.choose(None)
    assert plain(panel.title.text()) == "Choisissez à gauche"


def test_everything_has_a_name_in_both_languages(visit: Visit) -> None:
    visit.look_for("commande", "livraison")
    assert unnamed(visit.page) == []
    visit.page.show_used(Target("prompt", visit.id_of("prompt", "Musique d’attente")))
    visit.until(lambda: bool(visit.page.used.lines))
    assert unnamed(visit.page) == []
    visit.words.language.switch(Tongue.ENGLISH)
    assert visit.page.tabs.tabText(1) == "Used by"
    assert any("uses it" in each for each in visit.page.used.lines)
    visit.words.language.switch(Tongue.FRENCH)


def test_a_long_list_comes_in_parts_and_is_replaced_when_it_is_whole(visit: Visit) -> None:
    panel = visit.page.words
    panel.field.setText("e")
    panel.by.setText("é")
    panel.search()
    seen: list[bool] = []
    panel.tree.ticks_changed.connect(lambda: seen.append(panel.tree.is_ready))
    visit.until(lambda: visit.replacing.found is not None and not visit.replacing.is_judging)
    visit.until(lambda: panel.tree.is_ready)
    found = visit.replacing.found
    assert found is not None
    assert len(panel.tree.lines) == found.count > 150
    assert False in seen
    visit.until(panel.replace.isEnabled)
