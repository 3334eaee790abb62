"""How times, speakers and manners of listening are put into words, for eyes and for ears."""

from cx_desktop.models.language import Language
from cx_desktop.models.recordings.player import Player, Voices

_MINUTE, _HOUR = 60, 3600
_BOTH = 2
_SPEAKERS = ("agent", "caller")


def clock(seconds: float) -> str:
    """« 4:31 », « 1:04:31 »."""
    minutes, rest = divmod(int(seconds), _MINUTE)
    hours, minutes = divmod(minutes, _MINUTE)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def spoken(language: Language, seconds: float) -> str:
    """« 4 min 31 s »: a time as a screen reader says it."""
    minutes, rest = divmod(int(seconds), _MINUTE)
    hours, minutes = divmod(minutes, _MINUTE)
    if hours:
        return language.text("player.time.hours", hours=hours, minutes=minutes, seconds=rest)
    if minutes:
        return language.text("player.time.minutes", minutes=minutes, seconds=rest)
    return language.text("player.time.seconds", seconds=rest)


def place_words(language: Language, player: Player) -> str:
    """« 1 min 23 s sur 4 min 31 s, l’agent parle »."""
    place = language.text(
        "player.time.said",
        time=spoken(language, player.place),
        whole=spoken(language, player.seconds),
    )
    speaker = speaker_words(language, player)
    return f"{place}, {speaker}" if speaker else place


def speaker_words(language: Language, player: Player) -> str:
    """« l’agent parle »; nothing as long as nobody knows."""
    speech, waveform = player.speech, player.waveform
    if speech.talk is None or waveform is None or waveform.sides < _BOTH:
        return ""
    sides = speech.at(player.place)
    who = "nobody" if not sides else "both" if len(sides) > 1 else _SPEAKERS[sides[0]]
    return language.text(f"player.speaks.{who}")


def talk_words(language: Language, player: Player) -> str:
    """« Agent 52 % · appelant 31 % · attente 12 % · … »; nothing for one channel."""
    talk = player.speech.talk
    if talk is None or len(talk.sides) < _BOTH:
        return ""
    shares = {
        "agent": talk.sides[0],
        "caller": talk.sides[1],
        "together": talk.together,
        "hold": talk.hold,
        "silence": talk.silence,
    }
    shown = {name: round(share * 100) for name, share in shares.items()}
    always = ("agent", "caller", "silence")
    words = [
        language.text(f"player.talk.{name}", share=share)
        for name, share in shown.items()
        if share or name in always
    ]
    return " · ".join(words)


def speed_words(language: Language, speed: float) -> str:
    """« 1,25× »."""
    return language.text("player.speed.value", speed=language.number(speed))


def voices_words(language: Language, voices: Voices) -> str:
    """« Agent seul »."""
    return language.text(f"player.voices.{voices.value}")
