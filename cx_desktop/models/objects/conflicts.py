"""Edits of one object that the service did not take because somebody else wrote there first.

What comes together with theirs was brought together already; what is left here are contradictions,
decided one by one. Each choice is saved as it is made, and can be taken back.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from msgspec import UNSET, Struct
from PySide6.QtCore import QObject, Signal

from cx_desktop.cache import Arisen, Cache, Changed, Choice, Conflict, Decided, Keep, KeptPart
from cx_desktop.client.errors import ServiceProblem
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.merging import removal, standing
from cx_desktop.domain.objects import Target
from cx_desktop.domain.patch import Change, Document, Json, Path, apply, read, same
from cx_desktop.models.cache_news import CacheNews
from cx_desktop.models.latest import Latest
from cx_desktop.models.objects.facts import object_facts
from cx_desktop.protocol import Problem
from cx_desktop.tasks import Tasks

#: Free text, of which both may stand one after the other.
_FREE = frozenset({"text", "description", "purpose"})


class Place(Struct, frozen=True):
    """One place that holds something else here than on the service."""

    path: Path
    mine: Json
    theirs: Json
    base: Json = UNSET
    who: str = ""
    when: datetime | None = None
    """When they wrote it."""
    kept: KeptPart | None = None
    """Of a part that one removed while the other changed or needed it."""

    @property
    def inside(self) -> Path:
        """The place in the draft, or the name of the field beside it."""
        return self.path[1:] if self.path[0] == "draft" else self.path

    @property
    def node(self) -> str | None:
        """The step it is in, if it is in one."""
        inside = self.inside
        return inside[1] if len(inside) > 1 and inside[0] in {"nodes", "links"} else None

    @property
    def both(self) -> str | None:
        """Both versions of a free text, one after the other."""
        mine, theirs = self.mine, self.theirs
        is_free = self.kept is None and self.path[-1] in _FREE
        if not (is_free and isinstance(mine, str) and isinstance(theirs, str)):
            return None
        return f"{theirs}\n{mine}" if mine.strip() and theirs.strip() else None


class Dispute(Struct, frozen=True):
    """An edit to decide: the places where both wrote, and who the other one is."""

    op_id: str
    places: tuple[Place, ...]
    who: str
    refused: str
    """The problem's name where the service refused the edit for another reason."""
    problem: Problem | None = None

    @property
    def error(self) -> CXError | None:
        """That reason, for which the catalogue has words."""
        return ServiceProblem(self.problem) if self.problem is not None else None


class _Look(Struct, frozen=True):
    """What there is to decide, and what a merge broke."""

    disputes: tuple[Dispute, ...] = ()
    arisen: tuple[Arisen, ...] = ()
    mine: Document = {}
    theirs: Document = {}


class Conflicts(QObject):
    """The open disputes of one object, and how they are decided."""

    changed = Signal()
    settled = Signal(int)  # so many places were decided at once
    failed = Signal(object)  # CXError

    def __init__(
        self, target: Target, *, cache: Cache, tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._target = target
        self._cache = cache
        self._tasks = tasks
        self._look = _Look()
        self._latest = Latest(tasks, self._read, done=self._show, failed=self.failed.emit)
        self._made: list[Decided] = []
        self._news = CacheNews(cache, parent=self)
        self._news.committed.connect(self._on_committed)

    @property
    def disputes(self) -> tuple[Dispute, ...]:
        """What there is to decide, the oldest first."""
        return self._look.disputes

    @property
    def arisen(self) -> tuple[Arisen, ...]:
        """What is wrong only since edits came together."""
        return self._look.arisen

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place where both versions can be seen, and one is to be chosen."""
        return tuple(at for each in self.disputes if not each.refused for at in each.places)

    @property
    def sides(self) -> tuple[Document, Document]:
        """The object with mine, and with theirs, at every open place."""
        return self._look.mine, self._look.theirs

    @property
    def can_undo(self) -> bool:
        """Whether there is a choice to take back."""
        return bool(self._made)

    def load(self) -> None:
        """Look which disputes there are."""
        self._latest.ask()

    def resolve(self, op_id: str, keep: Keep) -> None:
        """Offer all of *mine* again, or take *theirs*."""
        open_ones = next((each for each in self.disputes if each.op_id == op_id), None)
        if open_ones is not None and not open_ones.refused:
            self.choose(open_ones.places, keep)
            return
        self._run(lambda: self._cache.resolve(op_id, keep))

    def choose(self, places: Iterable[Place], keep: Keep) -> None:
        """Decide these places one way."""
        self._decide([Choice(each.path, keep) for each in places])

    def choose_both(self, place: Place) -> None:
        """Let both versions of a free text stand."""
        if place.both is not None:
            self._decide([Choice(place.path, "both", place.both)])

    def undo(self) -> None:
        """Take the last choice back: both versions are open again."""
        if self._made:
            decided = self._made.pop()
            self._run(lambda: self._cache.deciding.take_back(decided))

    def accept_arisen(self) -> None:
        """What a merge brought about is meant to be so."""
        target = self._target
        self._run(lambda: self._cache.deciding.forget_arisen(target.type, target.id))

    def close(self) -> None:
        """Stop following the cache."""
        self._news.close()

    def _decide(self, choices: list[Choice]) -> None:
        paths = {each.path for each in choices}
        op_ids = [each.op_id for each in self.disputes if paths & {at.path for at in each.places}]

        def decide() -> list[Decided]:
            made = (self._cache.deciding.decide(op_id, choices) for op_id in op_ids)
            return [each for each in made if each is not None]

        def done(made: list[Decided]) -> None:
            self._made += made
            self.load()
            self.settled.emit(len(choices))

        self._tasks.run(decide, done=done, failed=self.failed.emit)

    def _run(self, work: Callable[[], None]) -> None:
        self._tasks.run(work, done=lambda _none: self.load(), failed=self.failed.emit)

    def _read(self) -> _Look:
        target = self._target
        conflicts = [each for each in self._cache.conflicts() if each.id == target.id]
        row = self._cache.row(target.type, target.id)
        data = row.data if row is not None else {}
        mine, theirs = data, data
        for each in conflicts:
            mine, theirs = _with_mine(mine, each), _with_theirs(theirs, each)
        found = self._cache.deciding.arisen(target.id)
        still = standing(target.type, data, (each.finding for each in found))
        return _Look(
            disputes=tuple(_dispute(each) for each in conflicts),
            arisen=tuple(each for each in found if each.finding in still),
            mine=mine,
            theirs=theirs,
        )

    def _show(self, look: _Look) -> None:
        if look != self._look:
            self._look = look
            self.changed.emit()

    def _on_committed(self, changed: Changed) -> None:
        is_open = bool(self.disputes or self.arisen)
        if self._target.id in changed.ids and (changed.origin == "remote" or is_open):
            self.load()


def _with_mine(document: Document, conflict: Conflict) -> Document:
    """An object with my version of a conflict."""
    document = apply(document, conflict.changes if conflict.theirs is not None else ())
    for part in conflict.kept:
        if part.is_mine_removed and read(document, part.path) is not UNSET:
            document = apply(document, removal(document, part.path))
    return document


def _with_theirs(document: Document, conflict: Conflict) -> Document:
    """An object with their version of a conflict."""
    theirs = _now(conflict)
    if not theirs:
        return document
    own = [Change(each.path, read(theirs, each.path)) for each in conflict.changes]
    document = apply(document, own)
    for part in conflict.kept:
        if not part.is_mine_removed and read(document, part.path) is not UNSET:
            document = apply(document, removal(document, part.path))
    return document


def _now(conflict: Conflict) -> Document:
    return conflict.now or conflict.theirs or {}


def _dispute(conflict: Conflict) -> Dispute:
    author = object_facts(conflict.theirs).updated_by if conflict.theirs else None
    return Dispute(
        op_id=conflict.op_id,
        places=tuple(_places(conflict)),
        who=author.name if author else "",
        refused=_refused(conflict),
        problem=conflict.problem,
    )


def _refused(conflict: Conflict) -> str:
    if conflict.problem is not None:
        return conflict.problem.name
    return "" if conflict.theirs is not None else "conflict"


def _places(conflict: Conflict) -> Iterator[Place]:
    now, then = _now(conflict), conflict.theirs or {}
    for each in conflict.changes:
        theirs = read(now, each.path)
        facts = object_facts(then if same(theirs, read(then, each.path)) else now) if then else None
        yield Place(
            path=each.path,
            mine=each.value,
            theirs=theirs,
            base=each.was,
            who=facts.updated_by.name if facts is not None and facts.updated_by else "",
            when=facts.updated_at if facts is not None else None,
        )
    facts = object_facts(then) if then else None
    for part in conflict.kept:
        yield Place(
            path=part.path,
            mine=UNSET if part.is_mine_removed else part.value,
            theirs=part.value if part.is_mine_removed else UNSET,
            base=part.base,
            who=facts.updated_by.name if facts is not None and facts.updated_by else "",
            when=facts.updated_at if facts is not None else None,
            kept=part,
        )
