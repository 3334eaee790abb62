"""The audit chain for those who may read it."""

from litestar import Response
from litestar.enums import HttpMethod

from cx_desktop.domain.access import Verb
from cx_desktop.service.audit import chain, heads
from cx_desktop.service.call import Asked, answer
from cx_desktop.service.contract import endpoint
from cx_desktop.service.shapes import AuditHeads, AuditPage, AuditQuery


@endpoint(HttpMethod.GET, "/v1/audit", verb=Verb.AUDIT_READ, query=AuditQuery, answer=AuditPage)
def audit_rows(call: Asked) -> Response[bytes]:
    """Who did what; of the projects the user audits, or of everything."""
    query = call.query(AuditQuery)
    scope = call.actor.scope(Verb.AUDIT_READ)
    call.looked(Verb.AUDIT_READ)
    with call.service.store.read() as connection:
        found = chain.rows(connection, after=query.after, limit=query.limit + 1, project_ids=scope)
    page = found[: query.limit]
    return answer(
        AuditPage(
            rows=page,
            next=page[-1].n if page else query.after,
            has_more=len(found) > query.limit,
        )
    )


@endpoint(HttpMethod.GET, "/v1/audit/heads", verb=Verb.AUDIT_READ, answer=AuditHeads)
def audit_heads(call: Asked) -> Response[bytes]:
    """The signed heads of the days that are over."""
    with call.service.store.write() as txn:
        heads.sign_closed_days(txn, call.service.keys)
        found = heads.heads(txn.connection)
    return answer(AuditHeads(heads=found, signing_key=call.service.keys.public_key))


ROUTES = (audit_rows, audit_heads)
