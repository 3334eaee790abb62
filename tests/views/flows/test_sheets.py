"""Pictures and documents of flows, made without a window."""

import pytest
from defusedxml.ElementTree import fromstring
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from cx_desktop.app.sheets import drawn
from cx_desktop.domain.flow.formats import Imported
from cx_desktop.domain.flow.formats.detect import read_any
from cx_desktop.domain.flow.graph import Flow, Node, NodeId
from cx_desktop.settings import resources
from cx_desktop.text import Language

DEMO = resources() / "demo" / "flows" / "fr" / "accueil-principal.yaml"


@pytest.fixture(autouse=True)
def screen(qapp: QApplication) -> QApplication:
    return qapp


def home() -> Imported:
    return read_any(DEMO.read_bytes(), DEMO.stem)


def test_a_picture_as_svg_names_steps_and_exits() -> None:
    root = fromstring(drawn(home(), "svg", Language.FRENCH))
    said = {"".join(each.itertext()).strip() for each in root.iter()}
    assert {"Bienvenue", "Menu principal", "sans réponse"} <= said
    assert root.get("viewBox", "").startswith("0 0 ")


def test_a_picture_in_pixels_is_sharp_and_on_white() -> None:
    image = QImage.fromData(drawn(home(), "png", Language.ENGLISH))
    assert image.width() > 2000
    assert image.pixelColor(0, 0).name() == "#ffffff"


def test_a_document_has_pages_for_the_picture_and_the_words() -> None:
    data = drawn(home(), "pdf", Language.FRENCH)
    assert data.startswith(b"%PDF-")
    assert data.count(b"/Type /Page\n") + data.count(b"/Type /Page ") >= 3


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_a_flow_of_nothing_or_of_one_step_can_be_drawn(kind: str) -> None:
    one = Flow(nodes={NodeId("a"): Node(NodeId("a"), "foreign")})
    for flow in (Flow(), one):
        assert drawn(Imported(flow, "cx", "Empty & <small>"), kind, Language.ENGLISH)


def test_a_picture_is_never_larger_than_can_be_shown() -> None:
    far = Flow(
        nodes={
            NodeId(name): Node(NodeId(name), "play", x=at * 90_000.0)
            for at, name in enumerate(("a", "b"))
        }
    )
    image = QImage.fromData(drawn(Imported(far, "cx", "Far"), "png", Language.ENGLISH))
    assert image.width() <= 12_000
