"""What the rules say of a sound before it is taken."""

from cx_desktop.domain.finding import Finding
from cx_desktop.domain.prompts import Prompt, Spoken, findings
from cx_desktop.models.prompts.sounds import Brought, audio_of

_ANY = "fr-FR"


def verdicts(brought: Brought) -> tuple[Finding, ...]:
    """What would be said of a prompt with this sound."""
    audio = audio_of(brought, "", "0" * 64)
    return findings(Prompt(languages={_ANY: Spoken(audio=audio)}))
