"""The session API: sign-in, refresh, step-up, and who I am."""

from litestar import Response
from litestar.enums import HttpMethod

from cx_desktop import __version__
from cx_desktop.domain.access import StepUpClass, Verb
from cx_desktop.protocol import (
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
from cx_desktop.service.audit.chain import Deed, record
from cx_desktop.service.call import Asked, answer, nothing
from cx_desktop.service.contract import endpoint
from cx_desktop.service.problems import Refusal
from cx_desktop.service.sessions import (
    codes,
    devices,
    invitations,
    people,
    sign_in,
    step_up,
    tokens,
)
from cx_desktop.service.shapes import RecoveryCodes


@endpoint(HttpMethod.GET, "/v1/server", verb=None, answer=ServerFacts)
def server_facts(call: Asked) -> Response[bytes]:
    """What this server is, for anyone who is about to sign in."""
    config = call.service.config
    return answer(
        ServerFacts(
            name=config.name,
            version=__version__,
            is_demo=config.is_demo,
            server_time=config.clock.now(),
            signing_key=call.service.keys.public_key,
        )
    )


@endpoint(
    HttpMethod.POST,
    "/v1/sessions",
    verb=None,
    body=SignInRequest,
    answer=Challenge,
    status=201,
    problems=(
        "wrong-password",
        "locked-out",
        "device-revoked",
    ),
)
def begin(call: Asked) -> Response[bytes]:
    """First factor: name and password."""
    request = call.body(SignInRequest)
    devices.refuse_malformed(request.device)
    return answer(sign_in.begin(call.service, request, call.address), status=201)


@endpoint(
    HttpMethod.POST,
    "/v1/sessions/{challenge_id}/verify",
    verb=None,
    body=Verification,
    answer=SignedIn,
    problems=(
        "wrong-code",
        "code-reused",
        "clock-off",
        "challenge-expired",
        "locked-out",
        "device-revoked",
    ),
)
def verify(call: Asked) -> Response[bytes]:
    """Second factor: a code, or a recovery code; the first code ever enrols."""
    given = call.body(Verification)
    return answer(sign_in.verify(call.service, call.path["challenge_id"], given, call.address))


@endpoint(
    HttpMethod.POST,
    "/v1/sessions/refresh",
    verb=None,
    body=RefreshRequest,
    answer=Tokens,
    problems=(
        "token-invalid",
        "token-reused",
        "device-revoked",
    ),
)
def refresh(call: Asked) -> Response[bytes]:
    """New tokens for a refresh token that was not used yet, signed by its device."""
    return answer(tokens.refresh(call.service, call.body(RefreshRequest)))


@endpoint(HttpMethod.DELETE, "/v1/sessions/current", verb=Verb.SESSION_OWN, status=204)
def sign_out(call: Asked) -> Response[bytes]:
    """End this session; its tokens are void at once."""
    actor = call.actor
    with call.service.store.write() as txn:
        tokens.close_session(txn, actor.session_id, "signed-out")
        record(txn, Deed(who_id=actor.user_id, who_name=actor.name, verb="session.closed"))
    return nothing()


@endpoint(
    HttpMethod.POST,
    "/v1/invitations",
    verb=None,
    body=Invitation,
    answer=Person,
    status=201,
    problems=(
        "invitation-used",
        "weak-password",
        "username-taken",
    ),
)
def accept_invitation(call: Asked) -> Response[bytes]:
    """Turn a one-time invitation into a user."""
    return answer(invitations.accept(call.service, call.body(Invitation)), status=201)


@endpoint(HttpMethod.GET, "/v1/me", verb=Verb.SESSION_OWN, answer=User)
def me(call: Asked) -> Response[bytes]:
    """The signed-in user."""
    with call.service.store.read() as connection:
        account = people.by_id(connection, call.actor.user_id)
        if account is None:
            raise Refusal("token-invalid")
        organisation = call.service.organisation(connection)
        return answer(people.user_of(connection, account, organisation))


@endpoint(
    HttpMethod.POST,
    "/v1/me/recovery-codes",
    verb=Verb.SESSION_OWN,
    answer=RecoveryCodes,
    problems=("step-up-required",),
)
def recovery_codes(call: Asked) -> Response[bytes]:
    """Ten new recovery codes; the older ones are void. Needs the step-up ``factor-reset``."""
    actor, service = call.actor, call.service
    with service.store.write() as txn:
        tokens.still(txn, actor)
        step_up.require_step_up(txn, actor, StepUpClass.FACTOR_RESET)
        fresh = codes.new_recovery_codes(txn, service.keys, actor.user_id)
        record(txn, Deed(who_id=actor.user_id, who_name=actor.name, verb="factor.recovery-codes"))
    return answer(RecoveryCodes(recovery_codes=fresh))


@endpoint(
    HttpMethod.POST,
    "/v1/step-up",
    verb=Verb.SESSION_OWN,
    body=StepUp,
    answer=SteppedUp,
    problems=(
        "wrong-code",
        "code-reused",
        "clock-off",
        "locked-out",
    ),
)
def step_up_now(call: Asked) -> Response[bytes]:
    """A fresh code for one class of verbs."""
    return answer(step_up.step_up(call.service, call.actor, call.body(StepUp), call.address))


ROUTES = (
    server_facts,
    begin,
    verify,
    refresh,
    sign_out,
    accept_invitation,
    me,
    recovery_codes,
    step_up_now,
)
