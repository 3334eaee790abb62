"""Genesys Cloud Architect: the YAML files that Archy and Terraform export and deploy.

An Architect flow is a tree. Every action, menu, task and state becomes a node; its branches lead
where the call goes on, and what a file says of a step is kept with it.
"""

import re

from cx_desktop.domain.flow.formats import Imported
from cx_desktop.domain.flow.formats.genesys.reader import FORMAT, imported, source_of
from cx_desktop.domain.flow.formats.incoming import File, yaml_of

__all__ = ["FORMAT", "read_file"]

#: Each branch of a tree takes five levels of YAML.
MOST_LEVELS = 300

#: What a tool of Genesys or Terraform replaces, where YAML wants a value or a key.
_VALUE = re.compile(r"(?m)(:[ \t]+|-[ \t]+)(\{\{[^{}\n]*\}\})[ \t]*$")
_WITHIN = re.compile(r"(?m)(:[ \t]+|-[ \t]+)(\{\{[^{}\n]*\}\}[^\n:#\"']*)$")
_KEY = re.compile(r"(?m)^([ \t]*(?:-[ \t]+)?)(\{\{[^{}\n]*\}\})(?=[ \t]*:)")
_DIRECTIVE = re.compile(r"(?m)^[ \t]*(%\{[^{}\n]*\}|\{\{[#/^][^{}\n]*\}\})[ \t]*$")


def read_file(file: File) -> tuple[Imported, ...]:
    """The flow of a file, and one for each task that it calls."""
    document = yaml_of(plain_yaml_of(file.text.lstrip("\ufeff")), levels=MOST_LEVELS)
    return tuple(imported(source_of(document, "1:1"), file.notes, file.filename))


def plain_yaml_of(text: str) -> str:
    """The text with its placeholders as texts; line ends stay, so that places are the file's."""
    text = text.replace("\r\n", "\n")
    if "{{" not in text and "%{" not in text:
        return text
    text = _DIRECTIVE.sub("", text)
    text = _KEY.sub(r'\1"\2"', text)
    text = _VALUE.sub(r'\1"\2"', text)
    return _WITHIN.sub(r'\1"\2"', text)
