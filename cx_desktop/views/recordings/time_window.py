"""Which part of a recording is drawn."""

#: No closer than so many seconds over the whole width.
CLOSEST = 2.0


class TimeWindow:
    """A piece of time of a recording: all of it, or closer."""

    def __init__(self) -> None:
        self.start = 0.0
        self.end = 1.0
        self.whole = 1.0

    @property
    def is_whole(self) -> bool:
        """Whether nothing lies out of sight."""
        return self.end - self.start >= self.whole - 1e-9

    def show(self, whole: float) -> None:
        """The recording has another length; one that was seen whole stays so."""
        was_whole = self.is_whole
        self.whole = max(whole, 0.001)
        if was_whole or self.start >= self.whole:
            self.start, self.end = 0.0, self.whole
        else:
            self._put(self.start, self.end - self.start)

    def show_all(self) -> None:
        """See all of it."""
        self.start, self.end = 0.0, self.whole

    def zoom(self, factor: float, around: float) -> None:
        """See so many times closer; what lies at a second stays where it is drawn."""
        span = self.end - self.start
        wanted = max(min(CLOSEST, self.whole), min(self.whole, span / factor))
        share = (around - self.start) / span
        self._put(around - share * wanted, wanted)

    def scroll(self, share: float) -> None:
        """Look so much of what is seen further on."""
        span = self.end - self.start
        self._put(self.start + share * span, span)

    def follow(self, place: float) -> None:
        """Turn the page when a place goes out of sight."""
        span = self.end - self.start
        if not self.start <= place <= self.end:
            self._put(place - span * 0.1, span)

    def x_of(self, at: float, width: float) -> float:
        """Where a second is drawn."""
        return (at - self.start) / (self.end - self.start) * width

    def at(self, x: float, width: float) -> float:
        """Which second is drawn there."""
        share = x / max(1.0, width)
        return self.start + max(0.0, min(1.0, share)) * (self.end - self.start)

    def _put(self, start: float, span: float) -> None:
        self.start = max(0.0, min(start, self.whole - span))
        self.end = self.start + span
