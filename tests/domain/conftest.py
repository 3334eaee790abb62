"""Properties of the domain are not judged by the clock: the machine may be busy."""

from hypothesis import settings

settings.register_profile("domain", deadline=None)
settings.load_profile("domain")
