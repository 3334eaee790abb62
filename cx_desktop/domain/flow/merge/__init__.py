"""Three-way merge of flows: base, mine and theirs, atom by atom (``sync.md`` 2.4)."""

from cx_desktop.domain.flow.merge.atoms import Shape
from cx_desktop.domain.flow.merge.merging import merge
from cx_desktop.domain.flow.merge.outcome import Dispute, Kept, Merged, Side

__all__ = ["Dispute", "Kept", "Merged", "Shape", "Side", "merge"]
