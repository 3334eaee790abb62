"""Signing in: two factors, devices, tokens, leases, and what a user may do."""

from datetime import datetime

from msgspec import Struct

from cx_desktop.domain.redacted import Redacted


class ServerFacts(Struct, frozen=True):
    """What a server tells anyone (``GET /v1/server``)."""

    name: str
    version: str
    is_demo: bool
    server_time: datetime
    signing_key: str
    """Ed25519 public key (base64) of leases, directives and audit heads."""


class DeviceFacts(Struct, frozen=True, omit_defaults=True):
    """The computer that signs in; ``id`` is empty the first time."""

    name: str
    public_key: str
    """Ed25519 public key (base64) whose private half lies in the keyring."""
    id: str = ""


class SignInRequest(Redacted, frozen=True):
    """``POST /v1/sessions``: the first factor."""

    username: str
    password: str
    device: DeviceFacts


class Enrolment(Redacted, frozen=True):
    """A fresh TOTP secret (RFC 6238: SHA-1, 6 digits, 30 s) and its ``otpauth`` URI."""

    secret: str
    uri: str


class Challenge(Struct, frozen=True, omit_defaults=True):
    """The password was right; now the second factor, by ``POST /v1/sessions/{id}/verify``."""

    id: str
    expires_at: datetime
    enrolment: Enrolment | None = None
    """Given when the user has no authenticator yet: the first code verified enrols it."""


class Verification(Redacted, frozen=True, omit_defaults=True):
    """The second factor: six digits, or one recovery code."""

    code: str = ""
    recovery_code: str = ""


class Person(Struct, frozen=True):
    """A user as others see them."""

    id: str
    name: str


class Grant(Struct, frozen=True):
    """A role in one project, or in all of the organisation (``project_id`` None)."""

    role: str
    project_id: str | None = None


class User(Struct, frozen=True, omit_defaults=True):
    """The signed-in user, with what they may do."""

    id: str
    username: str
    name: str
    language: str
    organisation: str
    grants: tuple[Grant, ...] = ()
    recovery_codes_left: int = 0


class Tokens(Redacted, frozen=True):
    """A 10-minute access token, and the refresh token that may be used once."""

    access_token: str
    expires_at: datetime
    refresh_token: str


class SignedIn(Redacted, frozen=True, omit_defaults=True):
    """Both factors held."""

    tokens: Tokens
    user: User
    device_id: str
    lease: str
    """A signed ``Lease``, see ``Signed``."""
    vault_key: str
    """The user's service key (base64, 32 bytes) for the vault's second wrap."""
    recovery_codes: tuple[str, ...] = ()
    """Ten codes, present once: right after enrolment."""


class RefreshRequest(Redacted, frozen=True):
    """``POST /v1/sessions/refresh``, signed by the device key over ``refresh_token``."""

    refresh_token: str
    device_id: str
    signature: str


class Lease(Struct, frozen=True):
    """Leave to work offline: the service's signed word, checked on the floor clock."""

    user_id: str
    username: str
    device_id: str
    not_before: datetime
    not_after: datetime
    grants: tuple[Grant, ...]
    policy_version: int


class Invitation(Redacted, frozen=True):
    """``POST /v1/invitations``: a one-time token becomes a user with a password."""

    token: str
    username: str
    name: str
    password: str


class StepUp(Redacted, frozen=True):
    """``POST /v1/step-up``: a fresh code for one class of verbs, held 10 minutes."""

    code: str
    verb: str


class SteppedUp(Struct, frozen=True):
    """Until when the step-up holds."""

    verb: str
    until: datetime


class Capability(Struct, frozen=True, omit_defaults=True):
    """Whether a verb can be used: yes, read-only, on-request or no, with a reason by key."""

    answer: str
    reason: str = ""


class ProjectCapabilities(Struct, frozen=True):
    """What one project has subscribed, and the state of its contract."""

    project_id: str
    state: str
    """``active``, ``suspended`` or ``traffic-cut``."""
    features: tuple[str, ...]
    verbs: dict[str, Capability]


class Capabilities(Struct, frozen=True):
    """``GET /v1/capabilities``: what this provider, for this user, can do."""

    api: str
    provider: str
    verbs: dict[str, Capability]
    projects: tuple[ProjectCapabilities, ...]
