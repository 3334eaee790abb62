"""What a page of the shell is."""

from PySide6.QtWidgets import QWidget


class Page(QWidget):
    """One page: the navigation lists it by ``title_key`` and ``icon``, in the order of ``order``.

    ``help_key`` names its page of help (F1): ``<help_key>.title`` and ``<help_key>.text``.
    """

    id = ""
    title_key = ""
    icon = ""
    order = 100
    help_key = ""

    def activated(self) -> None:
        """It came into view: take the focus, look whether something is new."""
        self.setFocus()

    def close_page(self) -> None:
        """The workspace is about to close: save what was typed last, take the verbs away."""
