"""A step that asks the caller: what it says at each try, how long it listens, what a try costs."""

from msgspec import Struct

from cx_desktop.domain.flow.behaviour.attempts import Fault, Faults, Limits
from cx_desktop.domain.flow.behaviour.move import Cost, Prompt
from cx_desktop.domain.flow.behaviour.speech import says_something
from cx_desktop.domain.flow.behaviour.step import Step
from cx_desktop.domain.flow.behaviour.stimuli import Silence, Stimulus


class Typing(Struct, frozen=True):
    """What an answer takes once it has begun: at most so many keys and so many seconds."""

    least_keys: int = 1
    most_keys: int = 1
    most_seconds: float = 0.0
    least_seconds: float = 0.0


class Listening(Struct, frozen=True):
    """How a step asks and listens."""

    prompts: tuple[Prompt, ...]
    """What is said at each try; the last one also at all that follow."""
    lengths: tuple[float, ...]
    patience: float
    """How long it waits for the first key, or for speech."""
    barge_in: bool
    """Whether the caller may answer before the prompt ends."""

    def prompt_at(self, attempt: int) -> Prompt:
        """What is said at a try; the first one is 0."""
        return self.prompts[min(attempt, len(self.prompts) - 1)]

    def lasts_at(self, attempt: int) -> float:
        """How long that is."""
        return self.lengths[min(attempt, len(self.lengths) - 1)]

    def heard_at(self, attempt: int) -> float:
        """How much of it is heard at least, by who answers."""
        return 0.0 if self.barge_in else self.lasts_at(attempt)

    def window_at(self, attempt: int) -> float:
        """The last moment at which an answer can begin."""
        return self.lasts_at(attempt) + self.patience

    def said(self, attempts: int) -> tuple[Prompt, ...]:
        """What is said in so many tries; silent prompts are left out."""
        said = (self.prompt_at(each) for each in range(attempts))
        return tuple(each for each in said if says_something(each))

    def least(self, faults: Faults, typing: Typing, success: Typing | None = None) -> Cost:
        """No call fails so often and then succeeds (or not) at less than this."""
        few = faults.least.silences
        attempts = max(len(faults.shortest), faults.least.count) + (success is not None)
        silent = sorted(self.lasts_at(each) for each in range(attempts + faults.most.count))[:few]
        heard = sum(silent) if self.barge_in else self._sum(attempts)
        invalids = faults.least.invalids
        seconds = heard + few * self.patience + invalids * typing.least_seconds
        keys = invalids * typing.least_keys
        if success is not None:
            return Cost(1, seconds + success.least_seconds, keys + success.least_keys)
        return Cost(1, seconds, keys)

    def most(self, faults: Faults, typing: Typing, success: Typing | None = None) -> Cost:
        """No call that fails so often and then succeeds (or not) costs more than this."""
        attempts = len(faults.longest) + (success is not None)
        invalids = faults.most.invalids
        seconds = self._sum(attempts) + attempts * self.patience + invalids * typing.most_seconds
        keys = invalids * typing.most_keys
        if success is not None:
            return Cost(1, seconds + success.most_seconds, keys + success.most_keys)
        return Cost(1, seconds, keys)

    def _sum(self, attempts: int) -> float:
        return sum(self.lasts_at(each) for each in range(attempts))


def listening_of(step: Step, patience: str = "first_digit_timeout") -> Listening:
    """How a menu or a collection listens."""
    prompts = (step.prompt(), *step.prompts("retry_prompts"))
    return Listening(
        prompts=prompts,
        lengths=tuple(step.lasts(each) for each in prompts),
        patience=step.number(patience),
        barge_in=step.is_on("barge_in"),
    )


def asks_at(step: Step, attempt: int) -> Prompt:
    """What a step that asks again says at a try; ``None`` for other steps."""
    asks = step.kind.id in ("menu", "collect")
    return listening_of(step).prompt_at(attempt) if asks else None


def limits_of(step: Step, *, can_be_silent: bool = True, can_be_invalid: bool = True) -> Limits:
    """How often a menu or a collection asks again."""
    return Limits(
        step.whole("max_no_input"),
        step.whole("max_invalid"),
        step.whole("max_tries"),
        can_be_silent,
        can_be_invalid,
    )


def script(faults: tuple[Fault, ...], invalid: tuple[Stimulus, ...]) -> tuple[Stimulus, ...]:
    """What the caller does to fail so."""
    steps: list[Stimulus] = []
    for each in faults:
        steps.extend((Silence(),) if each is Fault.SILENCE else invalid)
    return tuple(steps)
