"""Markers, notes and tags of the recording in hand."""

from cx_desktop.domain.recordings.notes import (
    MOST_TAGS,
    Labels,
    Note,
    Visibility,
    labels_id,
    tag_of,
)
from cx_desktop.models.recordings.reviewed import Reviewed


class Notebook:
    """What reviewers write beside the form."""

    def __init__(self, review: Reviewed) -> None:
        self._review = review

    @property
    def notes(self) -> tuple[Note, ...]:
        """Markers in the order of the sound, then notes in the order of their making."""
        notes = [each for each in self._review.said if isinstance(each, Note)]
        return tuple(sorted(notes, key=lambda e: (e.at_ms is None, e.at_ms or 0, e.id)))

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of the recording."""
        labels = self._labels
        return () if labels is None else labels.names

    def add_note(self, text: str, *, at_ms: int | None = None, is_private: bool = False) -> str:
        """Say something of the recording, or of a place in it; the note's id."""
        visibility = Visibility.PRIVATE if is_private else Visibility.SHARED
        return self._review.write("note", text=text, at_ms=at_ms, visibility=visibility.value)

    def mark(self, text: str = "", *, is_private: bool = False) -> str:
        """Put a marker where the sound is now."""
        playhead = self._review.playhead
        at_ms = 0 if playhead is None else max(0, round(playhead.place * 1000))
        return self.add_note(text, at_ms=at_ms, is_private=is_private)

    def reword(self, note_id: str, text: str) -> None:
        """Change what a note of mine says."""
        self._review.change("note", note_id, (("text",), text))

    def share(self, note_id: str) -> None:
        """Let others see a note; there is no way back, since they may have read it."""
        self._review.change("note", note_id, (("visibility",), Visibility.SHARED.value))

    def take_back(self, kind: str, said_id: str) -> None:
        """Remove what I said."""
        self._review.change(kind, said_id, (("removed",), True))

    def tag(self, text: str) -> None:
        """Add a tag."""
        name, labels = tag_of(text), self._labels
        if not name or self._review.subject is None or len(self.tags) >= MOST_TAGS:
            return
        if labels is None:
            self._review.write(
                "labels", said_id=labels_id(self._review.subject.id), tags={name: True}
            )
        else:
            self._review.change("labels", labels.id, (("tags", name), True))

    def untag(self, name: str) -> None:
        """Take a tag away."""
        if self._labels is not None:
            self._review.change("labels", self._labels.id, (("tags", name), False))

    @property
    def _labels(self) -> Labels | None:
        return next((each for each in self._review.said if isinstance(each, Labels)), None)
