"""Formats are told apart by what a file says, whatever it is called and however it is encoded."""

import pytest

from cx_desktop.domain.flow.formats import Unreadable
from cx_desktop.domain.flow.formats.detect import FORMATS, format_of, read_any
from cx_desktop.domain.flow.formats.incoming import text_of
from tests.domain.formats.samples import DATA, OWN, Sample, real

OTHER = {
    "hello.vxml": "voicexml",
    "extensions.conf": "asterisk",
    "dialplan.xml": "freeswitch-dialplan",
    "ivr.xml": "freeswitch-ivr",
    "flow.yaml": "genesys-architect",
    "Main.flow": "3cx-cfd",
    "studio.json": "twilio-studio",
    "studio.tftpl": "twilio-studio",
}
CONNECT = {
    "language.json": "connect-flowlang",
    "legacy": "connect-legacy",
    "western.json": "connect-flowlang",
    "wrapped.json": "connect-flowlang",
    "template.yaml": "connect-flowlang",
    "terraform.tftpl": "connect-flowlang",
}


@pytest.mark.parametrize("name", OTHER)
def test_another_products_flow_is_recognised_by_what_it_says(name: str) -> None:
    assert format_of(text_of((DATA / "other" / name).read_bytes()).text) == OTHER[name]


@pytest.mark.parametrize("name", OTHER)
def test_another_products_flow_is_read(name: str) -> None:
    assert read_any((DATA / "other" / name).read_bytes()).format == OTHER[name]


@pytest.mark.parametrize("name", CONNECT)
def test_each_form_of_a_connect_flow_is_recognised(name: str) -> None:
    assert read_any((OWN / name).read_bytes()).format == CONNECT[name]


@pytest.mark.parametrize("sample", real(), ids=lambda sample: sample.path.name)
def test_every_file_of_the_corpus_is_recognised(sample: Sample) -> None:
    assert format_of(text_of(sample.path.read_bytes()).text) == sample.format


def test_the_corpus_has_no_format_that_we_cannot_name() -> None:
    if not real():
        pytest.skip("The corpus of real files (../shared/corpus) is not there.")
    assert {sample.format for sample in real()} <= set(FORMATS)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encoding_does_not_matter(encoding: str) -> None:
    text = (OWN / "language.json").read_text(encoding="utf-8").replace("\n", "\r\n")
    assert len(read_any(text.encode(encoding)).flow.nodes) == 30


@pytest.mark.parametrize("text", ["hello", "[1, 2]", "{}", '"a"', "<html></html>", "a: b\n"])
def test_what_is_no_flow_is_refused_as_such(text: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_any(text.encode())
    assert refusal.value.key == "problem.import-unknown-format"
