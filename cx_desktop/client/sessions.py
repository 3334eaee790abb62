"""What is asked about sessions: signing in, stepping up, who one is and what one may do."""

from cx_desktop.client.exchange import Exchange
from cx_desktop.protocol import (
    Capabilities,
    Challenge,
    Invitation,
    Person,
    RefreshRequest,
    ServerFacts,
    SignedIn,
    SignInRequest,
    SteppedUp,
    StepUp,
    Tokens,
    User,
    Verification,
)


class SessionCalls:
    """The session API. The calls that need no session go through ``open_door``."""

    def __init__(self, exchange: Exchange, open_door: Exchange) -> None:
        self._exchange = exchange
        self._open_door = open_door

    def server_facts(self) -> ServerFacts:
        """What the server tells anyone."""
        return self._open_door.ask("GET", "/server", ServerFacts)

    def sign_in(self, request: SignInRequest) -> Challenge:
        """The first factor."""
        return self._open_door.ask("POST", "/sessions", Challenge, body=request)

    def verify(self, challenge_id: str, verification: Verification) -> SignedIn:
        """The second factor."""
        path = f"/sessions/{challenge_id}/verify"
        return self._open_door.ask("POST", path, SignedIn, body=verification)

    def refresh(self, request: RefreshRequest) -> Tokens:
        """The next pair of tokens; the bearer does this by itself."""
        return self._open_door.ask("POST", "/sessions/refresh", Tokens, body=request)

    def accept_invitation(self, invitation: Invitation) -> Person:
        """A one-time invitation becomes a user."""
        return self._open_door.ask("POST", "/invitations", Person, body=invitation)

    def sign_out(self) -> None:
        """End this session on the service."""
        self._exchange.ask("DELETE", "/sessions/current", type(None))

    def me(self) -> User:
        """The signed-in user as they are now."""
        return self._exchange.ask("GET", "/me", User)

    def step_up(self, request: StepUp) -> SteppedUp:
        """A fresh code for one class of verbs."""
        return self._exchange.ask("POST", "/step-up", SteppedUp, body=request)

    def capabilities(self) -> Capabilities:
        """What this provider, for this user, can do."""
        return self._exchange.ask("GET", "/capabilities", Capabilities)
